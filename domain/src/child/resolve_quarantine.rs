//! Rule R4: what becomes of a quarantined record is decided by the management team of its responsible
//! authority, once, with a reason.
//!
//! Source: duplicates of shielded children became visible, S24, S9c; data quality is the management
//! team's work, S27.
//! Reading: until that decision nobody sees the record. Found to be the same child, it stays invisible
//! for good, since the facts of the other record may be shielded; found to be another child, it is seen
//! like any other.

use chrono::{DateTime, Utc};

use super::{
    Child, Event, QuarantineOutcome,
    entitlement::{self, Barred},
};
use crate::{
    caller::Caller, organisation::Capability, personal::Personal, policy::Policy, reason::Text,
};

/// Decides on a quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveQuarantine {
    /// When.
    pub at: DateTime<Utc>,
    /// Another child, or the same.
    pub outcome: QuarantineOutcome,
    /// Why.
    pub reason: Text,
}

/// Why nothing is decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not decide this.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The record is not in quarantine.
    #[error("the record is not in quarantine")]
    NotQuarantined,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ResolveQuarantine,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Update)?;
    if !child.is_quarantined() {
        return Err(Rejection::NotQuarantined);
    }
    Ok(vec![Event::QuarantineResolved {
        outcome: command.outcome,
        reason: Personal::Known(command.reason.clone()),
    }])
}
