//! What an officer proposes, and what must hold at each step from there to the beginning.
//!
//! Rule E6: nothing is erased while a legal hold is open, nobody while they use the directory, and on the ground
//! that its time is over only if a rule says so on that day.
//!
//! Source: legal hold and documented destruction, ISO 14641; S9.
//! Reading: judged anew when it is proposed, when it is authorised and when it begins. Placing a hold undoes a
//! proposal and an authorisation: whoever gave them did not know of it. Who holds an open account or an office could go on looking at
//! records after their name is gone: so the account is closed, or the appointment ended, first.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Erasure, Grounds, RetentionRule, Subject, due::due_on};
use crate::{identity::PractitionerId, policy::Retention};

/// What one officer proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Proposal {
    /// On what grounds.
    pub grounds: Grounds,
    /// The rule that demands it, if one does.
    pub rule: Option<RetentionRule>,
    /// Who.
    pub by: PractitionerId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why somebody may not be erased at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotErasable {
    /// A legal hold is open.
    #[error("a legal hold is open")]
    Held,
    /// No rule demands it on this day.
    #[error("the time for which it is kept is not over")]
    NotDue,
    /// The subject still uses the directory.
    #[error("the account must be closed, or the appointment ended, first")]
    Active,
    /// It has begun, or is done.
    #[error("the erasure has begun")]
    Begun,
}

/// Whether a subject may be erased on a day on these grounds; the rule that demands it, if one does.
pub(super) fn erasable(
    state: &Erasure,
    subject: Subject<'_>,
    retention: Retention,
    (grounds, day): (Grounds, NaiveDate),
) -> Result<Option<RetentionRule>, NotErasable> {
    if state.has_begun() {
        return Err(NotErasable::Begun);
    }
    if state.is_held() {
        return Err(NotErasable::Held);
    }
    if subject.is_active_on(day) {
        return Err(NotErasable::Active);
    }
    let rule = due_on(subject, retention, day).map(|(rule, _)| rule);
    match grounds {
        Grounds::RetentionEnded if rule.is_none() => Err(NotErasable::NotDue),
        Grounds::RetentionEnded
        | Grounds::OrderedByCourt
        | Grounds::RequestUpheld
        | Grounds::EnteredInError
        | Grounds::SystemClosed => Ok(rule),
    }
}
