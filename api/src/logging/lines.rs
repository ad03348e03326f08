//! Lines of the service's own log, written by a thread of their own, so that no request waits for the disk that they
//! go to.
//!
//! None is dropped: whoever logs waits where thousands are waiting. What is logged at `WARN` and above has been written
//! before anything else happens. A process that is killed takes along what was logged in its last few milliseconds.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// How many lines may wait.
const WAITING: usize = 8_192;

/// How many bytes are gathered for one write, or a few more.
const AT_ONCE: usize = 64 * 1_024;

/// For how long lines gather: one write for many, and nobody need wake the thread meanwhile.
const GATHERED_FOR: Duration = Duration::from_millis(2);

/// What the thread is given.
enum Given {
    Line(Vec<u8>),
    /// Says so once everything before it has been written.
    Tell(SyncSender<()>),
}

/// Where lines go. Cheap to clone.
#[derive(Clone)]
pub(super) struct Lines(Arc<Inner>);

struct Inner {
    given: SyncSender<Given>,
    /// Nobody may be there to write any more: whoever logs writes.
    ended: AtomicBool,
    to: Mutex<Box<dyn Write + Send>>,
}

/// Writes everything when dropped; from then on whoever logs writes by itself.
#[must_use = "what is logged just before the end is written when this goes"]
pub(crate) struct Written(Option<Lines>);

impl Drop for Written {
    fn drop(&mut self) {
        if let Some(lines) = &self.0 {
            lines.end();
        }
    }
}

impl Written {
    /// Where nothing has to be written at the end.
    pub(super) const fn already() -> Self {
        Self(None)
    }

    pub(super) const fn with(lines: Lines) -> Self {
        Self(Some(lines))
    }
}

impl Lines {
    /// Lines that go there. Without a thread to be had, whoever logs writes.
    pub(super) fn to(to: impl Write + Send + 'static) -> Self {
        let (given, taken) = sync_channel(WAITING);
        let inner = Inner { given, ended: AtomicBool::new(false), to: Mutex::new(Box::new(to)) };
        let lines = Self(Arc::new(inner));
        let writing = lines.clone();
        let thread = thread::Builder::new().name("log-lines".to_owned());
        if thread.spawn(move || writing.write_all(&taken)).is_err() {
            lines.0.ended.store(true, Ordering::SeqCst);
        }
        lines
    }

    fn write_all(&self, taken: &Receiver<Given>) {
        let mut gathered = Vec::with_capacity(AT_ONCE);
        while let Ok(first) = taken.recv() {
            let mut waiting = Vec::new();
            let mut take = |given| match given {
                Given::Line(line) => gathered.extend_from_slice(&line),
                Given::Tell(done) => waiting.push(done),
            };
            let urgent = matches!(first, Given::Tell(_));
            take(first);
            if !urgent {
                thread::sleep(GATHERED_FOR);
            }
            for given in taken.try_iter().take(WAITING) {
                take(given);
            }
            self.write(&gathered);
            gathered.clear();
            for done in waiting {
                // Nobody may wait any more.
                done.send(()).ok();
            }
        }
    }

    /// There is nobody to tell that a line of the log could not be written.
    fn write(&self, bytes: &[u8]) {
        let mut to = self.0.to.lock().unwrap_or_else(PoisonError::into_inner);
        to.write_all(bytes).and_then(|()| to.flush()).ok();
    }

    fn line(&self, line: &[u8]) {
        let ended = self.0.ended.load(Ordering::SeqCst);
        if ended || self.0.given.send(Given::Line(line.to_vec())).is_err() {
            self.write(line);
        }
    }

    /// Waits until everything that was logged so far has been written.
    fn settle(&self) {
        let (done, told) = sync_channel(1);
        if !self.0.ended.load(Ordering::SeqCst) && self.0.given.send(Given::Tell(done)).is_ok() {
            told.recv().ok();
        }
    }

    fn end(&self) {
        self.settle();
        self.0.ended.store(true, Ordering::SeqCst);
        // Of somebody who looked just before.
        let (done, told) = sync_channel(1);
        if self.0.given.send(Given::Tell(done)).is_ok() {
            told.recv().ok();
        }
    }
}

/// Takes one line.
pub(super) struct Line<'a> {
    lines: &'a Lines,
    settled: bool,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines.line(bytes);
        if self.settled {
            self.lines.settle();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { lines: self, settled: false }
    }

    fn make_writer_for(&'a self, about: &tracing::Metadata<'_>) -> Self::Writer {
        Line { lines: self, settled: *about.level() <= tracing::Level::WARN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place that is written to slowly.
    #[derive(Clone, Default)]
    struct Slow(Arc<Mutex<Vec<u8>>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            thread::sleep(Duration::from_millis(1));
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn said(slow: &Slow) -> Vec<String> {
        let text = String::from_utf8(slow.0.lock().unwrap().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn log(lines: &Lines, line: &str) {
        lines.make_writer().write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    #[test]
    fn every_line_is_written_whole_also_where_more_come_than_may_wait() {
        let slow = Slow::default();
        let lines = Lines::to(slow.clone());
        let written = Written::with(lines.clone());
        thread::scope(|scope| {
            for who in 0..4 {
                let lines = &lines;
                scope.spawn(move || (0..5_000).for_each(|at| log(lines, &format!("{who} {at}"))));
            }
        });
        drop(written);
        log(&lines, "after the end");
        let said = said(&slow);
        assert_eq!(said.last().unwrap(), "after the end");
        assert_eq!(said.len(), 20_001);
        for who in ["0 ", "1 ", "2 ", "3 "] {
            let of: Vec<&str> = said.iter().filter_map(|line| line.strip_prefix(who)).collect();
            let expected: Vec<String> = (0..5_000).map(|at| at.to_string()).collect();
            assert_eq!(of, expected, "in the order of whoever logged");
        }
    }

    #[test]
    fn a_warning_has_been_written_when_it_was_logged() {
        let slow = Slow::default();
        let lines = Lines::to(slow.clone());
        let logging = tracing_subscriber::fmt().json().with_writer(lines).finish();
        tracing::subscriber::with_default(logging, || {
            tracing::info!("first");
            tracing::warn!("second");
            let said = said(&slow);
            assert_eq!(said.len(), 2);
            assert!(said.iter().zip(["first", "second"]).all(|(line, word)| line.contains(word)));
        });
    }
}
