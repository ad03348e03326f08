//! Rule K2: a death is recorded once, on a day that has come, and starts the last year of the record.
//!
//! Source: S9 (on death a record is kept for one year, then archived); recording a death is among what
//! users do, S25.
//! Reading: any user who may write to the record may record it. Said again it changes nothing: the first
//! notification counts.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
    source_of,
};
use crate::{caller::Caller, organisation::Capability, personal::Personal, policy::Policy};

/// Records a death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordDeath {
    /// When.
    pub at: DateTime<Utc>,
    /// The day of the death.
    pub on: NaiveDate,
}

/// Why nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The day has not come.
    #[error("the day lies in the future")]
    NotYet,
    /// The child was not born by then.
    #[error("the day lies before the birth")]
    BeforeBirth,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordDeath,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    if command.on > command.at.date_naive() {
        return Err(Rejection::NotYet);
    }
    let born = child.date_of_birth().and_then(Personal::known);
    if born.is_some_and(|born| command.on < born.expose()) {
        return Err(Rejection::BeforeBirth);
    }
    if child.keeping().death_notified.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::DeathRecorded { on: Personal::Known(command.on), source: source_of(caller) }])
}
