//! What was read for one decision, and how far.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{event::Event, fold::Fold, recorded::ReliedOn, stream::Stream};

use super::{EventLog, folds::Tail};
use crate::backend::ReadError;

/// Reads streams for one decision and remembers each, and how far it was read. Committed with the
/// decision, that becomes its guards and what it says it relied on.
///
/// A stream read twice is read to the same event, however much was written meanwhile.
#[derive(Debug)]
pub struct Reading {
    log: EventLog,
    seen: Mutex<BTreeMap<Stream, Option<Tail>>>,
}

impl Reading {
    pub(super) fn new(log: EventLog) -> Self {
        Self { log, seen: Mutex::default() }
    }

    /// The state of a stream.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn fold<S>(&self, stream: Stream) -> Result<Arc<S>, ReadError>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        let pinned = self.pinned(stream);
        let (state, tail) = self.log.fold_now::<S>(stream, pinned).await?;
        let first = *self.seen().entry(stream).or_insert(tail);
        if first.map(|tail| tail.revision) == tail.map(|tail| tail.revision) {
            return Ok(state);
        }
        // Another fold of this reading was quicker, and came less far.
        let pinned = Some(first.map(|tail| tail.revision));
        self.log.fold_now::<S>(stream, pinned).await.map(|(state, _)| state)
    }

    /// What was read so far, in the order of the streams.
    pub fn relied_on(&self) -> Vec<ReliedOn> {
        self.seen()
            .iter()
            .map(|(&stream, tail)| ReliedOn { stream, revision: tail.map(|tail| tail.revision) })
            .collect()
    }

    /// The log that is read.
    pub fn log(&self) -> &EventLog {
        &self.log
    }

    pub(super) fn tail(&self, stream: Stream) -> Option<Option<Tail>> {
        self.seen().get(&stream).copied()
    }

    fn pinned(&self, stream: Stream) -> Option<Option<u64>> {
        self.tail(stream).map(|tail| tail.map(|tail| tail.revision))
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<Stream, Option<Tail>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
