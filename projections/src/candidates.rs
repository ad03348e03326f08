//! Which records a search might find, by keyed digests of what a search may ask about.
//!
//! The index only narrows. It may name a record that does not match; it never leaves one out that
//! does. A shielded record has digests of its visible fields only, so that even a wrong decision
//! later on would not find it by a hidden one. The key is random and is gone with the process.

mod digest;

use std::collections::HashMap;

use domain::{
    activity::Terms,
    child::{Child, Detail, Event, Name, Whereabouts},
    identity::ChildRef,
    personal::Personal,
};

use digest::{Digest, Digests};

pub use digest::NoRandomness;

/// What may be asked about, each with postings of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Asked {
    Given,
    Surname,
    DateOfBirth,
    Number,
    Postcode,
    Gender,
}

impl Asked {
    /// Half of all records share a gender: a list of them would narrow nothing.
    const fn has_postings(self) -> bool {
        !matches!(self, Self::Gender)
    }
}

/// The digests of one record.
#[derive(Clone, Debug, Default)]
struct Entry {
    /// Given name and surname; the one in use last, those before it earlier.
    names: Vec<(Digest, Digest)>,
    date_of_birth: Option<Digest>,
    number: Option<Digest>,
    postcode: Option<Digest>,
    gender: Option<Digest>,
    shielded: bool,
}

impl Entry {
    fn all(&self) -> impl Iterator<Item = (Asked, Digest)> {
        let names = self.names.iter();
        names
            .flat_map(|(given, surname)| [(Asked::Given, *given), (Asked::Surname, *surname)])
            .chain(
                [
                    (Asked::DateOfBirth, self.date_of_birth),
                    (Asked::Number, self.number),
                    (Asked::Postcode, self.postcode),
                    (Asked::Gender, self.gender),
                ]
                .into_iter()
                .filter_map(|(asked, digest)| Some((asked, digest?))),
            )
    }

    /// Given name and surname must be those of one name.
    fn fits(&self, question: &[(Asked, Digest)]) -> bool {
        let part = |which| question.iter().find(|(asked, _)| *asked == which).map(|(_, d)| *d);
        let (given, surname) = (part(Asked::Given), part(Asked::Surname));
        let named = (given.is_none() && surname.is_none())
            || self.names.iter().any(|name| {
                given.is_none_or(|given| given == name.0)
                    && surname.is_none_or(|surname| surname == name.1)
            });
        named
            && question.iter().all(|(asked, digest)| match asked {
                Asked::Given | Asked::Surname => true,
                Asked::DateOfBirth => self.date_of_birth == Some(*digest),
                Asked::Number => self.number == Some(*digest),
                Asked::Postcode => self.postcode == Some(*digest),
                Asked::Gender => self.gender == Some(*digest),
            })
    }
}

/// The index.
#[derive(Debug)]
pub struct Candidates {
    digests: Digests,
    entries: HashMap<ChildRef, Entry>,
    postings: HashMap<(Asked, Digest), Vec<ChildRef>>,
}

impl Candidates {
    /// An empty index under a new random key.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self { digests: Digests::new()?, entries: HashMap::new(), postings: HashMap::new() })
    }

    /// Takes in what happened to a record.
    pub fn evolve(&mut self, child: ChildRef, event: &Event) {
        let mut entry = self.entries.get(&child).cloned().unwrap_or_default();
        match event {
            Event::RecordCreated {
                number,
                name,
                gender,
                date_of_birth,
                whereabouts,
                source: _,
            } => {
                self.name(&mut entry, name);
                entry.number =
                    number.known().map(|number| self.digests.text(b"number", number.expose()));
                entry.gender = gender.known().map(|gender| self.digests.gender(*gender));
                entry.date_of_birth =
                    date_of_birth.known().map(|born| self.digests.day(born.expose()));
                self.whereabouts(&mut entry, whereabouts);
            }
            Event::DetailSuperseded { detail, .. } | Event::DetailCorrected { detail, .. } => {
                self.detail(&mut entry, detail);
            }
            // Nothing that a search may ask about. Whether it may be seen is judged on the fold.
            Event::RecordQuarantined { .. }
            | Event::QuarantineResolved { .. }
            | Event::ResponsibilityAllocated { .. }
            | Event::ResponsibilityTransferOffered { .. }
            | Event::ResponsibilityTransferAccepted { .. }
            | Event::ResponsibilityTransferDeclined { .. }
            | Event::CarerRecorded { .. }
            | Event::CarerEnded { .. }
            | Event::EducationSettingRecorded { .. }
            | Event::EducationSettingEnded { .. }
            | Event::GpPracticeRecorded { .. }
            | Event::GpPracticeEnded { .. }
            | Event::InvolvementRecorded { .. }
            | Event::InvolvementEnded { .. }
            | Event::SensitiveInvolvementRecorded { .. }
            | Event::SensitiveConsentWithdrawn { .. }
            | Event::LeadProfessionalAssigned { .. }
            | Event::LeadProfessionalEnded { .. }
            | Event::CommonAssessmentIndicated { .. }
            | Event::CommonAssessmentWithdrawn { .. }
            | Event::ParticipationConsentGiven { .. }
            | Event::ParticipationConsentWithdrawn { .. }
            | Event::DeathRecorded { .. }
            | Event::RecordArchived { .. }
            | Event::ArchiveAccessNarrowed { .. } => return,
            Event::RecordPurged { .. } => {
                self.forget(child);
                return;
            }
        }
        self.replace(child, entry);
    }

    /// Takes a record as it is folded: after its shield changed, since what was hidden has no digest
    /// to come back to.
    pub fn reset(&mut self, child: ChildRef, record: &Child, shielded: bool) {
        let mut entry = Entry { shielded, ..Entry::default() };
        let former = if shielded { &[] } else { record.former_names() };
        for name in former.iter().chain(record.name()) {
            self.name(&mut entry, name);
        }
        entry.number = record
            .number()
            .and_then(Personal::known)
            .map(|number| self.digests.text(b"number", number.expose()));
        entry.gender =
            record.gender().and_then(Personal::known).map(|gender| self.digests.gender(*gender));
        entry.date_of_birth = record
            .date_of_birth()
            .and_then(Personal::known)
            .map(|born| self.digests.day(born.expose()));
        if let Some(whereabouts) = record.whereabouts() {
            self.whereabouts(&mut entry, whereabouts);
        }
        self.replace(child, entry);
    }

    /// Keeps nothing of a record. Answers whether there was anything.
    pub fn forget(&mut self, child: ChildRef) -> bool {
        let before = self.entries.get(&child).is_some_and(|entry| entry.all().next().is_some());
        self.replace(child, Entry::default());
        self.entries.remove(&child);
        before
    }

    /// The records that might match: every one that does, and perhaps others.
    pub fn matching(&self, terms: &Terms) -> Vec<ChildRef> {
        let question = self.question(terms);
        if question.is_empty() {
            return Vec::new();
        }
        let empty = Vec::new();
        let narrowest = question
            .iter()
            .filter(|(asked, _)| asked.has_postings())
            .map(|part| self.postings.get(part).unwrap_or(&empty))
            .min_by_key(|postings| postings.len());
        let fits =
            |child: &ChildRef| self.entries.get(child).is_some_and(|entry| entry.fits(&question));
        let mut found: Vec<ChildRef> = match narrowest {
            Some(postings) => postings.iter().copied().filter(fits).collect(),
            None => self.entries.keys().copied().filter(fits).collect(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How many records it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn question(&self, terms: &Terms) -> Vec<(Asked, Digest)> {
        let text = |term: &Option<String>, field: &[u8]| {
            term.as_deref()
                .filter(|term| !term.trim().is_empty())
                .map(|term| self.digests.text(field, term))
        };
        [
            (Asked::Given, text(&terms.given, b"given")),
            (Asked::Surname, text(&terms.surname, b"surname")),
            (Asked::DateOfBirth, terms.date_of_birth.map(|day| self.digests.day(day))),
            (Asked::Number, text(&terms.number, b"number")),
            (Asked::Postcode, text(&terms.postcode, b"postcode")),
            (Asked::Gender, terms.gender.map(|gender| self.digests.gender(gender))),
        ]
        .into_iter()
        .filter_map(|(asked, digest)| Some((asked, digest?)))
        .collect()
    }

    fn detail(&self, entry: &mut Entry, detail: &Detail) {
        match detail {
            Detail::Name(name) => self.name(entry, name),
            Detail::FormerName(name) if !entry.shielded => {
                let in_use = entry.names.pop();
                self.name(entry, name);
                entry.names.extend(in_use);
            }
            Detail::FormerName(_) => {}
            Detail::Gender(gender) => {
                entry.gender = gender.known().map(|gender| self.digests.gender(*gender));
            }
            Detail::DateOfBirth(born) => {
                entry.date_of_birth = born.known().map(|born| self.digests.day(born.expose()));
            }
            Detail::Whereabouts(whereabouts) => self.whereabouts(entry, whereabouts),
        }
    }

    /// The new name in use. Earlier ones stay, unless a shield hides them.
    fn name(&self, entry: &mut Entry, name: &Personal<Name>) {
        if entry.shielded {
            entry.names.clear();
        }
        if let Some(name) = name.known() {
            let given = self.digests.text(b"given", name.expose_given());
            entry.names.push((given, self.digests.text(b"surname", name.expose_surname())));
        }
    }

    fn whereabouts(&self, entry: &mut Entry, whereabouts: &Personal<Whereabouts>) {
        let address = match whereabouts.known() {
            Some(Whereabouts::Current(address) | Whereabouts::LastKnown(address)) => Some(address),
            Some(Whereabouts::NoKnownAddress | Whereabouts::LeftEngland(_)) | None => None,
        };
        entry.postcode = address
            .filter(|_| !entry.shielded)
            .map(|address| self.digests.text(b"postcode", address.expose_postcode()));
    }

    fn replace(&mut self, child: ChildRef, entry: Entry) {
        if let Some(before) = self.entries.remove(&child) {
            for posting in before.all().filter(|(asked, _)| asked.has_postings()) {
                if let Some(children) = self.postings.get_mut(&posting) {
                    children.retain(|other| *other != child);
                    if children.is_empty() {
                        self.postings.remove(&posting);
                    }
                }
            }
        }
        for posting in entry.all().filter(|(asked, _)| asked.has_postings()) {
            self.postings.entry(posting).or_default().push(child);
        }
        self.entries.insert(child, entry);
    }
}

#[cfg(test)]
mod tests {
    use domain::child::{Address, ChildNumber, DataSource, DateOfBirth, Gender};
    use fixtures::scenario::{id, on};

    use super::*;

    fn name(given: &str, surname: &str) -> Personal<Name> {
        Personal::Known(Name::new(given, surname).unwrap())
    }

    fn created() -> Event {
        let address = Address::new(&["7 Hidden Lane"], "LS1 4AB").unwrap();
        let born = DateOfBirth::new(on("2003-05-01"), on("2009-06-22")).unwrap();
        Event::RecordCreated {
            number: Personal::Known(ChildNumber::from_serial(7)),
            name: name("Zebedee", "Quarmby"),
            gender: Personal::Known(Gender::Male),
            date_of_birth: Personal::Known(born),
            whereabouts: Personal::Known(Whereabouts::Current(address)),
            source: DataSource::Practitioner,
        }
    }

    fn by_name(given: &str, surname: &str) -> Terms {
        Terms {
            given: Some(given.to_owned()),
            surname: Some(surname.to_owned()),
            ..Terms::default()
        }
    }

    fn by_postcode() -> Terms {
        Terms { postcode: Some("ls1 4ab".to_owned()), ..Terms::default() }
    }

    #[test]
    fn a_former_name_still_leads_to_the_record_and_a_mixture_of_two_does_not() {
        let child = ChildRef::new(id(1));
        let mut index = Candidates::new().unwrap();
        index.evolve(child, &created());
        let married = Event::DetailSuperseded {
            detail: Detail::Name(name("Zeb", "New")),
            valid_from: on("2009-06-22"),
            source: DataSource::Practitioner,
        };
        index.evolve(child, &married);
        assert_eq!(index.matching(&by_name("ZEBEDEE", "quarmby")), [child]);
        assert_eq!(index.matching(&by_name("Zeb", "New")), [child]);
        assert_eq!(index.matching(&by_name("Zebedee", "New")), []);
    }

    #[test]
    fn a_shielded_record_has_no_digest_of_anything_hidden() {
        let child = ChildRef::new(id(1));
        let mut index = Candidates::new().unwrap();
        index.evolve(child, &created());
        assert_eq!(index.matching(&by_postcode()), [child]);
        let history =
            fixtures::scenario::History::of(domain::stream::Stream::Child(child)).then(created());
        let record: Child = history.fold();
        index.reset(child, &record, true);
        assert_eq!(index.matching(&by_postcode()), []);
        assert_eq!(index.matching(&by_name("Zebedee", "Quarmby")), [child]);
        assert!(!index.postings.keys().any(|(asked, _)| *asked == Asked::Postcode));
        // A move while the shield is on leaves no digest either.
        let moved = Event::DetailSuperseded {
            detail: Detail::Whereabouts(Personal::Known(Whereabouts::Current(
                Address::new(&["9 Other Street"], "LS1 4AB").unwrap(),
            ))),
            valid_from: on("2009-06-22"),
            source: DataSource::Practitioner,
        };
        index.evolve(child, &moved);
        assert_eq!(index.matching(&by_postcode()), []);
        index.reset(child, &record, false);
        assert_eq!(index.matching(&by_postcode()), [child]);
    }

    #[test]
    fn nothing_is_asked_by_empty_terms() {
        let mut index = Candidates::new().unwrap();
        index.evolve(ChildRef::new(id(1)), &created());
        assert_eq!(index.matching(&Terms::default()), []);
        assert_eq!(index.len(), 1);
    }
}
