//! Rule U14: the right to override shields can be withdrawn at any time, with effect at once.
//!
//! Source: the sources are silent on withdrawal.
//! Reading: by the management team of their organisation or an official, whatever state the account is in.

use chrono::{DateTime, Utc};

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

/// Withdraw the right to override shields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawOverrideRight {
    /// Now.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Personal<Text>,
}

/// Why the right is not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
}

/// Withdraws the right; quiet if it is not held.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &WithdrawOverrideRight,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    if !practitioner.holds_override_right() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ShieldOverrideRightWithdrawn { reason: command.reason.clone() }])
}
