//! Whose rows somebody asks for: a management team its own organisation's, the department anybody's.

use domain::{actor::Role, identity::OrganisationId, stream::Stream};

use crate::caller::Person;

/// Whose rows.
#[derive(Clone, Copy, Debug)]
pub(in crate::queries) struct Scope {
    /// Of this organisation; of every one if none is named.
    pub(super) organisation: Option<OrganisationId>,
    department: bool,
}

impl Scope {
    /// A team that names no organisation means its own. One that names another is refused when the
    /// question is recorded.
    pub(in crate::queries) fn of(by: &Person, asked: Option<OrganisationId>) -> Self {
        let department = matches!(by.role, Role::Auditor | Role::Official);
        let own = (!department).then_some(by.organisation);
        Self { organisation: asked.or(own), department }
    }

    /// What the question is about, as it is recorded.
    pub(in crate::queries) fn about(&self) -> Vec<Stream> {
        self.organisation.map(Stream::Organisation).into_iter().collect()
    }

    /// What was not looked at.
    pub(super) fn left_alone(&self) -> Vec<&'static str> {
        match self.organisation {
            Some(_) => vec!["rows of other organisations"],
            None => Vec::new(),
        }
    }

    /// Whether the caller may know of what belongs to nobody in particular, such as events that could
    /// not be read.
    pub(super) const fn is_of_the_department(&self) -> bool {
        self.department
    }
}
