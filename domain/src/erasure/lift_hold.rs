//! Rule E2: a legal hold is lifted with a reason; never by time.
//!
//! Source: legal hold, ISO 14641.
//! Reading: whoever may place one may lift one. Lifting one that was lifted is quiet. Lifting the last one
//! revives no authorisation.

use chrono::{DateTime, Utc};

use super::{Erasure, Event, Subject};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    identity::HoldId,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Lifts a legal hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiftHold {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub hold: HoldId,
    /// Why.
    pub words: Text,
}

/// Why no hold is lifted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// No hold was placed under this handle.
    #[error("there is no such hold")]
    NoSuchHold,
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
    command: &LiftHold,
) -> Result<Vec<Event>, Rejection> {
    let officers = subject.map_or_else(|| vec![Needs::Official], Subject::officers);
    let about = subject.and_then(Subject::person);
    require_about_another(caller, policy, command.at, Needs::AnyOf(&officers), about)?;
    if state.lifted.contains_key(&command.hold) {
        return Ok(Vec::new());
    }
    if !state.holds().contains_key(&command.hold) {
        return Err(Rejection::NoSuchHold);
    }
    Ok(vec![Event::LegalHoldLifted {
        hold: command.hold,
        words: Personal::Known(command.words.clone()),
    }])
}
