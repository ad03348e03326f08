//! Failures on demand: what a test tells the store in memory to do wrong.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::backend::Stored;

/// How an append goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendFault {
    /// Nothing is written; the answer is `Unavailable`.
    Unavailable,
    /// Nothing is written; the answer is `Unknown`.
    UnknownBeforeWriting,
    /// The events are written, if the checks pass; the answer is `Unknown`.
    UnknownAfterWriting,
    /// The events are written, if the checks pass; the answer is that the first guard moved, as
    /// from a store that checks guards after the write. Without a guard there is no fault.
    GuardMovedAfterWriting,
    /// Nothing is written, now or later: the answer is `Poisoned` from here on.
    Poisoned,
}

/// What shall go wrong, and when.
#[derive(Debug, Default)]
pub struct Faults {
    plan: Mutex<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    /// Each with the number of appends that are still to pass before it.
    appends: Vec<(u64, AppendFault)>,
    poisoned: bool,
    reads_unavailable: bool,
    altered: Option<u64>,
    missing: Option<u64>,
}

impl Faults {
    /// The next append goes wrong.
    pub fn next_append(&self, fault: AppendFault) {
        self.append_after(0, fault);
    }

    /// `passing` appends go through from now on, and the one after them goes wrong.
    pub fn append_after(&self, passing: u64, fault: AppendFault) {
        self.plan().appends.push((passing, fault));
    }

    /// Reads fail with `Unavailable` from now on, or no longer.
    pub fn reads_unavailable(&self, unavailable: bool) {
        self.plan().reads_unavailable = unavailable;
    }

    /// The entry at a position reads as another from now on, where the whole log is read: as if somebody
    /// had written to the disk.
    pub fn altered_entry(&self, position: u64) {
        self.plan().altered = Some(position);
    }

    /// The entry at a position is missing from now on, where the whole log is read: as if somebody had taken
    /// it out.
    pub fn missing_entry(&self, position: u64) {
        self.plan().missing = Some(position);
    }

    /// Nothing goes wrong any more.
    pub fn none(&self) {
        *self.plan() = Plan::default();
    }

    /// Counts one append, and says what is to go wrong with it.
    pub(super) fn of_this_append(&self) -> Option<AppendFault> {
        let mut plan = self.plan();
        if plan.poisoned {
            return Some(AppendFault::Poisoned);
        }
        let due = plan.appends.iter().position(|(passing, _)| *passing == 0);
        let fault = due.map(|at| plan.appends.remove(at).1);
        for (passing, _) in &mut plan.appends {
            *passing = passing.saturating_sub(1);
        }
        plan.poisoned = fault == Some(AppendFault::Poisoned);
        fault
    }

    /// What is read of the log by position, as the faults leave it.
    pub(super) fn befall(&self, read: &mut Vec<Stored>) {
        let (altered, missing) = {
            let plan = self.plan();
            (plan.altered, plan.missing)
        };
        if let Some(hit) = read.iter_mut().find(|stored| Some(stored.position) == altered) {
            hit.entry.push(b' ');
        }
        read.retain(|stored| Some(stored.position) != missing);
    }

    /// Whether a read is to fail.
    pub(super) fn of_this_read(&self) -> bool {
        self.plan().reads_unavailable
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
