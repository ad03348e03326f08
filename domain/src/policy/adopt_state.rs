//! The policy as it stands: every set adopted, and which one holds on a day.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::{Event, PolicyVersion, Values};
use crate::{fold::Fold, recorded::Recorded};

static DEFAULTS: LazyLock<Values> = LazyLock::new(Values::default);

/// A set of values with the first day it holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Adopted {
    /// Its number.
    pub version: PolicyVersion,
    /// The first day on which it holds.
    pub effective_from: NaiveDate,
    /// The values.
    pub values: Values,
}

/// Every set of values ever adopted.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Policy {
    adopted: Vec<Adopted>,
}

impl Policy {
    /// The set that holds on a day: of those effective by then, the one adopted last; before any,
    /// version 0 with the defaults.
    pub fn on(&self, day: NaiveDate) -> (PolicyVersion, &Values) {
        self.adopted.iter().rev().find(|set| set.effective_from <= day).map_or_else(
            || (PolicyVersion::default(), &*DEFAULTS),
            |set| (set.version, &set.values),
        )
    }

    /// Every set, in the order of adoption.
    pub fn adopted(&self) -> &[Adopted] {
        &self.adopted
    }
}

impl Fold for Policy {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        let Event::VersionAdopted { version, effective_from, values, sources: _ } = &recorded.event;
        self.adopted.push(Adopted {
            version: *version,
            effective_from: *effective_from,
            values: Values::clone(values),
        });
    }
}
