//! Services that work with a child, from when and until when.

use chrono::NaiveDate;

use super::{InvolvedService, Provider, SensitiveBasis};
use crate::{identity::OrganisationId, personal::Personal};

/// An institution that serves the child now: a school, a practice.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ServedBy {
    /// Which.
    pub provider: Personal<Provider>,
    /// From which day.
    pub from: NaiveDate,
}

/// A service that works or worked with the child.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Involvement {
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// The service, and how to reach it.
    pub service: Personal<InvolvedService>,
    /// From which day.
    pub from: NaiveDate,
    /// The first day on which it was over, once it is.
    pub ended: Option<NaiveDate>,
}

/// A sensitive service that works or worked with the child.
///
/// Its organisation is not in the event, since naming it would betray the kind of service (S21b).
/// That it was the provider's own is known from who recorded it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SensitiveInvolvement {
    /// The organisation that recorded it.
    pub provider: Option<OrganisationId>,
    /// On what basis.
    pub basis: SensitiveBasis,
    /// The service, and how to reach it.
    pub service: Personal<InvolvedService>,
    /// From which day.
    pub from: NaiveDate,
    /// The first day on which it was over, once it is.
    pub ended: Option<NaiveDate>,
}
