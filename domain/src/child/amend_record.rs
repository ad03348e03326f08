//! Rule R5: a detail that was true and has changed is superseded, from a day that has come.
//!
//! Source: amending a record, S1b, S25; superseding data must be sent, S5b; former names, S1c.
//! Reading: a name superseded becomes a former name. A date of birth cannot change, so it can only be
//! corrected. That a detail repeats what is recorded is not refused and not passed over: either would
//! tell a writer what a shield hides.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Detail, Event,
    entitlement::{self, Barred},
    source_of,
};
use crate::{caller::Caller, organisation::Capability, policy::Policy};

/// Supersedes a detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// The new value.
    pub detail: Detail,
    /// From which day it holds.
    pub valid_from: NaiveDate,
}

/// Why nothing is amended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// A date of birth is right or wrong; it is corrected, not superseded.
    #[error("a date of birth can only be corrected")]
    OnlyCorrected,
    /// The day from which it holds has not come.
    #[error("the day from which it holds lies in the future")]
    NotYetValid,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AmendRecord,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    if matches!(command.detail, Detail::DateOfBirth(_)) {
        return Err(Rejection::OnlyCorrected);
    }
    if command.valid_from > command.at.date_naive() {
        return Err(Rejection::NotYetValid);
    }
    Ok(vec![Event::DetailSuperseded {
        detail: command.detail.clone(),
        valid_from: command.valid_from,
        source: source_of(caller),
    }])
}
