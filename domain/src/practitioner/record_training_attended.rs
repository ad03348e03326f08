//! Rule U6: attending training is a fact of its own, and meets no condition by itself.
//!
//! Source: HL4246 ("attend and successfully complete mandatory training").
//! Reading: trainers record it; officials may, since somebody trains the first trainers.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, Practitioner, Topic,
    custody::{NoOpenAccount, by_a_trainer, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// Record that somebody attended training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordTrainingAttended {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day.
    pub on: NaiveDate,
    /// What was covered.
    pub topics: BTreeSet<Topic>,
}

/// Why attendance is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// No topic is named.
    #[error("at least one topic must be named")]
    NoTopics,
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
}

/// Records the attendance.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordTrainingAttended,
) -> Result<Vec<Event>, Rejection> {
    open_account(practitioner)?;
    by_a_trainer(caller, policy, command.at, practitioner)?;
    if command.topics.is_empty() {
        return Err(Rejection::NoTopics);
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    Ok(vec![Event::TrainingAttended { on: command.on, topics: command.topics.clone() }])
}
