//! Rule E3: erasure is due on the day on which the time for which something is kept is over.
//!
//! Source: S9: six years in the archive, then an automatic and permanent purge.
//! Reading: for a child the day follows from K1. The personal values of a user are erased when a time has passed
//! since their account was closed, ours: as long as a record lies in the archive, so that whoever looked at a
//! record can be named for as long as it can be read. Officials and auditors have no account that closes.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{RetentionRule, Subject};
use crate::{
    child::kept,
    policy::Retention,
    practitioner::{Account, Practitioner},
};

/// From which dates it follows that erasure is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// The beginning of the time for which it was kept: archived, or the account closed.
    pub kept_from: NaiveDate,
    /// The first day on which it should no longer be there.
    pub due_from: NaiveDate,
}

/// The rule and its dates. Nothing while there is no end in sight.
pub fn due(subject: Subject<'_>, retention: Retention) -> Option<(RetentionRule, Dates)> {
    match subject {
        Subject::Child(child) => {
            let kept = kept(child, retention)?;
            let dates =
                Dates { kept_from: kept.dates.archived_from, due_from: kept.dates.purged_from };
            Some((kept.basis.into(), dates))
        }
        Subject::Practitioner(person) => {
            let kept_from = closed(person)?.date_naive();
            let after = Months::new(retention.closed_account_months);
            let due_from = kept_from.checked_add_months(after)?;
            Some((RetentionRule::AccountClosed, Dates { kept_from, due_from }))
        }
    }
}

const fn closed(person: &Practitioner) -> Option<DateTime<Utc>> {
    match person.account() {
        Account::Closed { at, .. } => Some(*at),
        Account::NotAuthorised | Account::Authorised(_) | Account::Suspended(_) => None,
    }
}

/// The rule that demands erasure on a day, with its dates.
pub(super) fn due_on(
    subject: Subject<'_>,
    retention: Retention,
    day: NaiveDate,
) -> Option<(RetentionRule, Dates)> {
    due(subject, retention).filter(|(_, dates)| dates.due_from <= day)
}
