//! The stream that rings share: appended at an exact revision, read in order.

use uuid::Uuid;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An event to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    /// Its identity: however often it is sent, it is written once.
    pub id: Uuid,
    /// What it is called.
    pub kind: &'static str,
    /// A JSON object. Its bytes are stored as they are.
    pub bytes: Vec<u8>,
}

/// Why the stream did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyStreamError {
    /// It cannot be reached. Whether something was written is not known.
    #[error("the stream of keys cannot be reached")]
    Unavailable(#[source] Cause),
    /// What stands there contradicts itself.
    #[error("the stream of keys is damaged at revision {revision}: {finding}")]
    Damaged {
        /// Where.
        revision: u64,
        /// How.
        finding: String,
    },
}

/// The stream that the rings of one log share. Its calls wait, on whatever thread.
pub trait KeyStream: Send + Sync {
    /// Appends an event that is to have this revision. Answers false if another stands there, or would
    /// not follow the one before: then nothing was written. When it answers true, it is durable.
    ///
    /// # Errors
    /// When it is not known whether it was written.
    fn append(&self, revision: u64, change: &NewChange) -> Result<bool, KeyStreamError>;

    /// At most `count` events from a revision on, one after the other without gap. Empty at the end. What
    /// was appended before the call, by whomever, is there.
    ///
    /// # Errors
    /// When it cannot be reached, or an event is missing.
    fn read(&self, from: u64, count: usize) -> Result<Vec<Vec<u8>>, KeyStreamError>;
}
