//! Rule S9: the responsible authority upholds a challenged decision, with reasons, or decides anew
//! (rule S4); either is for somebody else than the one who took the decision.
//!
//! Source: the decision is the local authority's, HL4249; that a route of appeal existed is not
//! established, S9e.
//! Reading: ours, and so is that nobody judges a challenge of their own decision. Deciding anew is
//! the ordinary decision, with every view heard again; it answers the challenge whichever way it goes, and an
//! applied shield still ends by being lifted only (rule S6), which answers a challenge too. Upholding needs no
//! new views; those recorded since stand in the event and are used up. Upholding changes nothing about
//! what is hidden. While nobody else is there to judge, the challenge waits and what is hidden stays hidden.

use chrono::{DateTime, Utc};

use super::{Event, Shield};
use crate::{
    caller::Caller,
    child::{Barred, Child, entitlement},
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Upholds the decision that is challenged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpholdDecision {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reasons: Text,
}

/// Why nothing is upheld.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not decide on this record.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// No challenge waits for an answer.
    #[error("no challenge waits for an answer")]
    NotChallenged,
    /// The caller took the decision that is challenged.
    #[error("whoever took a decision does not judge a challenge of it")]
    OwnDecision,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &UpholdDecision,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    let challenged = shield.challenged().ok_or(Rejection::NotChallenged)?;
    if challenged.was_taken_by(caller.id) {
        return Err(Rejection::OwnDecision);
    }
    Ok(vec![Event::DecisionUpheld {
        authority: caller.organisation_id,
        decision: challenged.event,
        reasons: Personal::Known(command.reasons.clone()),
        views: shield.view_kinds(),
    }])
}
