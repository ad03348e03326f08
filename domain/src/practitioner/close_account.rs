//! Rule U17: a closed account stays closed.
//!
//! Source: draft guidance of 2007, contents (closing is a process of its own, apart from suspending).
//! Reading: closing is final, and nothing is recorded of the account after it; the token is revoked in the
//! same decision. A returning worker is nominated anew, for a new account. An investigation goes on,
//! and a suspension is not lifted.

use chrono::{DateTime, Utc};

use super::{
    Event, Practitioner, Token,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Close an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseAccount {
    /// Now.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Personal<Text>,
}

/// Why an account is not closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
}

/// Closes the account.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &CloseAccount,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    let revoked = match practitioner.token() {
        Token::Held(token) => Some(Event::SecurityTokenRevoked { token }),
        Token::None => None,
    };
    let closed = Event::AccountClosed { reason: command.reason.clone() };
    Ok(revoked.into_iter().chain([closed]).collect())
}
