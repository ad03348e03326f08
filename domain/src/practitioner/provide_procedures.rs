//! Rule U9: a user is provided with the security operating procedures.
//!
//! Source: HL4246 ("be provided with the ContactPoint security operating procedures").
//! Reading: handing them over is a duty of the keepers of the account and a step apart from signing. A new
//! edition leaves an agreement signed under an older one standing.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// Record that somebody was handed the procedures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvideProcedures {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day.
    pub on: NaiveDate,
    /// Which edition.
    pub edition: String,
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
    /// The edition is blank or longer than 40 characters.
    #[error("an edition is named in 1 to 40 characters")]
    UnusableEdition,
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
}

/// Records the hand-over; quiet if they hold the edition.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ProvideProcedures,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    if command.edition.trim().is_empty() || command.edition.chars().count() > 40 {
        return Err(Rejection::UnusableEdition);
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    if practitioner.procedures().is_some_and(|held| held.edition == command.edition) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SecurityProceduresProvided { on: command.on, edition: command.edition.clone() }])
}
