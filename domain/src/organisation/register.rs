//! Rule O1: an organisation is made known to the directory before anything else is said of it.
//!
//! Source: SI 2007/2182 (local authorities; bodies given access by the Secretary of State).
//! Reading: officials register; at the set-up of a directory the system registers the department, which is
//! one organisation under a handle everybody knows.

use chrono::{DateTime, Utc};

use super::{Event, Organisation, OrganisationKind, Registration};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    identity::OrganisationId,
    policy::Policy,
};

/// Register an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which: a fresh handle, or the department's.
    pub organisation: OrganisationId,
    /// What kind of body.
    pub kind: OrganisationKind,
    /// Its public name.
    pub name: String,
}

/// Why an organisation is not registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is registered otherwise.
    #[error("the organisation is registered already")]
    AlreadyRegistered,
    /// The name is blank or longer than 200 characters.
    #[error("a public name has 1 to 200 characters")]
    UnusableName,
    /// Only the department is the department.
    #[error("the kind department goes with the handle of the department, and no other")]
    KindOfTheDepartment,
}

/// Registers the organisation; quiet if it is so registered.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Register,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::AnyOf(&[Needs::Official, Needs::System]))?;
    if command.name.trim().is_empty() || command.name.chars().count() > 200 {
        return Err(Rejection::UnusableName);
    }
    let is_department = command.organisation == OrganisationId::DEPARTMENT;
    if is_department != (command.kind == OrganisationKind::Department) {
        return Err(Rejection::KindOfTheDepartment);
    }
    match organisation.registration() {
        Some(Registration { kind, name }) if *kind == command.kind && *name == command.name => {
            Ok(Vec::new())
        }
        Some(_) => Err(Rejection::AlreadyRegistered),
        None => Ok(vec![Event::Registered { kind: command.kind, name: command.name.clone() }]),
    }
}
