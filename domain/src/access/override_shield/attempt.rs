//! Rule A5: whoever asks to see behind a shield must hold the right to, and is warned first.
//!
//! Source: S27: the right is granted individually to users with child-protection duties; the attempt
//! brings up a message reminding that opening the hidden data triggers an immediate investigation.
//! Reading: the attempt is made from a record that the user has open and that is shielded now. A new
//! reason is stated for it. One run at a time from one opening. An attempt by somebody without the
//! right, or whose conditions do not hold, is recorded as refused; one that has nothing to go behind
//! is a mistake and is not.

use chrono::{DateTime, Utc};

use crate::{
    access::{Access, Basis, Decided, Event, Purpose, entitlement},
    caller::Caller,
    child::Child,
    identity::{OpeningId, OverrideId},
    policy::Policy,
    shield::Shield,
};

/// What the user is told before they decide to go on. The wording is ours, the content S27's.
pub const WARNING: &str = "This record is shielded: someone may come to serious harm if what is \
hidden becomes known. If you go on, your override is recorded and an investigation into it opens \
immediately. What is hidden will be shown only until you leave this record.";

/// Ask to see behind the shield.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptOverride {
    /// When.
    pub at: DateTime<Utc>,
    /// The handle of this run, chosen by the edge.
    pub procedure: OverrideId,
    /// From which opening.
    pub opening: OpeningId,
    /// Why.
    pub purpose: Purpose,
}

/// Why there is nothing to go behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller does not have the record open by this opening.
    #[error("the record is not open by this opening")]
    NotOpen,
    /// The record is not shielded.
    #[error("the record is not shielded")]
    NotShielded,
    /// A run from this opening has not come to its end.
    #[error("an override from this opening is running already")]
    AlreadyRunning(OverrideId),
    /// The handle of the run is taken.
    #[error("the override's handle is taken")]
    ProcedureTaken,
}

/// Decides whether the procedure begins. Granted, the caller is told [`WARNING`].
pub fn decide(
    access: &Access,
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AttemptOverride,
) -> Result<Decided<Event>, Rejection> {
    let AttemptOverride { at, procedure, opening, purpose } = command;
    let mut refusals = entitlement::to_override(child, policy, caller, *at);
    refusals.extend(entitlement::of_reason(policy, *at, purpose));
    if !refusals.is_empty() {
        let refused = Event::AccessRefused {
            purpose: purpose.clone(),
            sought: Basis::Override,
            refusals: refusals.clone(),
        };
        let events = child.exists().then_some(refused).into_iter().collect();
        return Ok(Decided::refused(events, refusals));
    }
    if !access.opening(*opening).is_some_and(|opening| opening.is_open_to(caller.id)) {
        return Err(Rejection::NotOpen);
    }
    if !shield.is_shielded() {
        return Err(Rejection::NotShielded);
    }
    if let Some((running, _)) = access.running(*opening) {
        return Err(Rejection::AlreadyRunning(running));
    }
    if access.procedure(*procedure).is_some() {
        return Err(Rejection::ProcedureTaken);
    }
    Ok(Decided::granted(vec![
        Event::ShieldOverrideAttempted {
            procedure: *procedure,
            opening: *opening,
            purpose: purpose.clone(),
        },
        Event::ShieldOverrideWarned { procedure: *procedure },
    ]))
}
