//! Rule U12: a token that is revoked no longer counts.
//!
//! Source: access and security statement, 2009; the Lords debate of 18 July 2007 (shared credentials).
//! Reading: ours; it takes effect at once.

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

/// Revoke a security token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeToken {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which.
    pub token: TokenId,
}

/// Why it is not revoked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// It is not the one they hold.
    #[error("this token is not held by this person")]
    NotHeld,
}

/// Revokes the token; quiet if it is revoked.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RevokeToken,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    if practitioner.revoked_tokens().contains(&command.token) {
        return Ok(Vec::new());
    }
    match practitioner.token() {
        Token::Held(held) if held == command.token => {
            Ok(vec![Event::SecurityTokenRevoked { token: command.token }])
        }
        Token::None | Token::Held(_) => Err(Rejection::NotHeld),
    }
}
