//! What one decision asks to have written, and how that can fail.

use domain::{identity::EventId, recorded::ReliedOn, stream::Stream};

/// One event, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its identity, fixed before the first attempt.
    pub id: EventId,
    /// The entry: the exact bytes that are hashed. JSON, at most 65,535 bytes.
    pub entry: Vec<u8>,
    /// The sealed section, if the event has personal values.
    pub sealed: Option<Vec<u8>>,
}

/// What one decision asks to have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The one stream it writes to.
    pub stream: Stream,
    /// The last revision that stream had when the decision was made; none if it had no event.
    pub expected: Option<u64>,
    /// Other streams it relied on, and the revisions it read. Often empty.
    pub guards: Vec<ReliedOn>,
    /// The events, in order. At least one.
    pub events: Vec<NewEvent>,
}

/// The longest entry, in bytes: what the length prefix of an entry bundle can say.
pub const LONGEST_ENTRY: usize = 65_535;

/// The longest sealed section, in bytes.
pub const LONGEST_SEALED: usize = 1_048_576;

/// The most events in one append.
pub const MOST_EVENTS: usize = 10_000;

impl Append {
    /// Refuses what no store takes, before it reaches one.
    ///
    /// # Errors
    /// [`AppendError::Unstorable`] says which rule is broken.
    pub fn check(&self) -> Result<(), AppendError> {
        if self.events.is_empty() {
            return Err(AppendError::Unstorable("it has no event"));
        }
        if self.events.len() > MOST_EVENTS {
            return Err(AppendError::Unstorable("it has more than 10,000 events"));
        }
        for event in &self.events {
            if event.entry.len() > LONGEST_ENTRY {
                return Err(AppendError::Unstorable("an entry is longer than 65,535 bytes"));
            }
            if event.entry.contains(&0) || std::str::from_utf8(&event.entry).is_err() {
                return Err(AppendError::Unstorable("an entry is not JSON text"));
            }
            if event.sealed.as_ref().is_some_and(|sealed| sealed.len() > LONGEST_SEALED) {
                return Err(AppendError::Unstorable("a sealed section is longer than 1 MiB"));
            }
        }
        Ok(())
    }
}

/// Where the events of an append came to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position of the first of them; the others follow without gap on a backend that can
    /// promise it.
    pub first_position: u64,
    /// The revision of the first of them.
    pub first_revision: u64,
    /// The position of the last of them.
    pub last_position: u64,
}

/// Why an append did not succeed. Unless the variant says otherwise, nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The stream has moved on. Load, decide again.
    #[error("{stream} is at revision {actual:?}, not at {expected:?}")]
    Conflict {
        /// Which stream.
        stream: Stream,
        /// The revision that was expected.
        expected: Option<u64>,
        /// The revision it has.
        actual: Option<u64>,
    },
    /// A guarded stream has moved on. Load, decide again.
    #[error("{} is no longer at revision {:?}", guard.stream, guard.revision)]
    GuardMoved {
        /// The guard that does not hold.
        guard: ReliedOn,
        /// The events are in the log all the same (only a backend that cannot check guards in the
        /// write itself): nothing may be released, and the withholding must be recorded.
        written: Option<Appended>,
    },
    /// An entry is too long, or the append is empty.
    #[error("the append cannot be stored: {0}")]
    Unstorable(&'static str),
    /// The store cannot be reached or is full. Retry later.
    #[error("the log cannot be written to at present")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Whether the events are in the log is not known. Retry with the same bytes and identities.
    #[error("it is not known whether the append succeeded")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A write to disk failed. This process writes no more; restart it once the cause is mended.
    #[error("the log is closed to writing since a write to disk failed: {0}")]
    Poisoned(String),
}
