//! Rule U12: a user has a security token of their own.
//!
//! Source: access and security statement, 2009 (user name, PIN, physical token and password).
//! Reading: one at a time; a lost one is revoked first, and a revoked one is never issued again.

use chrono::{DateTime, Utc};

use super::{
    Event, Practitioner, Token,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    identity::TokenId,
    policy::Policy,
};

/// Issue a security token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueToken {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which.
    pub token: TokenId,
}

/// Why it is not issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// They hold another.
    #[error("token {held} is held; revoke it first")]
    HoldsAnother {
        /// Which.
        held: TokenId,
    },
    /// It was revoked.
    #[error("a revoked token is never issued again")]
    WasRevoked,
}

/// Issues the token; quiet if they hold it.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &IssueToken,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    match practitioner.token() {
        Token::Held(held) if held == command.token => Ok(Vec::new()),
        Token::Held(held) => Err(Rejection::HoldsAnother { held }),
        Token::None if practitioner.revoked_tokens().contains(&command.token) => {
            Err(Rejection::WasRevoked)
        }
        Token::None => Ok(vec![Event::SecurityTokenIssued { token: command.token }]),
    }
}
