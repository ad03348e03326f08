//! Who keeps an account: the management team of the organisation that nominated, or an official.

use chrono::{DateTime, Utc};

use super::{Account, Nomination, Practitioner};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    policy::{Policy, PolicyVersion},
};

/// There is no account to which anything could be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoOpenAccount {
    /// Nobody nominated them.
    #[error("nobody has nominated this person for an account")]
    NotNominated,
    /// The account is closed, for good.
    #[error("the account is closed; somebody who returns is nominated anew, for a new account")]
    Closed,
}

/// The nomination of an account that is not closed.
pub(super) fn open_account(practitioner: &Practitioner) -> Result<&Nomination, NoOpenAccount> {
    let nomination = practitioner.nomination().ok_or(NoOpenAccount::NotNominated)?;
    match practitioner.account() {
        Account::Closed { .. } => Err(NoOpenAccount::Closed),
        Account::NotAuthorised | Account::Authorised(_) | Account::Suspended(_) => Ok(nomination),
    }
}

/// Lets pass the management team of the nominating organisation, and officials; never the person.
pub(super) fn by_its_keepers(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    practitioner: &Practitioner,
    nomination: &Nomination,
) -> Result<PolicyVersion, NotEntitled> {
    let keepers = [Needs::ManagementTeamOf(nomination.organisation), Needs::Official];
    require_about_another(caller, policy, at, Needs::AnyOf(&keepers), practitioner.id())
}

/// Lets pass trainers, and officials, who train the first trainers; never the person.
pub(super) fn by_a_trainer(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    practitioner: &Practitioner,
) -> Result<PolicyVersion, NotEntitled> {
    let trainers = [Needs::Trainer, Needs::Official];
    require_about_another(caller, policy, at, Needs::AnyOf(&trainers), practitioner.id())
}
