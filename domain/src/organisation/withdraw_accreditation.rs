//! Rule O3: accreditation can be withdrawn, and with it the access of everybody there.
//!
//! Source: the sources speak of accreditation only (Commons 12 October 2009, 283329).
//! Reading: from today or a later day, never for days already judged. Accounts need no event each: the
//! condition fails at the next use.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Organisation};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Withdraw an accreditation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawAccreditation {
    /// Now.
    pub at: DateTime<Utc>,
    /// The first day on which it does not hold.
    pub on: NaiveDate,
    /// Why.
    pub reason: Personal<Text>,
}

/// Why it is not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is none to withdraw from that day.
    #[error("the organisation is not accredited on {on}")]
    NotAccredited {
        /// The day given.
        on: NaiveDate,
    },
    /// The day has been judged already.
    #[error("withdrawn today or later, not from {on}")]
    BackDated {
        /// The day given.
        on: NaiveDate,
    },
}

/// Withdraws the accreditation.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &WithdrawAccreditation,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::Official)?;
    if command.on < command.at.date_naive() {
        return Err(Rejection::BackDated { on: command.on });
    }
    if !organisation.accredited_on(command.on) {
        return Err(Rejection::NotAccredited { on: command.on });
    }
    Ok(vec![Event::AccreditationWithdrawn { on: command.on, reason: command.reason.clone() }])
}
