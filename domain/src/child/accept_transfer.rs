//! Rule R22: the authority to which a record was offered becomes responsible by accepting it.
//!
//! Source: responsibility passes with the agreement of both authorities, S3.
//! Reading: accepting is for the management team of the authority to which the record was offered.
//! From that event on it alone is responsible, and the shield and its reviews are its duty as they
//! stand.

use chrono::{DateTime, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, organisation::Capability, policy::Policy};

/// Accepts a record that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptTransfer {
    /// When.
    pub at: DateTime<Utc>,
}

/// Why nothing is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not accept records.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The record is not offered to the caller's authority.
    #[error("the record is not offered to the caller's authority")]
    NotOffered,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AcceptTransfer,
) -> Result<Vec<Event>, Rejection> {
    entitlement::team(caller, policy, command.at, Capability::Update)?;
    if child.transfer_offered_to() == Some(caller.organisation_id) {
        Ok(vec![Event::ResponsibilityTransferAccepted { by: caller.organisation_id }])
    } else {
        Err(Rejection::NotOffered)
    }
}
