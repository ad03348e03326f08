//! Rule U18: officials and auditors hold office by appointment.
//!
//! Source: Commons 12 October 2009, 283329 (a central team of the department reviews use).
//! Reading: the first is appointed by the system at the set-up of a directory, the others by officials.
//! Office and account are kept apart: who holds one under a handle does not hold the other. Nobody
//! appoints themselves.

use chrono::{DateTime, Utc};

use super::{Event, Office, Practitioner};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    identity::PractitionerId,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Appoint somebody to an office of the department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointToDepartment {
    /// Now.
    pub at: DateTime<Utc>,
    /// Whom.
    pub practitioner: PractitionerId,
    /// To which office.
    pub office: Office,
    /// Their name.
    pub name: Personal<Text>,
}

/// Why somebody is not appointed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// An account was nominated under this handle.
    #[error("an account was nominated under this handle")]
    HoldsAccount,
    /// They hold an office.
    #[error("the office {office:?} is held already")]
    AlreadyAppointed {
        /// Which.
        office: Office,
    },
}

/// Appoints the person; quiet if they hold the office.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AppointToDepartment,
) -> Result<Vec<Event>, Rejection> {
    let needs = Needs::AnyOf(&[Needs::Official, Needs::System]);
    require_about_another(caller, policy, command.at, needs, Some(command.practitioner))?;
    if practitioner.nomination().is_some() {
        return Err(Rejection::HoldsAccount);
    }
    match practitioner.appointment().office_on(command.at.date_naive()) {
        Some(office) if office == command.office => Ok(Vec::new()),
        Some(office) => Err(Rejection::AlreadyAppointed { office }),
        None => Ok(vec![Event::AppointedToDepartment {
            office: command.office,
            name: command.name.clone(),
        }]),
    }
}
