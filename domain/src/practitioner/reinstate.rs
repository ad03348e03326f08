//! Rule U16: an account is reinstated when the investigation is concluded and the conditions hold.
//!
//! Source: Commons 12 October 2009, 283329; the case of 2010 (both accounts suspended until the process
//! was finished).
//! Reading: a suspension on suspicion ends only after its investigation, and not after a finding of
//! improper use: then the account can only be closed. An account that had been authorised must meet every
//! condition now; one that had not goes back to waiting. Nobody reinstates themselves.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    Condition, Event, Practitioner, assess,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    identity::InvestigationId,
    investigation::Finding,
    organisation::Organisation,
    personal::Personal,
    policy::{Policy, PolicyVersion},
    reason::Text,
};

/// What the investigation's own stream says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Which investigation.
    pub investigation: InvestigationId,
    /// Its finding, once concluded.
    pub concluded: Option<Finding>,
}

/// Reinstate an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reinstate {
    /// Now.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Personal<Text>,
}

/// Why an account is not reinstated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// It is not suspended.
    #[error("the account is not suspended")]
    NotSuspended,
    /// The investigation has not been concluded.
    #[error("investigation {investigation} is not concluded")]
    InvestigationNotConcluded {
        /// Which.
        investigation: InvestigationId,
    },
    /// The investigation found improper use.
    #[error("investigation {investigation} found improper use; the account can only be closed")]
    FoundImproper {
        /// Which.
        investigation: InvestigationId,
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

/// Reinstates the account.
pub fn decide(
    practitioner: &Practitioner,
    organisation: &Organisation,
    inquiry: Option<Inquiry>,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Reinstate,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    let suspension = practitioner.account().suspension().ok_or(Rejection::NotSuspended)?;
    if let Some(investigation) = suspension.investigation {
        match inquiry.filter(|it| it.investigation == investigation).and_then(|it| it.concluded) {
            None => return Err(Rejection::InvestigationNotConcluded { investigation }),
            Some(Finding::Improper) => return Err(Rejection::FoundImproper { investigation }),
            Some(Finding::Proper | Finding::WrongProcedure) => {}
        }
    }
    if suspension.before.is_some() {
        let mut standing =
            assess(practitioner, organisation, policy, nomination.role, None, command.at);
        standing.unmet.remove(&Condition::NotSuspended);
        if !standing.authorised() {
            return Err(Rejection::Unmet { conditions: standing.unmet, policy: standing.policy });
        }
    }
    Ok(vec![Event::AccountReinstated {
        investigation: suspension.investigation,
        reason: command.reason.clone(),
    }])
}
