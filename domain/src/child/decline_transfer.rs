//! Rule R23: the authority to which a record was offered may decline it, with a reason; then nothing
//! changes.
//!
//! Source: responsibility passes with the agreement of both authorities, S3.
//! Reading: declining is for the management team of the authority to which the record was offered.

use chrono::{DateTime, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{
    caller::Caller, organisation::Capability, personal::Personal, policy::Policy, reason::Text,
};

/// Declines a record that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclineTransfer {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Text,
}

/// Why nothing is declined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not answer offers.
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
    command: &DeclineTransfer,
) -> Result<Vec<Event>, Rejection> {
    entitlement::team(caller, policy, command.at, Capability::Update)?;
    if child.transfer_offered_to() == Some(caller.organisation_id) {
        Ok(vec![Event::ResponsibilityTransferDeclined {
            by: caller.organisation_id,
            reason: Personal::Known(command.reason.clone()),
        }])
    } else {
        Err(Rejection::NotOffered)
    }
}
