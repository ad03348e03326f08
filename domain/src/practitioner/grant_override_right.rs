//! Rule U14: the right to override shields is granted to single users, for a stated reason.
//!
//! Source: fact sheet on shielding, second-hand (S27: individually granted to some users with child
//! protection duties).
//! Reading: the management team of their organisation grants it, to an authorised practitioner who meets
//! every condition at that moment. Management teams and trainers need none: teams have their own way
//! behind the shield.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    AccountRole, Condition, Event, Practitioner, assess,
    custody::{NoOpenAccount, open_account},
};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    organisation::Organisation,
    personal::Personal,
    policy::{Policy, PolicyVersion},
    reason::Text,
};

/// Grant the right to override shields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantOverrideRight {
    /// Now.
    pub at: DateTime<Utc>,
    /// Why they need it.
    pub justification: Personal<Text>,
}

/// Why the right is not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// Only practitioners hold the right.
    #[error("the right is for practitioners, not for the role {role:?}")]
    NotAPractitioner {
        /// The role of the account.
        role: AccountRole,
    },
    /// Conditions that do not hold: every one.
    #[error("conditions not met: {conditions:?}")]
    Unmet {
        /// All of them.
        conditions: BTreeSet<Condition>,
        /// The policy under which they were judged.
        policy: PolicyVersion,
    },
}

/// Grants the right; quiet if it is held.
pub fn decide(
    practitioner: &Practitioner,
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &GrantOverrideRight,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    let team = Needs::ManagementTeamOf(nomination.organisation);
    require_about_another(caller, policy, command.at, team, practitioner.id())?;
    match nomination.role {
        AccountRole::Practitioner => {}
        role @ (AccountRole::ManagementTeam | AccountRole::Trainer) => {
            return Err(Rejection::NotAPractitioner { role });
        }
    }
    let standing = assess(practitioner, organisation, policy, nomination.role, None, command.at);
    if !standing.authorised() {
        return Err(Rejection::Unmet { conditions: standing.unmet, policy: standing.policy });
    }
    if practitioner.holds_override_right() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ShieldOverrideRightGranted { justification: command.justification.clone() }])
}
