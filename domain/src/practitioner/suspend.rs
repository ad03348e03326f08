//! Rule U15: on suspicion the account is suspended, the manager told and an investigation begun: a duty.
//!
//! Source: Commons 12 October 2009, 283329 (found by audit, suspected or reported: suspend the account,
//! notify the manager, investigate immediately).
//! Reading: the three are one decision in that order, so none can be left out. At a manager's own request
//! the account is suspended and nothing else. Somebody not authorised yet can be suspended too (a case of
//! 2010 had one). Suspicion outranks a request; while one investigation runs, more of the same belongs to it.

use chrono::{DateTime, Days, Utc};

use super::{
    Event, Practitioner, SuspensionCause,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    identity::InvestigationId,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Suspend an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspend {
    /// Now.
    pub at: DateTime<Utc>,
    /// Why.
    pub cause: SuspensionCause,
    /// In words.
    pub particulars: Personal<Text>,
    /// The handle of the investigation, should one be opened.
    pub investigation: InvestigationId,
}

/// Why an account is not suspended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// It is suspended.
    #[error("the account is suspended already")]
    AlreadySuspended {
        /// The investigation that runs, if one does.
        investigation: Option<InvestigationId>,
    },
}

/// Suspends the account, and on suspicion does what that demands.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Suspend,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    let on_suspicion = match command.cause {
        SuspensionCause::AuditFinding | SuspensionCause::Suspected | SuspensionCause::Reported => {
            true
        }
        SuspensionCause::ManagerRequest => false,
    };
    if let Some(suspension) = practitioner.account().suspension() {
        let outranked = on_suspicion && suspension.investigation.is_none();
        if !outranked {
            let investigation = suspension.investigation;
            return Err(Rejection::AlreadySuspended { investigation });
        }
    }
    let suspended =
        Event::AccountSuspended { cause: command.cause, particulars: command.particulars.clone() };
    if !on_suspicion {
        return Ok(vec![suspended]);
    }
    let today = command.at.date_naive();
    let days = Days::new(policy.on(today).1.investigation_days.into());
    Ok(vec![
        suspended,
        Event::ManagerNotified { manager: nomination.manager },
        Event::InvestigationOpened {
            investigation: command.investigation,
            due: today.checked_add_days(days).unwrap_or(today),
        },
    ])
}
