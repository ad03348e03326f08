//! Rule R12: registration with the recorded practice ends on a day that has come.
//!
//! Source: primary medical services, S13, S32; superseding data, S5b.
//! Reading: that there is none to end is not refused: a refusal would tell a writer what a shield
//! hides. Where there is none, the end changes nothing.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, organisation::Capability, policy::Policy};

/// Records that registration with the recorded practice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndGp {
    /// When.
    pub at: DateTime<Utc>,
    /// From which day.
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
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EndGp,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    if command.on > command.at.date_naive() {
        return Err(Rejection::NotYet);
    }
    Ok(vec![Event::GpPracticeEnded { on: command.on }])
}
