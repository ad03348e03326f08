//! Rule U11: when the ISA ceases to monitor somebody, the condition is no longer met.
//!
//! Source: HL4246.
//! Reading: as for its beginning; it ends on a day not before it began.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, IsaMonitoring, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// Record that the ISA no longer monitors somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndIsaMonitoring {
    /// Now.
    pub at: DateTime<Utc>,
    /// The first day on which it does not.
    pub on: NaiveDate,
}

/// Why it is not recorded.
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
    /// They are not monitored.
    #[error("the ISA does not monitor this person")]
    NotMonitored,
    /// It began on a later day.
    #[error("monitoring began on {since}")]
    BeforeItBegan {
        /// When it began.
        since: NaiveDate,
    },
}

/// Records the end.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EndIsaMonitoring,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    match practitioner.isa() {
        IsaMonitoring::None | IsaMonitoring::Ended { .. } => Err(Rejection::NotMonitored),
        IsaMonitoring::Since { on: since } if command.on < since => {
            Err(Rejection::BeforeItBegan { since })
        }
        IsaMonitoring::Since { .. } => Ok(vec![Event::IsaMonitoringEnded { on: command.on }]),
    }
}
