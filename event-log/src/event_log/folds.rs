//! States that were folded lately: a stream that has not moved costs no read, one that has costs
//! only what is new.

use std::{
    any::{Any, TypeId},
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{event::Event, fold::Fold, recorded::Recorded, stream::Stream};
use uuid::Uuid;

use super::{EventLog, narrow};
use crate::{
    backend::{Head, ReadError, leaf},
    recent::Recent,
};

/// Of how many streams states are kept at hand.
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
    kind: TypeId,
    state: AnyState,
    tail: Tail,
    forward: Forward,
}

type AnyState = Arc<dyn Any + Send + Sync>;

/// Takes further events of its stream into a state. None where they are not of its kind.
type Forward = fn(&AnyState, &[Recorded<Event>]) -> Option<AnyState>;

/// Where a stream ends, and nothing of what is in it: for whoever only writes to it.
struct End;

pub(super) struct Folds(Mutex<AtHand>);

struct AtHand {
    recent: Recent<Stream, Vec<Folded>>,
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
        let streams = Stream::of_subject(subject);
        streams.iter().filter_map(|stream| at_hand.recent.forget(stream)).map(|all| all.len()).sum()
    }

    fn at_hand(&self) -> MutexGuard<'_, AtHand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get<S: Send + Sync + 'static>(&self, stream: Stream) -> Option<(Arc<S>, Tail)> {
        let mut at_hand = self.at_hand();
        let states = at_hand.recent.find(&stream)?;
        let found = states.iter().find(|folded| folded.kind == TypeId::of::<S>())?;
        Some((Arc::clone(&found.state).downcast().ok()?, found.tail))
    }

    fn put<S>(&self, stream: Stream, state: Arc<S>, tail: Tail)
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        let (kind, forward) = (TypeId::of::<S>(), forward::<S> as Forward);
        self.keep(stream, Folded { kind, state, tail, forward });
    }

    fn keep(&self, stream: Stream, folded: Folded) {
        let mut at_hand = self.at_hand();
        if stream.subject().is_some_and(|subject| at_hand.erased.contains(&subject)) {
            return;
        }
        let Some(states) = at_hand.recent.find(&stream) else {
            at_hand.recent.put(stream, vec![folded]);
            return;
        };
        match states.iter_mut().find(|known| known.kind == folded.kind) {
            // Somebody else may have read further meanwhile.
            Some(known) if known.tail.revision > folded.tail.revision => {}
            Some(known) => *known = folded,
            None => states.push(folded),
        }
    }

    /// The event at a stream's last revision, if anything at hand ends there.
    pub(super) fn tail(&self, stream: Stream, last: u64) -> Option<Tail> {
        let mut at_hand = self.at_hand();
        let states = at_hand.recent.find(&stream)?;
        states.iter().map(|folded| folded.tail).find(|tail| tail.revision == last)
    }

    /// Keeps where a stream ends.
    pub(super) fn ends(&self, stream: Stream, tail: Tail) {
        let (kind, state) = (TypeId::of::<End>(), Arc::new(End) as AnyState);
        let forward = |end: &AnyState, _: &[Recorded<Event>]| Some(Arc::clone(end));
        self.keep(stream, Folded { kind, state, tail, forward });
    }

    /// Takes what was just written to a stream into the states at hand that end where it begins, so that
    /// nobody need read it.
    pub(super) fn wrote(&self, stream: Stream, events: &[Recorded<Event>], tail: Tail) {
        let before = events.first().and_then(|first| first.stamp.revision.checked_sub(1));
        let states = self.at_hand().recent.find(&stream).cloned().unwrap_or_default();
        for folded in states.into_iter().filter(|folded| Some(folded.tail.revision) == before) {
            if let Some(state) = (folded.forward)(&folded.state, events) {
                self.keep(stream, Folded { state, tail, ..folded });
            }
        }
    }
}

fn forward<S>(state: &AnyState, events: &[Recorded<Event>]) -> Option<AnyState>
where
    S: Fold + Send + Sync + 'static,
    S::Event: TryFrom<Event>,
{
    let mut state = S::clone(state.downcast_ref()?);
    for recorded in events {
        state.evolve(&narrow(recorded.clone()).ok()?);
    }
    Some(Arc::new(state))
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
            let recorded = self.decode(stored.lent())?;
            if recorded.stamp.revision != next {
                return Err(ReadError::Corrupt {
                    position: stored.position,
                    finding: format!("revision {next} of {stream} is missing"),
                });
            }
            next = next.saturating_add(1);
            if recorded.stamp.revision == last {
                let at = recorded.stamp.at;
                tail = Some(Tail { revision: last, leaf: leaf(&stored.entry), at });
            }
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
