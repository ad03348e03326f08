//! Rule A15: a print or a file of a record is a disclosure of its own, with somebody who keeps it.
//!
//! Source: leakage through old computers and printouts (the review of 2008, S11, S11b); an envelope
//! with children's details that was lost (S31).
//! Reading: a copy is taken from a record that the user has open, and judged anew: every condition,
//! the reason, and what is visible at that instant. Who keeps it, and where, is stated with it. It
//! holds what the opening would show now, never what an override shows: that is shown "only until
//! they leave that record" (S27), and paper outlasts that.

use chrono::{DateTime, Utc};

use super::Form;
use crate::{
    access::{Access, Decided, Event, Purpose, entitlement, visible},
    caller::Caller,
    child::Child,
    identity::{CopyId, OpeningId},
    personal::Personal,
    policy::Policy,
    reason::Text,
    shield::Shield,
};

/// Print the record, or take it out as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeCopy {
    /// When.
    pub at: DateTime<Utc>,
    /// The handle of the copy, chosen by the edge.
    pub copy: CopyId,
    /// From which opening.
    pub opening: OpeningId,
    /// On paper, or as a file.
    pub form: Form,
    /// Who keeps it, and where.
    pub holder: Personal<Text>,
    /// Why.
    pub purpose: Purpose,
}

/// Why there is nothing to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller does not have the record open by this opening.
    #[error("the record is not open by this opening")]
    NotOpen,
    /// The handle of the copy is taken.
    #[error("the copy's handle is taken")]
    CopyTaken,
}

/// Decides whether a copy is made, and what is on it.
pub fn decide(
    access: &Access,
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &TakeCopy,
) -> Result<Decided<Event>, Rejection> {
    let TakeCopy { at, copy, opening, form, holder, purpose } = command;
    let (basis, refusals) = entitlement::to_open(child, policy, caller, *at, purpose);
    if !refusals.is_empty() {
        let refused = Event::AccessRefused {
            purpose: purpose.clone(),
            sought: basis,
            refusals: refusals.clone(),
        };
        let events = child.exists().then_some(refused).into_iter().collect();
        return Ok(Decided::refused(events, refusals));
    }
    if !access.opening(*opening).is_some_and(|opening| opening.is_open_to(caller.id)) {
        return Err(Rejection::NotOpen);
    }
    if access.copy(*copy).is_some() {
        return Err(Rejection::CopyTaken);
    }
    let seen = visible(child, shield, basis, policy.on(at.date_naive()).1);
    Ok(Decided::granted(vec![Event::DisclosureCopied {
        copy: *copy,
        opening: *opening,
        form: *form,
        holder: holder.clone(),
        purpose: purpose.clone(),
        basis,
        shield: shield.state(),
        shown: seen.shown,
        withheld: seen.withheld,
    }]))
}
