//! Rule R9: a place of education is recorded with its contact and first day.
//!
//! Source: Schedule 1, paragraph 7, S1c.
//! Reading: a new place takes the place of the one before it; the first day is not in the future.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event, Provider,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, organisation::Capability, personal::Personal, policy::Policy};

/// Records a place of education.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordEducation {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub provider: Provider,
    /// From which day.
    pub from: NaiveDate,
}

/// Why none is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The day has not come.
    #[error("the day lies in the future")]
    NotYet,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordEducation,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    if command.from > command.at.date_naive() {
        return Err(Rejection::NotYet);
    }
    Ok(vec![Event::EducationSettingRecorded {
        provider: Personal::Known(command.provider.clone()),
        from: command.from,
    }])
}
