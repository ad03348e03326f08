//! Rule R21: the responsible authority may offer a record to another accredited authority, and stays
//! responsible until that one accepts.
//!
//! Source: responsibility passes with the agreement of both authorities, S3; moves between authorities,
//! S25.
//! Reading: offering is for the management team of the responsible authority. A new offer to a third
//! authority takes the place of one that has not been answered. The shield is not touched.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{
    caller::Caller,
    identity::OrganisationId,
    organisation::{Capability, Organisation, OrganisationKind},
    policy::Policy,
};

/// Offers a record to another authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferTransfer {
    /// When.
    pub at: DateTime<Utc>,
    /// To which authority.
    pub to: OrganisationId,
}

/// Something about the other authority that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unmet {
    /// It is responsible already.
    #[error("the authority is responsible already")]
    ResponsibleAlready,
    /// The record has been offered to it, and it has not answered.
    #[error("the record is offered to that authority already")]
    OfferedAlready,
    /// It is not a local authority.
    #[error("the body is not a local authority")]
    NotALocalAuthority,
    /// It is not accredited.
    #[error("the authority is not accredited")]
    NotAccredited,
}

/// Why nothing is offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not offer this record.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// Everything about the other authority that stands in the way.
    #[error("the record cannot be offered to that authority")]
    Unmet(BTreeSet<Unmet>),
}

/// Decides. `other` is the state of the authority that the command names.
///
/// # Errors
/// Names everything that stands in the way.
pub fn decide(
    child: &Child,
    other: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &OfferTransfer,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Update)?;
    let kind = other.registration().map(|known| known.kind);
    let unmet: BTreeSet<Unmet> = [
        (child.responsible_authority() == Some(command.to), Unmet::ResponsibleAlready),
        (child.transfer_offered_to() == Some(command.to), Unmet::OfferedAlready),
        (kind != Some(OrganisationKind::LocalAuthority), Unmet::NotALocalAuthority),
        (!other.accredited_on(command.at.date_naive()), Unmet::NotAccredited),
    ]
    .into_iter()
    .filter_map(|(stands_in_the_way, unmet)| stands_in_the_way.then_some(unmet))
    .collect();
    if unmet.is_empty() {
        Ok(vec![Event::ResponsibilityTransferOffered { to: command.to }])
    } else {
        Err(Rejection::Unmet(unmet))
    }
}
