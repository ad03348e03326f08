//! Who acted, in which role, for which organisation: as it was then.

use serde::{Deserialize, Serialize};

use crate::identity::{OrganisationId, PractitionerId};

/// The office somebody acted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works with children and looks records up.
    Practitioner,
    /// A member of a ContactPoint management team: accounts, shielding, investigations.
    ManagementTeam,
    /// Delivers the mandatory training, and tests those who are to be tested.
    Trainer,
    /// An official of the department.
    Official,
    /// The department's central audit team.
    Auditor,
    /// The system itself: a clock, a feed, the set-up of a new directory.
    System,
}

/// Who did it. Stored with every event, and never joined to what they are today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The person; absent when the system acted by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<PractitionerId>,
    /// In which office.
    pub role: Role,
    /// Of which organisation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organisation: Option<OrganisationId>,
    /// Mediated access: for whom the actor looked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on_behalf_of: Option<PractitionerId>,
}

impl Actor {
    /// The system, acting by itself.
    pub const SYSTEM: Self =
        Self { id: None, role: Role::System, organisation: None, on_behalf_of: None };

    /// A person in an office of an organisation.
    pub const fn person(id: PractitionerId, role: Role, organisation: OrganisationId) -> Self {
        Self { id: Some(id), role, organisation: Some(organisation), on_behalf_of: None }
    }
}
