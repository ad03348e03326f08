//! How far a long run has come, on standard error, while a person is watching.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use crate::print::overwrite;

/// How often the line is written again.
const EVERY: Duration = Duration::from_millis(250);

/// The progress of one run over so many events.
pub(crate) struct Progress {
    what: &'static str,
    things: &'static str,
    total: u64,
    from: u64,
    began: Instant,
    said: Option<Instant>,
    shown: bool,
}

impl Progress {
    /// Progress towards a total; silent when asked to be, or when nobody watches a terminal.
    pub(crate) fn new(what: &'static str, total: u64, quiet: bool) -> Self {
        Self::of(what, "events", total, quiet)
    }

    /// The same over things that are no events.
    pub(crate) fn of(what: &'static str, things: &'static str, total: u64, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self { what, things, total, from: 0, began: Instant::now(), said: None, shown }
    }

    /// It goes on where an earlier run came to.
    pub(crate) const fn from(&mut self, done: u64) {
        self.from = done;
    }

    /// So many events have been gone through.
    pub(crate) fn at(&mut self, done: u64) {
        let due = self.said.is_none_or(|said| said.elapsed() >= EVERY);
        if self.shown && due {
            self.said = Some(Instant::now());
            overwrite(&self.line(done));
        }
    }

    /// It is over: the line is cleared.
    pub(crate) fn end(&self) {
        if self.shown && self.said.is_some() {
            overwrite("");
        }
    }

    fn line(&self, done: u64) -> String {
        let seconds = self.began.elapsed().as_secs().max(1);
        let rate = done.saturating_sub(self.from).checked_div(seconds).unwrap_or(done).max(1);
        let left = self.total.saturating_sub(done).checked_div(rate).unwrap_or_default();
        let Self { what, things, total, .. } = self;
        format!("{what} {done} of {total} {things}, {rate} a second, {left} s left")
    }
}
