//! A search and its marks, decoded once: with keys, and then without what they open.

use domain::{access::Purpose, activity, event::Event, personal::Personal, recorded::Recorded};
use event_log::backend::{Lent, ReadError};

use super::Marker;
use crate::projection::Noted;

impl Marker {
    /// What is read of a search without keys, and what stands for what it asks for; none of what is no search.
    ///
    /// # Errors
    /// When it cannot be read, or cannot be opened.
    pub(crate) fn search(&self, lent: Lent<'_>) -> Result<Option<Noted>, ReadError> {
        let Recorded { stamp, event } = self.log.decode_lent(lent)?;
        let marks = self.asked(&event);
        let Event::Activity(event) = event else { return Ok(None) };
        let recorded = Recorded { stamp, event: Event::Activity(blind(event)) };
        Ok(Some(Noted { recorded, marks }))
    }
}

/// A search as it is read without keys. Each member is named: a new one has to be thought about.
fn blind(event: activity::Event) -> activity::Event {
    use activity::Event::{SearchPerformed, SearchRefused};
    let without = |Purpose { code, text: _ }| Purpose { code, text: Personal::Erased };
    match event {
        SearchPerformed { purpose, terms: _, fields, outcome } => {
            SearchPerformed { purpose: without(purpose), terms: Personal::Erased, fields, outcome }
        }
        SearchRefused { purpose, terms: _, refusals } => {
            SearchRefused { purpose: without(purpose), terms: Personal::Erased, refusals }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{
        access::{Field, Purpose, ReasonCode, Refusal},
        activity::{self, SearchOutcome, Terms},
        personal::Personal,
    };
    use fixtures::people::text;

    use super::blind;

    #[test]
    fn of_a_search_everything_is_left_but_what_is_personal() {
        let code = || ReasonCode::try_from("child-protection".to_owned()).unwrap();
        let [known, erased] = [text("Called by the school"), Personal::Erased]
            .map(|text| Purpose { code: code(), text });
        let terms = Terms { surname: Some("Ashdown".to_owned()), ..Terms::default() };
        let performed = |purpose, terms| activity::Event::SearchPerformed {
            purpose,
            terms,
            fields: [Field::Name].into(),
            outcome: SearchOutcome::TooMany,
        };
        let refusals: BTreeSet<Refusal> = BTreeSet::new();
        let refused = |purpose, terms| activity::Event::SearchRefused {
            purpose,
            terms,
            refusals: refusals.clone(),
        };
        let (of_known, of_erased) = (Personal::Known(terms), Personal::Erased);
        assert_eq!(
            blind(performed(known.clone(), of_known.clone())),
            performed(erased.clone(), of_erased.clone())
        );
        assert_eq!(blind(refused(known, of_known)), refused(erased, of_erased));
    }
}
