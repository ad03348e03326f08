//! The log as everybody else sees it: events with names, seals and keys, over a store of bytes.

mod commit;
mod decode;
mod erasure;
mod folds;
mod open;
mod reading;
mod scan;
mod subject;
mod subscribe;
mod written;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    event::Event,
    fold::Fold,
    recorded::{Recorded, Stamp},
    stream::Stream,
};

use self::folds::{Folds, Until};
pub use self::{
    commit::{Commit, CommitError, Context, event_id},
    erasure::EraseError,
    open::{OpenError, Options},
    reading::Reading,
    scan::PublicHeader,
    subject::SubjectError,
    subscribe::Subscription,
};
use crate::{
    backend::{Backend, Lent, ReadError, Stored},
    codec::Upcasts,
    keyring::{Keyring, KeyringError},
    keys::Keys,
    memory::Memory,
};

/// So many events are given room at once, at most, before they are read.
const MOST_ROOM: usize = 4_096;

/// The log. Cheap to clone.
#[derive(Clone)]
pub struct EventLog {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Arc<dyn Backend>,
    keys: Keys,
    upcasts: Upcasts,
    folds: Folds,
    writable: bool,
}

/// How far back a reader looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// To the last event.
    Now,
    /// To this revision of the stream, inclusive.
    Revision(u64),
    /// To this position of the whole log, inclusive.
    Position(u64),
    /// To this instant, inclusive, as recorded.
    Time(DateTime<Utc>),
}

impl AsOf {
    fn last_revision(self) -> Option<u64> {
        match self {
            Self::Revision(revision) => Some(revision),
            Self::Now | Self::Position(_) | Self::Time(_) => None,
        }
    }

    fn reaches(self, stamp: &Stamp) -> bool {
        match self {
            Self::Now => true,
            Self::Revision(revision) => stamp.revision <= revision,
            Self::Position(position) => stamp.position <= position,
            Self::Time(at) => stamp.at <= at,
        }
    }
}

impl std::fmt::Debug for EventLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventLog").field("keys", &self.inner.keys).finish_non_exhaustive()
    }
}

impl EventLog {
    /// The log over any store. Without a ring of keys it can be read, and not written.
    pub fn over(backend: Arc<dyn Backend>, keys: Keys) -> Self {
        let writable = keys.ring().is_some();
        Self::assemble(backend, keys, Upcasts::current(), writable)
    }

    fn assemble(backend: Arc<dyn Backend>, keys: Keys, upcasts: Upcasts, writable: bool) -> Self {
        Self { inner: Arc::new(Inner { backend, keys, upcasts, folds: Folds::new(), writable }) }
    }

    /// An empty log in memory, for tests.
    ///
    /// # Errors
    /// When the machine has no random bytes.
    pub fn memory() -> Result<Self, KeyringError> {
        Self::over_memory(Arc::new(Memory::new()))
    }

    /// A log over a store in memory, whose faults the caller keeps in hand.
    ///
    /// # Errors
    /// When the machine has no random bytes.
    pub fn over_memory(memory: Arc<Memory>) -> Result<Self, KeyringError> {
        let ring = Keyring::memory("contactpoint.example/memory")?;
        Ok(Self::over(memory, Keys::Ring(Arc::new(ring))))
    }

    /// The same log, with other steps from old versions to new ones.
    #[must_use]
    pub fn with_upcasts(&self, upcasts: Upcasts) -> Self {
        let inner = &self.inner;
        Self::assemble(Arc::clone(&inner.backend), inner.keys.clone(), upcasts, inner.writable)
    }

    /// The same log read without any key: what is personal reads as erased. For whoever needs
    /// nothing personal, and for going through the whole log fast.
    #[must_use]
    pub fn without_keys(&self) -> Self {
        let inner = &self.inner;
        Self::assemble(Arc::clone(&inner.backend), Keys::Absent, inner.upcasts.clone(), false)
    }

    /// The keys that this log is read with.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// The server's ring of keys; none when the log was opened only to be read.
    pub fn keyring(&self) -> Option<&Arc<Keyring>> {
        self.inner.keys.ring()
    }

    /// The store below, for whoever works on bytes: proofs, checks, copies.
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.inner.backend
    }

    /// How many events are durable: the next position.
    pub fn length(&self) -> u64 {
        *self.inner.backend.watch().borrow()
    }

    /// Begins to read for a decision: what is read becomes what the decision relied on.
    pub fn reading(&self) -> Reading {
        Reading::new(self.clone())
    }

    /// What happened in one stream, as of then.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn history(
        &self,
        stream: Stream,
        as_of: AsOf,
    ) -> Result<Vec<Recorded<Event>>, ReadError> {
        let stored = self.inner.backend.read_stream(stream, 0, as_of.last_revision()).await?;
        let mut history = Vec::with_capacity(stored.len());
        for stored in stored {
            let recorded = self.decode(stored.lent())?;
            if !as_of.reaches(&recorded.stamp) {
                break;
            }
            history.push(recorded);
        }
        Ok(history)
    }

    /// The state of one stream, as of then.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn fold_at<S>(&self, stream: Stream, as_of: AsOf) -> Result<Arc<S>, ReadError>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        if as_of == AsOf::Now {
            return self.fold_now(stream, Until::Now).await.map(|(state, _)| state);
        }
        let mut state = S::default();
        for recorded in self.history(stream, as_of).await? {
            state.evolve(&narrow(recorded)?);
        }
        Ok(Arc::new(state))
    }

    /// At most `limit` events from position `from`, in the order of the log. Empty at its end.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn read_all(
        &self,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Recorded<Event>>, ReadError> {
        let there = usize::try_from(self.length().saturating_sub(from)).unwrap_or(usize::MAX);
        let mut events = Vec::with_capacity(limit.min(there).min(MOST_ROOM));
        let mut look = |lent: Lent<'_>| {
            events.push(self.decode(lent)?);
            Ok(())
        };
        self.inner.backend.lend_all(from, limit, &mut look).await?;
        Ok(events)
    }

    pub(crate) fn upcasts(&self) -> &Upcasts {
        &self.inner.upcasts
    }

    /// Reads one event that was read as stored, opened as far as the keys allow.
    ///
    /// # Errors
    /// When it is damaged, or the keys cannot be read.
    pub fn decode_stored(&self, stored: &Stored) -> Result<Recorded<Event>, ReadError> {
        self.decode_lent(stored.lent())
    }

    /// The same of one that is lent.
    ///
    /// # Errors
    /// When it is damaged, or the keys cannot be read.
    pub fn decode_lent(&self, lent: Lent<'_>) -> Result<Recorded<Event>, ReadError> {
        self.decode(lent)
    }

    fn decode(&self, stored: Lent<'_>) -> Result<Recorded<Event>, ReadError> {
        decode::decode(stored, &self.inner.keys, &self.inner.upcasts)
    }
}

/// An event of the subject whose stream it stands in.
fn narrow<E: TryFrom<Event>>(recorded: Recorded<Event>) -> Result<Recorded<E>, ReadError> {
    let Recorded { stamp, event } = recorded;
    match E::try_from(event) {
        Ok(event) => Ok(Recorded { stamp, event }),
        Err(_) => Err(ReadError::Corrupt {
            position: stamp.position,
            finding: format!("stream {} holds an event of another subject", stamp.stream),
        }),
    }
}
