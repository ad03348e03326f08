//! Answers to those who asked to write: held until the transaction has ended, one way or the other.

use rusqlite::ErrorCode;
use tokio::sync::oneshot;

use super::{
    queue::{AppendWork, EraseWork, Work},
    writer::Poison,
};
use crate::append::{AppendError, Appended};

/// An answer, ready to be given once the transaction has ended well.
pub(super) enum Ready {
    Append(AppendWork, Result<Appended, AppendError>),
    Erase(EraseWork, u64),
}

/// How a transaction ended that did not end well.
pub(super) enum Failure {
    /// There is no room. Nothing was written, and the next may find room again.
    Full(String),
    /// The engine failed before the commit began: nothing was written.
    Before(String),
    /// The commit failed: whether it is on the disk shows when the log is next opened.
    During(String),
}

impl Ready {
    pub(super) fn give(self) {
        match self {
            Self::Append(work, answer) => {
                // Before whoever keeps it wakes, so that its memory is given back where it was taken.
                drop(work.append);
                say(work.answer, answer);
            }
            Self::Erase(work, erased) => say(work.answer, Ok(erased)),
        }
    }

    pub(super) fn fail(self, failure: &Failure) {
        match self {
            // Its check counted on events that are not there now: it is not to be believed.
            Self::Append(work, Err(_)) => say(work.answer, Err(failure.unwritten())),
            Self::Append(work, Ok(_)) => say(work.answer, Err(failure.written_perhaps())),
            Self::Erase(work, _) => say(work.answer, Err(failure.written_perhaps())),
        }
    }
}

impl Failure {
    pub(super) fn before(cause: &rusqlite::Error) -> Self {
        let text = cause.to_string();
        if is_full(cause) { Self::Full(text) } else { Self::Before(text) }
    }

    /// The last thing a commit writes is what makes it one: with no room for it there is none.
    pub(super) fn during(cause: &rusqlite::Error) -> Self {
        let text = cause.to_string();
        if is_full(cause) { Self::Full(text) } else { Self::During(text) }
    }

    pub(super) fn poison(&self, poison: &Poison) {
        match self {
            Self::Full(_) => {}
            Self::Before(reason) | Self::During(reason) => {
                let _first_reason = poison.get_or_init(|| reason.clone());
            }
        }
    }

    /// The answer to whoever had nothing in the transaction.
    pub(super) fn unwritten(&self) -> AppendError {
        match self {
            Self::Full(reason) => unavailable(reason),
            Self::Before(reason) | Self::During(reason) => AppendError::Poisoned(reason.clone()),
        }
    }

    /// The answer to whoever had something in it.
    fn written_perhaps(&self) -> AppendError {
        match self {
            Self::Full(_) | Self::Before(_) => self.unwritten(),
            Self::During(reason) => AppendError::Unknown(reason.as_str().into()),
        }
    }
}

fn is_full(cause: &rusqlite::Error) -> bool {
    cause.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

pub(super) fn unavailable(reason: &str) -> AppendError {
    AppendError::Unavailable(reason.into())
}

/// Answers all of them that they have not been written.
pub(super) fn refuse(batch: Vec<Work>, why: impl Fn() -> AppendError) {
    for work in batch {
        match work {
            Work::Append(work) => say(work.answer, Err(why())),
            Work::Erase(work) => say(work.answer, Err(why())),
        }
    }
}

/// Answers, unless nobody waits any more.
fn say<T>(to: oneshot::Sender<T>, answer: T) {
    drop(to.send(answer).err());
}
