//! Rule T5: a team that does not complete a phase has failed it, and may be enrolled again.
//!
//! Source: HL4246 (teams are tested, so a test can be failed).
//! Reading: trainers record it, or officials.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Organisation, Phase, TeamTraining};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// Record that a team did not complete a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailTeamTraining {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which phase.
    pub phase: Phase,
    /// On which day.
    pub on: NaiveDate,
}

/// Why it is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// The team is not enrolled.
    #[error("the team is not enrolled in this phase")]
    NotEnrolled,
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
}

/// Records the failure.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &FailTeamTraining,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::AnyOf(&[Needs::Trainer, Needs::Official]))?;
    match organisation.training(command.phase) {
        Some(TeamTraining::Enrolled { .. }) => {}
        None | Some(TeamTraining::Completed { .. } | TeamTraining::Failed { .. }) => {
            return Err(Rejection::NotEnrolled);
        }
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    Ok(vec![Event::TeamTrainingFailed { phase: command.phase, on: command.on }])
}
