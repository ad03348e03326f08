//! How far the telling has come, for whoever waits.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use fixtures::england::England;

use super::{GenerationError, Plan, Stage};
use crate::directory::Directory;

/// What came of a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many events were added.
    pub events: u64,
    /// How many events the log holds.
    pub length: u64,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// Events a second.
    pub fn rate(&self) -> u64 {
        rate(self.events, self.took)
    }
}

pub(super) struct Progress<'p> {
    directory: &'p Directory,
    say: &'p mut (dyn Write + Send),
    began: Instant,
    before: u64,
    expected: u64,
}

impl<'p> Progress<'p> {
    pub(super) fn new(
        directory: &'p Directory,
        plan: &Plan,
        england: &England,
        say: &'p mut (dyn Write + Send),
    ) -> Self {
        let before = directory.log().length();
        // About so many events: 8 a record, 11 a practitioner, 3 an errand of every second one.
        let staff = england.how_many_practitioners();
        let looks = plan.days.saturating_mul(staff).saturating_mul(3) / 2;
        let expected = plan
            .children
            .saturating_mul(8)
            .saturating_add(staff.saturating_mul(11))
            .saturating_add(looks);
        Self { directory, say, began: Instant::now(), before, expected }
    }

    /// Says how far it has come.
    pub(super) fn say(&mut self, stage: &Stage) -> Result<(), GenerationError> {
        let length = self.directory.log().length();
        let rate = rate(length.saturating_sub(self.before), self.began.elapsed());
        let left = self.expected.saturating_sub(length).checked_div(rate).unwrap_or(0);
        let (minutes, seconds) = (left / 60, left % 60);
        writeln!(
            self.say,
            "{:<20} {length:>10} events  {rate:>7}/s  about {minutes}:{seconds:02} left",
            stage.name()
        )
        .map_err(GenerationError::Report)
    }

    pub(super) fn finish(&self) -> Report {
        let length = self.directory.log().length();
        let events = length.saturating_sub(self.before);
        Report { events, length, took: self.began.elapsed() }
    }
}

fn rate(events: u64, took: Duration) -> u64 {
    let millis = took.as_millis().max(1);
    let rate = u128::from(events).saturating_mul(1_000).checked_div(millis);
    rate.and_then(|rate| u64::try_from(rate).ok()).unwrap_or(u64::MAX)
}
