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
    total: u64,
    began: Instant,
    said: Option<Instant>,
    shown: bool,
}

impl Progress {
    /// Progress towards a total; silent when asked to be, or when nobody watches a terminal.
    pub(crate) fn new(what: &'static str, total: u64, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self { what, total, began: Instant::now(), said: None, shown }
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
        let rate = done.checked_div(seconds).unwrap_or(done).max(1);
        let left = self.total.saturating_sub(done).checked_div(rate).unwrap_or_default();
        format!("{} {done} of {} events, {rate} a second, {left} s left", self.what, self.total)
    }
}
