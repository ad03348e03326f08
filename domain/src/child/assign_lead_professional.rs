//! Rule R17: the lead professional is one of those involved with the child now.
//!
//! Source: the lead professional indicator, S11, S28.
//! Reading: assigned by an involvement of this child that has not ended; the one before ceases to be.
//! A sensitive service cannot lead, because the indicator would betray it: it is told that there is no
//! such involvement.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, identity::InvolvementId, organisation::Capability, policy::Policy};

/// Assigns the lead professional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssignLeadProfessional {
    /// When.
    pub at: DateTime<Utc>,
    /// By their involvement.
    pub involvement: InvolvementId,
}

/// Why nobody is assigned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no such involvement that may lead.
    #[error("there is no such involvement")]
    NoSuchInvolvement,
    /// The involvement has ended, on this day.
    #[error("the involvement has ended")]
    InvolvementEnded(NaiveDate),
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AssignLeadProfessional,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    match child.involvements().get(&command.involvement).map(|found| found.ended) {
        None => Err(Rejection::NoSuchInvolvement),
        Some(Some(day)) => Err(Rejection::InvolvementEnded(day)),
        Some(None) => {
            Ok(vec![Event::LeadProfessionalAssigned { involvement: command.involvement }])
        }
    }
}
