//! The stream in memory: for tests, and able to fail on demand.

use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::stream::{KeyStream, KeyStreamError, NewChange};

/// What shall become of the next append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is written, and the answer is lost.
    AnswerLost,
    /// It is not written, and nobody says so.
    NotWritten,
}

/// The stream in memory.
#[derive(Debug, Default)]
pub struct MemoryKeyStream(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    events: Vec<(Uuid, Vec<u8>)>,
    fault: Option<Fault>,
    unreadable: bool,
}

/// A failure that a test asked for.
#[derive(Debug, thiserror::Error)]
#[error("asked for by the test")]
struct AskedFor;

impl MemoryKeyStream {
    /// What shall become of the next append.
    pub fn next_append(&self, fault: Fault) {
        self.inner().fault = Some(fault);
    }

    /// Whether reads shall fail.
    pub fn unreadable(&self, unreadable: bool) {
        self.inner().unreadable = unreadable;
    }

    /// Every event's bytes.
    pub fn everything(&self) -> Vec<Vec<u8>> {
        self.inner().events.iter().map(|(_, bytes)| bytes.clone()).collect()
    }

    /// Does something to what is stored that nobody may do.
    pub fn tamper(&self, with: impl FnOnce(&mut Vec<(Uuid, Vec<u8>)>)) {
        with(&mut self.inner().events);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyStream for MemoryKeyStream {
    fn append(&self, revision: u64, change: &NewChange) -> Result<bool, KeyStreamError> {
        let mut inner = self.inner();
        let fault = inner.fault.take();
        if fault == Some(Fault::NotWritten) {
            return Err(KeyStreamError::Unavailable(Box::new(AskedFor)));
        }
        if usize::try_from(revision) != Ok(inner.events.len()) {
            return Ok(false);
        }
        inner.events.push((change.id, change.bytes.clone()));
        match fault {
            Some(_) => Err(KeyStreamError::Unavailable(Box::new(AskedFor))),
            None => Ok(true),
        }
    }

    fn read(&self, from: u64, count: usize) -> Result<Vec<Vec<u8>>, KeyStreamError> {
        let inner = self.inner();
        if inner.unreadable {
            return Err(KeyStreamError::Unavailable(Box::new(AskedFor)));
        }
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(inner.events.iter().skip(from).take(count).map(|(_, bytes)| bytes.clone()).collect())
    }
}
