//! Rule U5: when a check has lapsed, the clock or a keeper of the account puts it on record.
//!
//! Source: HL4246 ("renewed every three years").
//! Reading: access ends by itself on the day (rule U1); the record makes it visible. Once recorded, only
//! a newer check restores the condition, whatever a later policy says of the old one. The day recorded
//! is the first on which the check did not hold, under the policy of that day; nobody chooses it, so it
//! does not matter who has it recorded: the system by the clock, or a keeper of the account.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CrbCheck, Event, Practitioner, crb_check_lapses_on,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    actor::Role,
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// Record that the check no longer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLapse {
    /// Now.
    pub at: DateTime<Utc>,
}

/// Why a lapse is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// There is no check to lapse.
    #[error("no check was recorded")]
    NoCheck,
    /// The check still holds.
    #[error("the check holds until {lapses_on}")]
    StillHolds {
        /// The first day on which it will not.
        lapses_on: NaiveDate,
    },
}

/// Records the lapse; quiet if it is on record.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordLapse,
) -> Result<Vec<Event>, Rejection> {
    if caller.role == Role::System {
        require(caller, policy, command.at, Needs::System)?;
        open_account(practitioner)?;
    } else {
        let nomination = open_account(practitioner)?;
        by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    }
    let issued_on = match practitioner.crb_check() {
        CrbCheck::NotRecorded => return Err(Rejection::NoCheck),
        CrbCheck::Lapsed { .. } => return Ok(Vec::new()),
        CrbCheck::Held { issued_on } => issued_on,
    };
    let lapses_on = first_day_without(issued_on, policy);
    if command.at.date_naive() < lapses_on {
        return Err(Rejection::StillHolds { lapses_on });
    }
    Ok(vec![Event::EnhancedCrbCheckExpired { on: lapses_on }])
}

/// The first day on which a check did not hold, each day judged under its own policy.
fn first_day_without(issued_on: NaiveDate, policy: &Policy) -> NaiveDate {
    let lapses = |day| crb_check_lapses_on(issued_on, policy.on(day).1);
    let turns: BTreeSet<NaiveDate> = policy
        .adopted()
        .iter()
        .flat_map(|set| [set.effective_from, crb_check_lapses_on(issued_on, &set.values)])
        .chain([lapses(issued_on)])
        .collect();
    let first = turns.into_iter().find(|turn| issued_on < *turn && lapses(*turn) <= *turn);
    first.unwrap_or(NaiveDate::MAX)
}
