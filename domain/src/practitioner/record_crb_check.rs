//! Rule U4: a user has an enhanced criminal records check, renewed every three years.
//!
//! Source: HL4246.
//! Reading: a check holds from the day it was issued until its third anniversary, when it holds no more.
//! A renewal may come at any time, before the anniversary or after it; after it, it restores the
//! condition. A check is issued later than the one it renews, and never in the future.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Record an enhanced check, the first or a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCrbCheck {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day it was issued.
    pub issued_on: NaiveDate,
    /// The number of the disclosure.
    pub disclosure_number: Personal<Text>,
}

/// Why a check is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
    /// It is not newer than the one held.
    #[error("a check issued on {held} is held; a renewal is issued later")]
    NotNewer {
        /// When the one held was issued.
        held: NaiveDate,
    },
}

/// Records the check.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordCrbCheck,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    if command.issued_on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.issued_on });
    }
    if let Some(held) =
        practitioner.crb_check().issued_on().filter(|held| command.issued_on <= *held)
    {
        return Err(Rejection::NotNewer { held });
    }
    Ok(vec![Event::EnhancedCrbCheckRecorded {
        issued_on: command.issued_on,
        disclosure_number: command.disclosure_number.clone(),
    }])
}
