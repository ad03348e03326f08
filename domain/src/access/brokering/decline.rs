//! Rule A20: the responsible authority's team may decline to put them in touch, with a reason.
//!
//! Source: S27: the team brokers where there are child protection concerns, so it may find none.
//! Reading: whether or not it has looked. The reason is for the trail; the user who asked learns only
//! that it was declined, since a reason may tell what is hidden.

use chrono::{DateTime, Utc};

use super::Stage;
use crate::{
    access::{Access, Event},
    caller::Caller,
    child::{Barred, Child, entitlement},
    identity::BrokeringId,
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Decline to put them in touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclineBrokering {
    /// When.
    pub at: DateTime<Utc>,
    /// Which request.
    pub brokering: BrokeringId,
    /// Why.
    pub reason: Personal<Text>,
}

/// Why it is not declined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// Nobody asked for it.
    #[error("no such request for contact")]
    NoSuchBrokering,
    /// It has been answered.
    #[error("the request for contact has been answered")]
    Answered(Stage),
}

/// Decides.
pub fn decide(
    access: &Access,
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &DeclineBrokering,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    let asked = access.brokering(command.brokering).ok_or(Rejection::NoSuchBrokering)?;
    if !asked.stage.waits() {
        return Err(Rejection::Answered(asked.stage));
    }
    Ok(vec![Event::BrokeringDeclined {
        brokering: command.brokering,
        reason: command.reason.clone(),
    }])
}
