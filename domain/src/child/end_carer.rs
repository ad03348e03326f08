//! Rule R8: a carer who has care no longer is taken off the record, from a day that has come.
//!
//! Source: Schedule 1, paragraph 6, S1c; superseding data, S5b.
//! Reading: the carer's handle must be on the record now. Handles are random, so not finding one tells
//! nothing.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, identity::CarerId, organisation::Capability, policy::Policy};

/// Takes a carer off the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndCarer {
    /// When.
    pub at: DateTime<Utc>,
    /// Which carer.
    pub carer: CarerId,
    /// From which day they have care no longer.
    pub on: NaiveDate,
}

/// Why nobody is taken off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// No such carer is on the record.
    #[error("no such carer is on the record")]
    NoSuchCarer,
    /// The day has not come.
    #[error("the day lies in the future")]
    NotYet,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EndCarer,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    if !child.carers().contains_key(&command.carer) {
        return Err(Rejection::NoSuchCarer);
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::NotYet);
    }
    Ok(vec![Event::CarerEnded { carer: command.carer, on: command.on }])
}
