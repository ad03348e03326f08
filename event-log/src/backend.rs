//! Bytes in, bytes out: the contract that every store of the log keeps.

use std::{future::Future, pin::Pin, sync::Arc};

use domain::stream::Stream;
use tokio::sync::watch;
use uuid::Uuid;

use crate::append::{Append, AppendError, Appended};

/// A future that can be sent between threads.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An event as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the whole log, from 0.
    pub position: u64,
    /// Its stream.
    pub stream: Stream,
    /// Its place in that stream, from 0.
    pub revision: u64,
    /// The entry, byte for byte as appended.
    pub entry: Vec<u8>,
    /// The sealed section, unless there was none or it has been erased.
    pub sealed: Option<Vec<u8>>,
}

/// An event as stored, lent while somebody looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lent<'a> {
    /// Its place in the whole log, from 0.
    pub position: u64,
    /// Its stream.
    pub stream: Stream,
    /// Its place in that stream, from 0.
    pub revision: u64,
    /// The entry, byte for byte as appended.
    pub entry: &'a [u8],
    /// The sealed section, unless there was none or it has been erased.
    pub sealed: Option<&'a [u8]>,
}

impl Lent<'_> {
    /// A copy, to be kept.
    pub fn kept(self) -> Stored {
        let Self { position, stream, revision, entry, sealed } = self;
        let (entry, sealed) = (entry.to_vec(), sealed.map(<[u8]>::to_vec));
        Stored { position, stream, revision, entry, sealed }
    }
}

impl<'a> Lent<'a> {
    /// The stored name of the event, as the entry begins with it; empty where an entry does not begin so.
    /// Nothing of the entry is checked.
    pub fn name(self) -> &'a str {
        const BEGINS: &[u8] = br#"{"v":1,"type":""#;
        let name = self.entry.strip_prefix(BEGINS).unwrap_or_default();
        let end = name.iter().position(|byte| *byte == b'"').unwrap_or_default();
        name.get(..end).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }
}

/// Looks at one event after the other. Where it answers with an error nothing more is read.
pub type Look<'a> = dyn FnMut(Lent<'_>) -> Result<(), ReadError> + Send + 'a;

impl Stored {
    /// The event, to be looked at.
    pub fn lent(&self) -> Lent<'_> {
        let Self { position, stream, revision, entry, sealed } = self;
        let (position, stream, revision) = (*position, *stream, *revision);
        Lent { position, stream, revision, entry, sealed: sealed.as_deref() }
    }

    /// See [`Lent::name`].
    pub fn name(&self) -> &str {
        self.lent().name()
    }
}

/// The hash of an entry as a leaf of the log's tree.
pub type Leaf = [u8; 32];

pub use crate::transparency::leaf;

/// The last event of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its place in the whole log.
    pub position: u64,
    /// Its place in the stream.
    pub revision: u64,
}

/// Why reading failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store cannot be reached. Retry later.
    #[error("the log cannot be read at present: {doing}")]
    Unavailable {
        /// What was being done.
        doing: String,
        /// Why it failed.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is stored contradicts itself. Stop; nothing is repaired in passing.
    #[error("the log is damaged at position {position}: {finding}")]
    Corrupt {
        /// Where.
        position: u64,
        /// What was found.
        finding: String,
    },
}

/// A store of the log.
pub trait Backend: Send + Sync + 'static {
    /// Writes the events, all or none, if the stream still has the `expected` revision and every
    /// guarded stream the revision it was read at.
    ///
    /// When this answers `Ok`, the events survive a power cut, and every later read sees them.
    /// Positions are gapless from 0 in the order of these answers (memory, embedded).
    ///
    /// # Errors
    /// See [`AppendError`]: unless it says otherwise, none of the events is in the log.
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>>;

    /// The same of what the caller keeps, to send it again should it not be known what came of it.
    ///
    /// # Errors
    /// As [`Backend::append`].
    fn append_kept(&self, append: &Arc<Append>) -> Answer<'_, Result<Appended, AppendError>> {
        self.append(Append::clone(append))
    }

    /// The last event of a stream, or none.
    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>>;

    /// A stream from revision `first` to revision `last` (to its end if none is given), in order.
    /// Whoever kept what they folded up to revision `r` asks from `r + 1` and reads only what is
    /// new. Revisions that do not exist yet are simply not in the answer.
    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>>;

    /// At most `limit` events from position `from`, in order, without gap. Empty at the end.
    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>>;

    /// Lends what [`Backend::read_all`] answers, one event after the other, to be looked at where it lies: for whoever
    /// goes through the log and keeps none of its bytes.
    ///
    /// # Errors
    /// As [`Backend::read_all`], when what stood before it has been looked at; and what `look` answers.
    fn lend_all<'a>(
        &'a self,
        from: u64,
        limit: usize,
        look: &'a mut Look<'_>,
    ) -> Answer<'a, Result<(), ReadError>> {
        Box::pin(async move {
            let some = self.read_all(from, limit).await?;
            some.iter().try_for_each(|stored| look(stored.lent()))
        })
    }

    /// The events at these positions: for each, in the order asked, the event, or none at and beyond the end of the
    /// log. A position may be asked for twice, and is answered twice. Many cost one call, not one each.
    ///
    /// # Errors
    /// See [`ReadError`]: also when an event below the end is not there.
    fn read_at<'a>(
        &'a self,
        positions: &'a [u64],
    ) -> Answer<'a, Result<Vec<Option<Stored>>, ReadError>> {
        Box::pin(async move {
            let mut events = Vec::with_capacity(positions.len());
            for &position in positions {
                let found = self.read_all(position, 1).await?.into_iter().next();
                let found = found.filter(|stored| stored.position == position);
                if found.is_none() && position < *self.watch().borrow() {
                    let finding = "it is missing".to_owned();
                    return Err(ReadError::Corrupt { position, finding });
                }
                events.push(found);
            }
            Ok(events)
        })
    }

    /// The leaf hashes of at most `limit` entries from position `from`, each with its position, in order.
    /// Empty at the end.
    fn read_leaves(
        &self,
        from: u64,
        limit: usize,
    ) -> Answer<'_, Result<Vec<(u64, Leaf)>, ReadError>> {
        Box::pin(async move {
            let some = self.read_all(from, limit).await?;
            Ok(some.iter().map(|stored| (stored.position, leaf(&stored.entry))).collect())
        })
    }

    /// Takes away the sealed sections of a stream, and answers how many there were. Entries,
    /// positions and revisions stay as they are. What erases a person is the destruction of their
    /// key; this is the second lock on that door, where a store has one: a store that cannot
    /// remove anything answers 0.
    ///
    /// # Errors
    /// As [`Backend::append`].
    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>>;

    /// How many events are durable: the next position. Changes are announced to every receiver.
    fn watch(&self) -> watch::Receiver<u64>;

    /// Whether an append that is sent again, with the same bytes and identities, is answered as if
    /// it had been sent once, guards and all. A store that checks guards after the write must:
    /// that the events stand in the log does not yet say there that they may be relied on.
    fn answers_again(&self) -> bool {
        false
    }

    /// Writes these one after the other, in this order, with nothing of others between them unless they
    /// write as well; answers the next position when all are durable. For copies: there are no guards.
    ///
    /// # Errors
    /// As [`Backend::append`], with the index of the one that failed. Those before it are written.
    fn append_in_order(
        &self,
        appends: Vec<Append>,
    ) -> Answer<'_, Result<u64, (usize, AppendError)>> {
        Box::pin(async move {
            let mut next = *self.watch().borrow();
            for (index, append) in appends.into_iter().enumerate() {
                let appended = self.append(append).await.map_err(|cause| (index, cause))?;
                next = appended.last_position.saturating_add(1);
            }
            Ok(next)
        })
    }

    /// What keeps two processes from signing one log; none where only one can have it open.
    fn signing(&self) -> Option<&dyn Signing> {
        None
    }
}

/// Who signs the checkpoints of a log that several processes have open: one of them, by name.
pub trait Signing: Send + Sync {
    /// Says, durably, that this signer signs from now on, in this session of its. Whatever session was
    /// said before is over. Answers false, and says nothing, if another signer does, unless it is to
    /// be taken over from.
    fn claim(
        &self,
        signer: Uuid,
        session: Uuid,
        take_over: bool,
    ) -> Answer<'_, Result<bool, ReadError>>;

    /// Whether this session is still the one that signs.
    fn holds(&self, session: Uuid) -> Answer<'_, Result<bool, ReadError>>;
}
