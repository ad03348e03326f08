//! Rule U2: an accredited organisation nominates somebody who needs access for their work.
//!
//! Source: Commons 12 October 2009, 283329 (organisational accreditation before any of its staff);
//! access and security statement, 2009 (only people who need it for their work).
//! Reading: the management team nominates the practitioners and trainers of its organisation;
//! officials nominate the members of management teams, or no first team could come to be. One account,
//! one nomination: another role or another employer is another account. Nobody nominates themselves,
//! and nobody is their own manager.

use chrono::{DateTime, Utc};

use super::{AccountRole, Appointment, Event, Practitioner};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    identity::{OrganisationId, PractitionerId},
    organisation::Organisation,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Nominate somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominate {
    /// Now.
    pub at: DateTime<Utc>,
    /// Whom: a fresh handle for a new account.
    pub practitioner: PractitionerId,
    /// By which organisation.
    pub organisation: OrganisationId,
    /// For which kind of account.
    pub role: AccountRole,
    /// Their name.
    pub name: Personal<Text>,
    /// Their surname.
    pub surname: Personal<Text>,
    /// Who is told when there is suspicion.
    pub manager: PractitionerId,
    /// Why they need access.
    pub need: Personal<Text>,
}

/// Why somebody is not nominated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// The account has its nomination.
    #[error("the account was nominated already; another role or employer is another account")]
    AlreadyNominated,
    /// They hold or held an office of the department under this handle.
    #[error("an office of the department is held under this handle")]
    HoldsOffice,
    /// The organisation is not accredited.
    #[error("the organisation is not accredited")]
    OrganisationNotAccredited,
    /// The manager is the person themself.
    #[error("nobody is their own manager")]
    OwnManager,
}

/// Nominates the person.
pub fn decide(
    practitioner: &Practitioner,
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Nominate,
) -> Result<Vec<Event>, Rejection> {
    let needs = match command.role {
        AccountRole::Practitioner | AccountRole::Trainer => {
            Needs::ManagementTeamOf(command.organisation)
        }
        AccountRole::ManagementTeam => Needs::Official,
    };
    require_about_another(caller, policy, command.at, needs, Some(command.practitioner))?;
    if practitioner.nomination().is_some() {
        return Err(Rejection::AlreadyNominated);
    }
    if practitioner.appointment() != Appointment::None {
        return Err(Rejection::HoldsOffice);
    }
    let accredited = organisation.id() == Some(command.organisation)
        && organisation.accredited_on(command.at.date_naive());
    if !accredited {
        return Err(Rejection::OrganisationNotAccredited);
    }
    if command.manager == command.practitioner {
        return Err(Rejection::OwnManager);
    }
    Ok(vec![Event::Nominated {
        organisation: command.organisation,
        role: command.role,
        name: command.name.clone(),
        surname: command.surname.clone(),
        manager: command.manager,
        need: command.need.clone(),
    }])
}
