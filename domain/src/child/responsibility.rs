//! Which authority answers for a record: exactly one from its creation on (I5).

use crate::identity::OrganisationId;

/// Which authority answers for a record, and whether it wants to hand it over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Responsibility {
    /// No record, so nobody.
    #[default]
    Nobody,
    /// One authority.
    With(OrganisationId),
    /// Still the one authority, which has offered the record to another.
    Offered {
        /// Who is responsible until the other accepts.
        by: OrganisationId,
        /// To whom it is offered.
        to: OrganisationId,
    },
}

impl Responsibility {
    /// The responsible authority.
    pub const fn authority(self) -> Option<OrganisationId> {
        match self {
            Self::Nobody => None,
            Self::With(authority) | Self::Offered { by: authority, .. } => Some(authority),
        }
    }

    /// The authority to which the record is offered.
    pub const fn offered_to(self) -> Option<OrganisationId> {
        match self {
            Self::Nobody | Self::With(_) => None,
            Self::Offered { to, .. } => Some(to),
        }
    }

    /// With an offer pending to this authority. Nobody cannot offer.
    #[must_use]
    pub(super) const fn offering(self, to: OrganisationId) -> Self {
        match self.authority() {
            None => Self::Nobody,
            Some(by) => Self::Offered { by, to },
        }
    }

    /// Without an offer pending.
    #[must_use]
    pub(super) const fn keeping(self) -> Self {
        match self.authority() {
            None => Self::Nobody,
            Some(authority) => Self::With(authority),
        }
    }
}
