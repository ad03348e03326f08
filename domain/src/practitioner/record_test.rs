//! Rule U8: management teams and trainers are tested; practitioners are not.
//!
//! Source: HL4246 ("subject to testing as part of the ContactPoint training"; "There is no mandatory
//! written exam for practitioners").
//! Reading: a test is part of training, so some training was attended by that day. The last test counts:
//! a later failure takes the earlier pass away. A test older than the last is not slipped in.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    AccountRole, Event, Practitioner, TestResult,
    custody::{NoOpenAccount, by_a_trainer, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

/// Record a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordTest {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day it was taken.
    pub on: NaiveDate,
    /// How it ended.
    pub outcome: Outcome,
}

/// Why a test is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// Practitioners take no examination.
    #[error(
        "practitioners take no written examination (HL4246): \"There is no mandatory written exam for practitioners to become authorised users of ContactPoint\""
    )]
    NoExaminationForPractitioners,
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
    /// No training was attended by that day.
    #[error("a test is part of training, and none was attended by that day")]
    NoTrainingAttended,
    /// A later test is on record.
    #[error("a test of {last} is on record, and the last one counts")]
    EarlierThanLast {
        /// The day of the last test.
        last: NaiveDate,
    },
}

/// Records the test.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordTest,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_a_trainer(caller, policy, command.at, practitioner)?;
    match nomination.role {
        AccountRole::Practitioner => return Err(Rejection::NoExaminationForPractitioners),
        AccountRole::ManagementTeam | AccountRole::Trainer => {}
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    if !practitioner.attended().values().any(|attended| *attended <= command.on) {
        return Err(Rejection::NoTrainingAttended);
    }
    match practitioner.test() {
        TestResult::Passed { on: last } | TestResult::Failed { on: last } if command.on < last => {
            return Err(Rejection::EarlierThanLast { last });
        }
        TestResult::NotTaken | TestResult::Passed { .. } | TestResult::Failed { .. } => {}
    }
    Ok(vec![match command.outcome {
        Outcome::Passed => Event::TrainingTestPassed { on: command.on },
        Outcome::Failed => Event::TrainingTestFailed { on: command.on },
    }])
}
