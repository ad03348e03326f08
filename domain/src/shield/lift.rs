//! Rule S6: an applied shield ends only when the responsible authority lifts it, with reasons and with
//! every view considered.
//!
//! Source: shielding is the authority's decision, views must be taken into account, HL4249; shields
//! vanished with feeds and updates, S23, S24.
//! Reading: no feed, merge, move, lapse of time or refusal ends an applied shield. A provisional one is
//! not lifted; it is decided (rule S4). A review may have found that it should be lifted, but lifting does not
//! wait for a review, since a shield kept too long cuts a child off from services.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Event, Party, Shield, Standing};
use crate::{
    caller::Caller,
    child::{Barred, Child, entitlement},
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Lifts an applied shield.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiftShield {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reasons: Text,
}

/// Why nothing is lifted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not lift this shield.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no shield in force by decision.
    #[error("no shield has been applied by decision")]
    NotApplied,
    /// The parties of whom neither a view nor the reason for its absence has been recorded since the
    /// last decision: every one.
    #[error("views not recorded since the last decision: {0:?}")]
    ViewsMissing(BTreeSet<Party>),
}

/// Decides.
///
/// # Errors
/// Names everything that stands in the way.
pub fn decide(
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &LiftShield,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    match shield.standing() {
        Standing::Unshielded | Standing::Requested { .. } | Standing::Provisional { .. } => {
            return Err(Rejection::NotApplied);
        }
        Standing::Applied(_) => {}
    }
    let missing = shield.missing_views();
    if !missing.is_empty() {
        return Err(Rejection::ViewsMissing(missing));
    }
    Ok(vec![Event::Lifted {
        authority: caller.organisation_id,
        reasons: Personal::Known(command.reasons.clone()),
        views: shield.view_kinds(),
    }])
}
