//! Rule U8: a written examination cannot be demanded of a practitioner.
//!
//! Source: HL4246 ("There is no mandatory written exam for practitioners to become authorised users").
//! Reading: of management teams and trainers the test is demanded already, so there is nothing to do.

use chrono::{DateTime, Utc};

use super::{
    AccountRole, Event, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// Demand a written examination of somebody before they are authorised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandExamination {
    /// Now.
    pub at: DateTime<Utc>,
}

/// Why it cannot be demanded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// Practitioners take no examination.
    #[error(
        "no written examination may be demanded of a practitioner (HL4246): \"There is no mandatory written exam for practitioners to become authorised users of ContactPoint\""
    )]
    NoExaminationForPractitioners,
}

/// Refuses for practitioners; quiet for those who are tested anyway.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &DemandExamination,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    match nomination.role {
        AccountRole::Practitioner => Err(Rejection::NoExaminationForPractitioners),
        AccountRole::ManagementTeam | AccountRole::Trainer => Ok(Vec::new()),
    }
}
