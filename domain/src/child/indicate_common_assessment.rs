//! Rule R19: it is recorded that a common assessment exists, never what it says.
//!
//! Source: the indicator that an assessment exists, S11, S28; no assessments are held, S5, S11.
//! Reading: indicating again replaces the day.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, organisation::Capability, policy::Policy};

/// Records that a common assessment exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicateCommonAssessment {
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
    command: &IndicateCommonAssessment,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    if command.on > command.at.date_naive() {
        return Err(Rejection::NotYet);
    }
    Ok(vec![Event::CommonAssessmentIndicated { on: command.on }])
}
