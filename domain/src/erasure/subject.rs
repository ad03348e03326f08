//! Whom an erasure is about.

use chrono::NaiveDate;

use crate::{
    caller::Needs,
    child::Child,
    identity::{OrganisationId, PractitionerId},
    practitioner::{Account, Practitioner},
};

/// Whom an erasure is about, as their own stream says.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A child with a record.
    Child(&'a Child),
    /// Somebody who works or worked with the directory.
    Practitioner(&'a Practitioner),
}

impl<'a> Subject<'a> {
    /// Whose handle it is; nobody's, if it names neither a record nor a person.
    pub fn of(child: &'a Child, practitioner: &'a Practitioner) -> Option<Self> {
        if child.exists() {
            Some(Self::Child(child))
        } else {
            practitioner.id().map(|_| Self::Practitioner(practitioner))
        }
    }

    /// The organisation that answers for them.
    pub fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::Child(child) => child.responsible_authority(),
            Self::Practitioner(person) => person.nomination().map(|by| by.organisation),
        }
    }

    /// The person, if it is one of those who use the directory: nobody decides about themselves.
    pub const fn person(self) -> Option<PractitionerId> {
        match self {
            Self::Child(_) => None,
            Self::Practitioner(person) => person.id(),
        }
    }

    /// Whether they use the directory on a day: an account that is not closed, or an office.
    pub(super) fn is_active_on(self, day: NaiveDate) -> bool {
        match self {
            Self::Child(_) => false,
            Self::Practitioner(person) => {
                let open = match person.account() {
                    Account::Authorised(_) | Account::Suspended(_) => true,
                    Account::NotAuthorised | Account::Closed { .. } => false,
                };
                open || person.appointment().office_on(day).is_some()
            }
        }
    }

    /// The officers who may decide: officials of the department, and the management team of the
    /// organisation that answers for the subject.
    pub(super) fn officers(self) -> Vec<Needs<'static>> {
        let own = self.organisation().map(Needs::ManagementTeamOf);
        [Needs::Official].into_iter().chain(own).collect()
    }
}
