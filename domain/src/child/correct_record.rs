//! Rule R6: a detail that was wrong is corrected, with the reason, by the responsible authority.
//!
//! Source: corrected is not superseded, S5b; data quality is the management team's work, S27.
//! Reading: a wrong name never was the child's, so it does not become a former name. A former name
//! corrected takes the place of the most recent one. The wrong value stays in the log, sealed.

use chrono::{DateTime, Utc};

use super::{
    Child, Detail, Event,
    entitlement::{self, Barred},
    source_of,
};
use crate::{
    caller::Caller, organisation::Capability, personal::Personal, policy::Policy, reason::Text,
};

/// Corrects a detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// The right value.
    pub detail: Detail,
    /// Why the old one was wrong.
    pub reason: Text,
}

/// Why nothing is corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not correct this record.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The date of birth lies in the future.
    #[error("the date of birth lies in the future")]
    BornInTheFuture,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &CorrectRecord,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Update)?;
    if let Detail::DateOfBirth(Personal::Known(born)) = &command.detail
        && born.expose() > command.at.date_naive()
    {
        return Err(Rejection::BornInTheFuture);
    }
    Ok(vec![Event::DetailCorrected {
        detail: command.detail.clone(),
        reason: Personal::Known(command.reason.clone()),
        source: source_of(caller),
    }])
}
