//! Rule O6: an organisation signs off its shielding before first use when no request waits.
//!
//! Source: Commons 28 January 2009; Lords 16 October 2008 (shields before any access).
//! Reading: at least one report came before, and its last says that none waits; nought looked at will do.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Capability, Event, Organisation, ShieldingPhase};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// Sign the shielding phase off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteShieldingPhase {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day.
    pub on: NaiveDate,
}

/// Why it is not signed off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not registered.
    #[error("no such organisation is registered")]
    NotRegistered,
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
    /// No report was made.
    #[error("no progress was reported")]
    NothingReported,
    /// Requests wait.
    #[error("{waiting} requests still wait")]
    StillWaiting {
        /// How many.
        waiting: u32,
    },
}

/// Signs the phase off; quiet if it is.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &CompleteShieldingPhase,
) -> Result<Vec<Event>, Rejection> {
    let id = organisation.id().filter(|_| organisation.registration().is_some());
    let id = id.ok_or(Rejection::NotRegistered)?;
    let team = Needs::ManagementTeamUsing(id, Capability::Shield);
    require(caller, policy, command.at, team)?;
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    match organisation.shielding() {
        ShieldingPhase::Completed { .. } => Ok(Vec::new()),
        ShieldingPhase::NotReported => Err(Rejection::NothingReported),
        ShieldingPhase::Underway { waiting: 0, .. } => {
            Ok(vec![Event::ShieldingPhaseCompleted { on: command.on }])
        }
        ShieldingPhase::Underway { waiting, .. } => Err(Rejection::StillWaiting { waiting }),
    }
}
