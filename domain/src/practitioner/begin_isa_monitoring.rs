//! Rule U11: users are monitored by the ISA, from the day on which it is in force.
//!
//! Source: HL4246 ("will also need to be subject to monitoring by the Independent Safeguarding Authority
//! (ISA) when it is introduced").
//! Reading: it may begin before that day, and counts from then on only (`isa_in_force_from` of the policy;
//! none so far). It is not recorded ahead of time.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, IsaMonitoring, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// Record that the ISA monitors somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeginIsaMonitoring {
    /// Now.
    pub at: DateTime<Utc>,
    /// From which day.
    pub on: NaiveDate,
}

/// Why it is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
    /// It ended on a later day.
    #[error("monitoring ended on {ended_on}, and begins again on that day or later")]
    BeforeTheLastEnded {
        /// When it ended.
        ended_on: NaiveDate,
    },
}

/// Records the beginning; quiet if they are monitored.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &BeginIsaMonitoring,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    match practitioner.isa() {
        IsaMonitoring::Since { .. } => Ok(Vec::new()),
        IsaMonitoring::Ended { on: ended_on, .. } if command.on < ended_on => {
            Err(Rejection::BeforeTheLastEnded { ended_on })
        }
        IsaMonitoring::None | IsaMonitoring::Ended { .. } => {
            Ok(vec![Event::IsaMonitoringStarted { on: command.on }])
        }
    }
}
