//! Rule A18: the responsible authority's team may look behind the shield to answer such a request.
//!
//! Source: S27: the team may see hidden data on shielded records in order to broker contact.
//! Reading: a look like any other: every condition is judged at that instant, what was shown is
//! recorded before it is told, and the reason is the one stated with the request. While the request
//! waits the team may look again, each time on record. Somebody else is refused, and that is recorded.

use chrono::{DateTime, Utc};

use super::Stage;
use crate::{
    access::{Access, Basis, Decided, Event, entitlement, visible},
    caller::Caller,
    child::Child,
    identity::BrokeringId,
    policy::Policy,
    shield::Shield,
};

/// Look behind the shield in order to broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewToBroker {
    /// When.
    pub at: DateTime<Utc>,
    /// For which request.
    pub brokering: BrokeringId,
}

/// Why there is nothing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Nobody asked for it.
    #[error("no such request for contact")]
    NoSuchBrokering,
    /// It has been answered.
    #[error("the request for contact has been answered")]
    Answered(Stage),
}

/// Decides whether the hidden details are shown to the broker.
pub fn decide(
    access: &Access,
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ViewToBroker,
) -> Result<Decided<Event>, Rejection> {
    let ViewToBroker { at, brokering } = command;
    let asked = access.brokering(*brokering).ok_or(Rejection::NoSuchBrokering)?;
    let refusals = entitlement::to_broker(child, policy, caller, *at);
    if !refusals.is_empty() {
        let refused = Event::AccessRefused {
            purpose: asked.purpose.clone(),
            sought: Basis::ResponsibleTeam,
            refusals: refusals.clone(),
        };
        return Ok(Decided::refused(vec![refused], refusals));
    }
    if !asked.stage.waits() {
        return Err(Rejection::Answered(asked.stage));
    }
    let values = policy.on(at.date_naive()).1;
    let seen = visible(child, shield, Basis::ResponsibleTeam, values);
    Ok(Decided::granted(vec![Event::BrokerViewedHiddenDetails {
        brokering: *brokering,
        shield: shield.state(),
        shown: seen.shown,
        withheld: seen.withheld,
    }]))
}
