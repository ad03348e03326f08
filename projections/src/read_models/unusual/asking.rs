//! What was found in a window: everywhere, or of somebody.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    identity::{ChildRef, OrganisationId, PractitionerId},
    unusual::Rule,
};

use super::{
    AUTHORITY, CHILD, Document, Flag, PRACTITIONER, RULE, TIME, UnusualAccess, papers::of_child,
};
use crate::{
    dated::{KnownBy, Moment},
    ordered::{handle, instant, place},
    projection::ReadModel as _,
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
            Self::Practitioner(id) => (PRACTITIONER, format!("{}/", handle(id.uuid()))),
            Self::Authority(id) => (AUTHORITY, format!("{}/", handle(id.uuid()))),
            Self::Child(id) => (CHILD, format!("{}/", handle(id.uuid()))),
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
    let told = told(reader, &spoken.value, KnownBy::Now).await?;
    Ok(spoken.map(|_| {
        let flags = told.into_iter().flatten();
        flags.filter(|flag| of.includes(flag) && flag.explained.is_none()).collect()
    }))
}

/// The findings to which entries lead, as known by then, in their order; none where it was not known yet. Of a look
/// without involvement it is found out whether one was recorded in time, after the look: the first is what explains it.
///
/// # Errors
/// See [`QueryError`].
pub async fn told(
    reader: &Reader<UnusualAccess>,
    found: &[Found<Document>],
    known_by: KnownBy,
) -> Result<Vec<Option<Flag>>, QueryError> {
    let mut flags: Vec<Option<Flag>> = found.iter().map(|found| led_to(found, known_by)).collect();
    let children = flags.iter().flatten().filter_map(waits_for);
    let children: BTreeSet<String> = children.map(|(child, _)| of_child(child)).collect();
    if children.is_empty() {
        return Ok(flags);
    }
    let keys: Vec<String> = children.into_iter().collect();
    let papers = reader.get_all(&keys).await?.value;
    let papers: BTreeMap<String, Option<Document>> = keys.into_iter().zip(papers).collect();
    for flag in flags.iter_mut().flatten() {
        let Some((child, of)) = waits_for(flag) else { continue };
        let Some(Some(Document::Child(paper))) = papers.get(&of_child(child)) else { continue };
        let explains = |(by, moment): &&(OrganisationId, Moment)| {
            *by == of
                && moment.position > flag.raised.position
                && moment.at < flag.stands_from
                && known_by.reaches(*moment)
        };
        flag.explained = paper.recorded.iter().find(explains).map(|(_, moment)| *moment);
    }
    Ok(flags)
}

/// The finding to which an entry leads. A document with several is found once for each of them.
fn led_to(found: &Found<Document>, known_by: KnownBy) -> Option<Flag> {
    let known = UnusualAccess::as_of(found.document.clone(), known_by)?;
    let Document::Flags(flags) = known else { return None };
    flags.into_iter().find(|flag| leads_to(&found.key, flag))
}

/// An involvement of which organisation with which child explains a look without one.
fn waits_for(flag: &Flag) -> Option<(ChildRef, OrganisationId)> {
    let stranger = flag.finding.rule == Rule::Stranger;
    flag.child.zip(flag.by.organisation).filter(|_| stranger)
}

/// Whether it is this finding that an entry stands for.
fn leads_to(entry: &str, flag: &Flag) -> bool {
    let (rule, at) = (flag.finding.rule.id(), instant(flag.stands_from));
    let at = format!("{at}/{}", place(flag.raised.position));
    let (entry, _) = entry.rsplit_once('|').unwrap_or((entry, ""));
    // The rule stands after the place, or, in the index of rules, before it.
    entry.ends_with(&format!("{at}/{rule}")) || entry.ends_with(&format!("/{rule}/{at}"))
}
