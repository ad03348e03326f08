//! What was found in a window: everywhere, or of somebody.

use domain::{
    identity::{ChildRef, OrganisationId, PractitionerId},
    unusual::Rule,
};

use super::{AUTHORITY, CHILD, Document, Flag, PRACTITIONER, RULE, TIME, UnusualAccess};
use crate::{
    dated::{instant, place},
    read_models::seen::Window,
    reader::{Found, QueryError, Reader, Spoken},
    store::{Range, between},
};

/// Of whom or by which rule something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Everything.
    Anybody,
    /// By one rule.
    Rule(Rule),
    /// Looks of one person.
    Practitioner(PractitionerId),
    /// Looks of one organisation's people.
    Authority(OrganisationId),
    /// Looks at one record.
    Child(ChildRef),
}

impl Of {
    /// The entries whose findings stand from an instant within a window on.
    pub fn range(self, window: Window, limit: usize) -> Range {
        let (index, whose) = match self {
            Self::Anybody => (TIME, String::new()),
            Self::Rule(rule) => (RULE, format!("{}/", rule.id())),
            Self::Practitioner(id) => (PRACTITIONER, format!("{id}/")),
            Self::Authority(id) => (AUTHORITY, format!("{id}/")),
            Self::Child(id) => (CHILD, format!("{id}/")),
        };
        let bound = |at| format!("{whose}{}", instant(at));
        between(index, &bound(window.from), &bound(window.to), limit)
    }

    /// Whether a finding is among what is asked for.
    pub fn includes(self, flag: &Flag) -> bool {
        match self {
            Self::Anybody => true,
            Self::Rule(rule) => flag.finding.rule == rule,
            Self::Practitioner(id) => flag.by.id == Some(id),
            Self::Authority(id) => flag.by.organisation == Some(id),
            Self::Child(id) => flag.child == Some(id),
        }
    }
}

/// What was found and came to stand within a window, the earliest first, and was not explained. At most
/// so many entries are read.
///
/// # Errors
/// See [`QueryError`].
pub async fn standing_in(
    reader: &Reader<UnusualAccess>,
    of: Of,
    window: Window,
    limit: usize,
) -> Result<Spoken<Vec<Flag>>, QueryError> {
    let spoken = reader.find(vec![of.range(window, limit)]).await?;
    Ok(spoken.map(|found| {
        let mut flags = Vec::new();
        for Found { key, document } in found {
            let Document::Flags(all) = document else { continue };
            // A document with several findings is found once for each of them.
            let led_to = all.into_iter().filter(|flag| of.includes(flag) && leads_to(&key, flag));
            flags.extend(led_to.filter(|flag| flag.explained.is_none()));
        }
        flags
    }))
}

/// Whether it is this finding that an entry stands for.
fn leads_to(entry: &str, flag: &Flag) -> bool {
    let (rule, at) = (flag.finding.rule.id(), instant(flag.stands_from));
    let at = format!("{at}/{}", place(flag.raised.position));
    let (entry, _) = entry.rsplit_once('|').unwrap_or((entry, ""));
    // The rule stands after the place, or, in the index of rules, before it.
    entry.ends_with(&format!("{at}/{rule}")) || entry.ends_with(&format!("/{rule}/{at}"))
}
