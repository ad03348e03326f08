//! Rule U7: a user has attended and successfully completed training on every mandatory topic.
//!
//! Source: HL4246: use of ContactPoint, security responsibilities, the importance of good security
//! practice, the Data Protection Act and the Human Rights Act.
//! Reading: a topic is completed by somebody who attended it, on that day or later. The topics may come
//! from several courses. A practitioner completes without examination (rule U8).

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

/// Record that somebody successfully completed training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteTraining {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day.
    pub on: NaiveDate,
    /// What they completed.
    pub topics: BTreeSet<Topic>,
}

/// Why completion is not recorded.
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
    /// Topics that were not attended by that day: every one.
    #[error("not attended by that day: {topics:?}")]
    NotAttended {
        /// The topics.
        topics: BTreeSet<Topic>,
    },
}

/// Records the completion.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &CompleteTraining,
) -> Result<Vec<Event>, Rejection> {
    open_account(practitioner)?;
    by_a_trainer(caller, policy, command.at, practitioner)?;
    if command.topics.is_empty() {
        return Err(Rejection::NoTopics);
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    let attended =
        |topic: &Topic| practitioner.attended().get(topic).is_some_and(|on| *on <= command.on);
    let topics: BTreeSet<Topic> =
        command.topics.iter().filter(|topic| !attended(topic)).copied().collect();
    if !topics.is_empty() {
        return Err(Rejection::NotAttended { topics });
    }
    Ok(vec![Event::TrainingCompleted { on: command.on, topics: command.topics.clone() }])
}
