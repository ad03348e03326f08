//! States that were folded lately: a stream that has not moved costs no read, one that has costs
//! only what is new.

use std::{
    any::{Any, TypeId},
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{event::Event, fold::Fold, stream::Stream};
use uuid::Uuid;

use super::{EventLog, narrow};
use crate::{
    backend::{Head, ReadError, leaf},
    recent::Recent,
};

/// How many states are kept at hand.
const AT_HAND: usize = 20_000;

/// The last event of a stream, as far as somebody read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub(super) revision: u64,
    pub(super) leaf: [u8; 32],
    pub(super) at: DateTime<Utc>,
}

/// How far a stream is folded.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// To its last event.
    Now,
    /// To where it has been read before: its last event then, or nothing.
    Seen(Option<Tail>),
}

#[derive(Clone)]
struct Folded {
    state: Arc<dyn Any + Send + Sync>,
    tail: Tail,
}

pub(super) struct Folds(Mutex<AtHand>);

struct AtHand {
    recent: Recent<(TypeId, Stream), Folded>,
    /// Subjects of whom nothing is kept at hand any more: a fold that was under way when they were
    /// erased must not come back afterwards.
    erased: HashSet<Uuid>,
}

impl Folds {
    pub(super) fn new() -> Self {
        Self(Mutex::new(AtHand { recent: Recent::new(AT_HAND), erased: HashSet::new() }))
    }

    /// Keeps nothing of a subject from now on, and answers how many states were at hand.
    pub(super) fn forget(&self, subject: Uuid) -> usize {
        let mut at_hand = self.at_hand();
        at_hand.erased.insert(subject);
        at_hand.recent.forget_all(|(_, stream)| stream.subject() == Some(subject))
    }

    fn at_hand(&self) -> MutexGuard<'_, AtHand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get<S: Send + Sync + 'static>(&self, stream: Stream) -> Option<(Arc<S>, Tail)> {
        let key = (TypeId::of::<S>(), stream);
        let found = self.at_hand().recent.get(&key)?;
        Some((found.state.downcast().ok()?, found.tail))
    }

    fn put<S: Send + Sync + 'static>(&self, stream: Stream, state: Arc<S>, tail: Tail) {
        let key = (TypeId::of::<S>(), stream);
        let mut at_hand = self.at_hand();
        if stream.subject().is_some_and(|subject| at_hand.erased.contains(&subject)) {
            return;
        }
        let folds = &mut at_hand.recent;
        // Somebody else may have read further meanwhile.
        if folds.get(&key).is_none_or(|found| found.tail.revision <= tail.revision) {
            folds.put(key, Folded { state, tail });
        }
    }
}

impl EventLog {
    /// Folds a stream to its last event, or to the revision where a reading has it already.
    pub(super) async fn fold_now<S>(
        &self,
        stream: Stream,
        until: Until,
    ) -> Result<(Arc<S>, Option<Tail>), ReadError>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        let last = match until {
            Until::Seen(tail) => tail.map(|tail| tail.revision),
            Until::Now => self.inner.backend.head(stream).await?.map(|head: Head| head.revision),
        };
        let Some(last) = last else { return Ok((Arc::default(), None)) };
        // A state that has already seen more than the reading is of no use to it.
        let known = self.inner.folds.get::<S>(stream).filter(|(_, tail)| tail.revision <= last);
        let (mut state, mut tail) = match known {
            Some((state, tail)) if tail.revision == last => return Ok((state, Some(tail))),
            Some((state, tail)) => (S::clone(&state), Some(tail)),
            None => (S::default(), None),
        };
        let first = tail.map_or(0, |tail| tail.revision.saturating_add(1));
        let mut next = first;
        for stored in self.inner.backend.read_stream(stream, first, Some(last)).await? {
            let recorded = self.decode(&stored)?;
            if recorded.stamp.revision != next {
                return Err(ReadError::Corrupt {
                    position: stored.position,
                    finding: format!("revision {next} of {stream} is missing"),
                });
            }
            next = next.saturating_add(1);
            tail = Some(Tail {
                revision: recorded.stamp.revision,
                leaf: leaf(&stored.entry),
                at: recorded.stamp.at,
            });
            state.evolve(&narrow(recorded)?);
        }
        let Some(tail) = tail.filter(|tail| tail.revision == last) else {
            return Err(ReadError::Unavailable {
                doing: format!("reading {stream}: it ends before its last event"),
                cause: "the store gave fewer events than it has".into(),
            });
        };
        let state = Arc::new(state);
        self.inner.folds.put(stream, Arc::clone(&state), tail);
        Ok((state, Some(tail)))
    }
}
