//! Rule S5: an applied shield is reviewed by its day; the review keeps it until the next one, or finds
//! that it should be lifted.
//!
//! Source: six-month review in Women's Aid guidance, S38; the official interval is not established.
//! Reading: the interval is a policy value. A review may come early or late; a late one is reported, and
//! the shield stays on meanwhile. The review itself never unshields: after "lift" a decision to lift is
//! owed (rule S6). Keeping uses up the views recorded so far, and answers a request made since.

use chrono::{DateTime, Utc};

use super::{Event, ReviewOutcome, Shield, Standing, determine::review_due};
use crate::{
    caller::Caller,
    child::{Barred, Child, entitlement},
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Reviews an applied shield.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewShield {
    /// When.
    pub at: DateTime<Utc>,
    /// What the review finds.
    pub outcome: ReviewOutcome,
    /// Why.
    pub reasons: Text,
}

/// Why nothing is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not review this shield.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no shield in force by decision.
    #[error("no shield has been applied by decision")]
    NotApplied,
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
    command: &ReviewShield,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    match shield.standing() {
        Standing::Unshielded | Standing::Requested { .. } | Standing::Provisional { .. } => {
            Err(Rejection::NotApplied)
        }
        Standing::Applied(_) => Ok(vec![Event::Reviewed {
            authority: caller.organisation_id,
            outcome: command.outcome,
            reasons: Personal::Known(command.reasons.clone()),
            next_due: match command.outcome {
                ReviewOutcome::Keep => Some(review_due(policy, command.at.date_naive())),
                ReviewOutcome::Lift => None,
            },
        }]),
    }
}
