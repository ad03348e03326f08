//! Rule T2: the date on which a phase is expected to end can be stated, changed and taken back.
//!
//! Source: HL4245 (a date was asked for; none was given).
//! Reading: each statement is an event, so what was expected on any past day can be told.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Organisation, Phase};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// State when a phase is expected to end, or take the date back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatePhaseExpectation {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which phase.
    pub phase: Phase,
    /// The date now expected, or none.
    pub expected_completion: Option<NaiveDate>,
}

/// Why it is not stated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no such phase.
    #[error("the phase has not been announced")]
    NotAnnounced,
    /// The date expected has passed.
    #[error("a phase is expected to end today or later, not on {expected}")]
    ExpectedInThePast {
        /// The date given.
        expected: NaiveDate,
    },
}

/// States the date; quiet if it is the one expected.
pub fn decide(
    department: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &StatePhaseExpectation,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::Official)?;
    let announced = department.phases().get(&command.phase).ok_or(Rejection::NotAnnounced)?;
    if announced.expected == command.expected_completion {
        return Ok(Vec::new());
    }
    if let Some(expected) = command.expected_completion.filter(|day| *day < command.at.date_naive())
    {
        return Err(Rejection::ExpectedInThePast { expected });
    }
    Ok(vec![Event::TrainingPhaseExpectationStated {
        phase: command.phase,
        expected_completion: command.expected_completion,
    }])
}
