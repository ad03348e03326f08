//! Rule A17: a user who sees that others are hidden may ask the management team to put them in touch.
//!
//! Source: the team may see hidden details "in order to broker contact where there are child
//! protection concerns" (S27); contact with sensitive services is brokered (guidance 3.48, S25).
//! Reading: asked from a record that the user has open, with a reason, the concern for the child in
//! words of its own, and how the user can be reached: without these the request cannot be made. It is
//! taken whether or not anything is hidden, so that asking shows nothing. The user is shown nothing
//! for it, now or later, but whether it was brokered or declined.

use chrono::{DateTime, Utc};

use crate::{
    access::{Access, Basis, Decided, Event, Purpose, entitlement},
    caller::Caller,
    child::Child,
    identity::{BrokeringId, OpeningId},
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Ask to be put in touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContact {
    /// When.
    pub at: DateTime<Utc>,
    /// The handle of the request, chosen by the edge.
    pub brokering: BrokeringId,
    /// From which opening.
    pub opening: OpeningId,
    /// Why.
    pub purpose: Purpose,
    /// The concern for the child's protection.
    pub concern: Personal<Text>,
    /// How the user can be reached.
    pub reach: Personal<Text>,
}

/// Why there is nothing to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller does not have the record open by this opening.
    #[error("the record is not open by this opening")]
    NotOpen,
    /// The handle of the request is taken.
    #[error("the request's handle is taken")]
    BrokeringTaken,
}

/// Decides whether the request is taken.
pub fn decide(
    access: &Access,
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RequestContact,
) -> Result<Decided<Event>, Rejection> {
    let RequestContact { at, brokering, opening, purpose, concern, reach } = command;
    let refusals = entitlement::to_ask_for_contact(child, policy, caller, *at, purpose);
    if !refusals.is_empty() {
        let refused = Event::AccessRefused {
            purpose: purpose.clone(),
            sought: Basis::Practitioner,
            refusals: refusals.clone(),
        };
        let events = child.exists().then_some(refused).into_iter().collect();
        return Ok(Decided::refused(events, refusals));
    }
    if !access.opening(*opening).is_some_and(|opening| opening.is_open_to(caller.id)) {
        return Err(Rejection::NotOpen);
    }
    if access.brokering(*brokering).is_some() {
        return Err(Rejection::BrokeringTaken);
    }
    Ok(Decided::granted(vec![Event::BrokeredContactRequested {
        brokering: *brokering,
        opening: *opening,
        purpose: purpose.clone(),
        concern: concern.clone(),
        reach: reach.clone(),
    }]))
}
