//! Rule E1: a legal hold is placed on a ground, in words, before an erasure has begun.
//!
//! Source: legal hold, ISO 14641; the inquiries for which the archive is opened, S9.
//! Reading: an official, or the management team of the organisation that answers for the subject, places it.
//! Several may be open at once, each under its own handle. Once an erasure has begun there is nothing left
//! to hold.

use chrono::{DateTime, Utc};

use super::{Erasure, Event, HoldGround, Subject};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    identity::HoldId,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Places a legal hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceHold {
    /// When.
    pub at: DateTime<Utc>,
    /// Under which handle.
    pub hold: HoldId,
    /// On what ground.
    pub ground: HoldGround,
    /// For which proceedings.
    pub words: Text,
}

/// Why no hold is placed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// The handle names nobody.
    #[error("there is no such subject")]
    NoSuchSubject,
    /// It has begun, or is done.
    #[error("the erasure has begun")]
    TooLate,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    state: &Erasure,
    subject: Option<Subject<'_>>,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &PlaceHold,
) -> Result<Vec<Event>, Rejection> {
    let officers = subject.map_or_else(|| vec![Needs::Official], Subject::officers);
    let about = subject.and_then(Subject::person);
    require_about_another(caller, policy, command.at, Needs::AnyOf(&officers), about)?;
    if subject.is_none() {
        return Err(Rejection::NoSuchSubject);
    }
    if state.has_begun() {
        return Err(Rejection::TooLate);
    }
    if state.holds().contains_key(&command.hold) || state.lifted.contains_key(&command.hold) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::LegalHoldPlaced {
        hold: command.hold,
        ground: command.ground,
        words: Personal::Known(command.words.clone()),
    }])
}
