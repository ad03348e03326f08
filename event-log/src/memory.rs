//! The log in memory: for tests, quick, and able to fail on demand.

pub mod faults;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{recorded::ReliedOn, stream::Stream};
use tokio::sync::watch;

use self::faults::{AppendFault, Faults};
use crate::{
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Stored},
};

/// The log in memory.
#[derive(Debug)]
pub struct Memory {
    log: Mutex<Log>,
    length: watch::Sender<u64>,
    faults: Faults,
}

#[derive(Debug, Default)]
struct Log {
    events: Vec<Stored>,
    /// The positions of each stream's events: the revision is the index.
    streams: HashMap<Stream, Vec<usize>>,
}

/// A failure that a test asked for.
#[derive(Debug, thiserror::Error)]
#[error("asked for by the test")]
struct AskedFor;

impl Memory {
    /// An empty log.
    pub fn new() -> Self {
        Self { log: Mutex::default(), length: watch::Sender::new(0), faults: Faults::default() }
    }

    /// What shall go wrong, and when.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, doing: &str) -> Result<MutexGuard<'_, Log>, ReadError> {
        if self.faults.of_this_read() {
            let doing = doing.to_owned();
            return Err(ReadError::Unavailable { doing, cause: Box::new(AskedFor) });
        }
        Ok(self.log())
    }

    fn write(&self, append: Append) -> Result<Appended, AppendError> {
        append.check()?;
        let fault = self.faults.of_this_append();
        match fault {
            Some(AppendFault::Unavailable) => {
                return Err(AppendError::Unavailable(Box::new(AskedFor)));
            }
            Some(AppendFault::UnknownBeforeWriting) => {
                return Err(AppendError::Unknown(Box::new(AskedFor)));
            }
            Some(AppendFault::Poisoned) => {
                return Err(AppendError::Poisoned(AskedFor.to_string()));
            }
            Some(AppendFault::UnknownAfterWriting | AppendFault::GuardMovedAfterWriting) | None => {
            }
        }
        let guard = append.guards.first().copied();
        let (appended, length) = {
            let mut log = self.log();
            let appended = log.write(append)?;
            // Announced under the lock, so that the announced length never goes back.
            let length = count(log.events.len());
            self.length.send_replace(length);
            (appended, length)
        };
        debug_assert!(appended.last_position < length);
        match (fault, guard) {
            (Some(AppendFault::UnknownAfterWriting), _) => {
                Err(AppendError::Unknown(Box::new(AskedFor)))
            }
            (Some(AppendFault::GuardMovedAfterWriting), Some(guard)) => {
                Err(AppendError::GuardMoved { guard, written: Some(appended) })
            }
            _ => Ok(appended),
        }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Log {
    fn revision(&self, stream: Stream) -> Option<u64> {
        self.streams.get(&stream).and_then(|positions| count(positions.len()).checked_sub(1))
    }

    fn write(&mut self, append: Append) -> Result<Appended, AppendError> {
        let Append { stream, expected, guards, events } = append;
        let actual = self.revision(stream);
        if actual != expected {
            return Err(AppendError::Conflict { stream, expected, actual });
        }
        let moved = |guard: &&ReliedOn| self.revision(guard.stream) != guard.revision;
        if let Some(guard) = guards.iter().find(moved) {
            return Err(AppendError::GuardMoved { guard: *guard, written: None });
        }
        let first_position = count(self.events.len());
        let positions = self.streams.entry(stream).or_default();
        let first_revision = count(positions.len());
        for event in events {
            let (position, revision) = (count(self.events.len()), count(positions.len()));
            positions.push(self.events.len());
            let (entry, sealed) = (event.entry, event.sealed);
            self.events.push(Stored { position, stream, revision, entry, sealed });
        }
        let last_position = count(self.events.len()).saturating_sub(1);
        Ok(Appended { first_position, first_revision, last_position })
    }
}

/// A length as the log counts.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A place as memory counts; what lies beyond memory is beyond the log.
fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Backend for Memory {
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        Box::pin(async move { self.write(append) })
    }

    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        Box::pin(async move {
            let log = self.read("the head of a stream")?;
            let last = log.streams.get(&stream).and_then(|positions| positions.last());
            let last = last.and_then(|at| log.events.get(*at));
            Ok(last.map(|event| Head { position: event.position, revision: event.revision }))
        })
    }

    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let log = self.read("a stream")?;
            let positions = log.streams.get(&stream).map_or(&[][..], Vec::as_slice);
            let end = last.map_or(usize::MAX, |last| place(last.saturating_add(1)));
            let asked = positions.iter().take(end).skip(place(first));
            Ok(asked.filter_map(|at| log.events.get(*at)).cloned().collect())
        })
    }

    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let log = self.read("the whole log")?;
            let mut some: Vec<Stored> =
                log.events.iter().skip(place(from)).take(limit).cloned().collect();
            self.faults.befall(&mut some);
            Ok(some)
        })
    }

    fn read_at<'a>(
        &'a self,
        positions: &'a [u64],
    ) -> Answer<'a, Result<Vec<Option<Stored>>, ReadError>> {
        Box::pin(async move {
            let log = self.read("events by their positions")?;
            let at = |position: &u64| {
                let mut there: Vec<Stored> =
                    log.events.get(place(*position)).cloned().into_iter().collect();
                let wanted = there.len();
                self.faults.befall(&mut there);
                if there.len() < wanted {
                    let finding = "it is missing".to_owned();
                    return Err(ReadError::Corrupt { position: *position, finding });
                }
                Ok(there.pop())
            };
            positions.iter().map(at).collect()
        })
    }

    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        Box::pin(async move {
            let mut log = self.log();
            let mut erased = 0_u64;
            for event in log.events.iter_mut().filter(|event| event.stream == stream) {
                erased = erased.saturating_add(u64::from(event.sealed.take().is_some()));
            }
            Ok(erased)
        })
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.length.subscribe()
    }
}
