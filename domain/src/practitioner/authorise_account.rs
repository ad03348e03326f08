//! Rule U13: an account is authorised only when every condition holds, and the event says which.
//!
//! Source: HL4246 ("In order for professionals … to become authorised users of ContactPoint they must").
//! Reading: the management team of the nominating organisation authorises, or an official, without whom
//! there would be no first team. Every unmet condition is named, not the first. What was judged, and under
//! which policy, goes into the event; at each use all of it is judged again (rule U1).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    Account, Condition, Event, Practitioner, assess,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    organisation::Organisation,
    policy::{Policy, PolicyVersion},
};

/// Authorise an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthoriseAccount {
    /// Now.
    pub at: DateTime<Utc>,
}

/// Why an account is not authorised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// It is authorised.
    #[error("the account is authorised already")]
    AlreadyAuthorised,
    /// Conditions that do not hold: every one.
    #[error("conditions not met: {conditions:?}")]
    Unmet {
        /// All of them.
        conditions: BTreeSet<Condition>,
        /// The policy under which they were judged.
        policy: PolicyVersion,
    },
}

/// Authorises the account.
pub fn decide(
    practitioner: &Practitioner,
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AuthoriseAccount,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    match practitioner.account() {
        Account::Authorised(_) => return Err(Rejection::AlreadyAuthorised),
        Account::NotAuthorised | Account::Suspended(_) | Account::Closed { .. } => {}
    }
    let mut standing =
        assess(practitioner, organisation, policy, nomination.role, None, command.at);
    standing.judged.remove(&Condition::AccountAuthorised);
    standing.unmet.remove(&Condition::AccountAuthorised);
    if !standing.authorised() {
        return Err(Rejection::Unmet { conditions: standing.unmet, policy: standing.policy });
    }
    Ok(vec![Event::AccountAuthorised {
        role: nomination.role,
        conditions: standing.judged,
        policy: standing.policy,
    }])
}
