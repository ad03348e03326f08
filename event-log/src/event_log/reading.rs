//! What was read for one decision, and how far.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{event::Event, fold::Fold, recorded::ReliedOn, stream::Stream};

use super::{
    EventLog,
    folds::{Tail, Until},
};
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
        let until = self.seen_of(stream).unwrap_or(Until::Now);
        let (state, tail) = self.log.fold_now::<S>(stream, until).await?;
        let first = self.saw(stream, tail);
        if first.map(|tail| tail.revision) == tail.map(|tail| tail.revision) {
            return Ok(state);
        }
        // Another fold of this reading was quicker, and came less far.
        self.log.fold_now::<S>(stream, Until::Seen(first)).await.map(|(state, _)| state)
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

    /// Remembers how far a stream was read, and answers how far it was read first.
    pub(super) fn saw(&self, stream: Stream, tail: Option<Tail>) -> Option<Tail> {
        *self.seen().entry(stream).or_insert(tail)
    }

    /// How far a stream was read; none if it was not.
    pub(super) fn seen_of(&self, stream: Stream) -> Option<Until> {
        self.seen().get(&stream).copied().map(Until::Seen)
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<Stream, Option<Tail>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
