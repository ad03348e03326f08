//! Rule S2: a duty officer of the responsible authority may shield a record at once; it is decided
//! afterwards, and stays shielded until it is.
//!
//! Source: an additional measure for children at increased risk should their whereabouts become known,
//! HL4249; the emergency procedure is not established.
//! Reading: for the management team of the responsible authority, without views and without a request,
//! since both take time. The day by which it should be decided is a policy value; when that day has
//! passed, the shield stays on and is reported overdue: the safe failure. Adoption alone is no ground
//! here either (rule S4).

use chrono::{DateTime, Days, Utc};

use super::{Event, Grounds, RestsOn, Shield, Standing};
use crate::{
    caller::Caller,
    child::{Barred, Child, entitlement},
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Shields a record until it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyProvisionally {
    /// When.
    pub at: DateTime<Utc>,
    /// The grounds.
    pub grounds: Grounds,
    /// What they rest on.
    pub rests_on: RestsOn,
    /// Why it cannot wait.
    pub rationale: Text,
}

/// Why nothing is shielded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not shield this record.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// It is shielded already, provisionally or by decision.
    #[error("the record is shielded already")]
    ShieldedAlready,
    /// Adoption alone is no ground.
    #[error("adoption alone is no ground for a shield")]
    AdoptionAlone,
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
    command: &ApplyProvisionally,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    match shield.standing() {
        Standing::Unshielded | Standing::Requested { .. } => {}
        Standing::Provisional { .. } | Standing::Applied(_) => {
            return Err(Rejection::ShieldedAlready);
        }
    }
    match command.rests_on {
        RestsOn::ThreatInThisCase => {}
        RestsOn::AdoptionAlone => return Err(Rejection::AdoptionAlone),
    }
    let day = command.at.date_naive();
    let (_, values) = policy.on(day);
    let within = Days::new(u64::from(values.provisional_decision_days));
    Ok(vec![Event::ProvisionallyApplied {
        grounds: command.grounds.clone(),
        rationale: Personal::Known(command.rationale.clone()),
        decision_due: day.checked_add_days(within).unwrap_or(day),
    }])
}
