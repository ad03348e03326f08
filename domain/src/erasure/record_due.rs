//! Rule E4: that erasure is due is recorded once, by the clock or by whoever looks.
//!
//! Source: S9 (an automatic batch purge at the end of the archive).
//! Reading: being due erases nobody: two officers authorise it. A hold does not stop this from being recorded, so that
//! what is overdue because of a hold can be seen. If the rule changes, it is recorded again.

use chrono::{DateTime, Utc};

use super::{Erasure, Event, Subject, due::due_on};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    personal::Personal,
    policy::Policy,
};

/// Records that erasure is due, if it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordDue {
    /// When.
    pub at: DateTime<Utc>,
}

/// Why nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not due.
    #[error("the time for which it is kept is not over")]
    NotDue,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    state: &Erasure,
    subject: Subject<'_>,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordDue,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::AnyOf(&[Needs::System, Needs::Official]))?;
    let today = command.at.date_naive();
    let retention = policy.on(today).1.retention();
    let (rule, dates) = due_on(subject, retention, today).ok_or(Rejection::NotDue)?;
    if state.has_begun() || state.due().is_some_and(|due| due.rule == rule) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Due { rule, dates: Personal::Known(dates) }])
}
