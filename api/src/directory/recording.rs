//! Whether events can be recorded, as far as the last attempt told.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use event_log::{CommitError, append::AppendError};

use crate::problem::{Kind, Problem, kind};

/// For how long a failure speaks for what would come of an attempt now. Ours: whoever shares requests out sends none
/// to a server that is not ready, so that nothing else would ever end it.
const SPEAKS_FOR: Duration = Duration::from_secs(30);

/// What came of the last attempt to record something.
#[derive(Debug, Default)]
pub(super) struct Recording(Mutex<Option<Failure>>);

#[derive(Clone, Copy, Debug)]
struct Failure {
    at: Instant,
    kind: &'static Kind,
}

impl Recording {
    /// Something was recorded.
    pub(super) fn succeeded(&self) {
        *self.last() = None;
    }

    /// Something could not be. What says nothing of the store is not heeded.
    pub(super) fn failed(&self, error: &CommitError) {
        let CommitError::Append(error) = error else { return };
        let kind = match error {
            AppendError::Unavailable(_) | AppendError::Unknown(_) => &kind::LOG_UNAVAILABLE,
            AppendError::Poisoned(_) => &kind::LOG_CLOSED,
            AppendError::Conflict { .. }
            | AppendError::GuardMoved { .. }
            | AppendError::Unstorable(_) => return,
        };
        *self.last() = Some(Failure { at: Instant::now(), kind });
    }

    /// What stands in the way of recording: what did a short while ago, or a log that stays closed.
    pub(super) fn hindrance(&self) -> Option<Problem> {
        let stands = |failure: &Failure| {
            *failure.kind == kind::LOG_CLOSED || failure.at.elapsed() < SPEAKS_FOR
        };
        self.last().filter(stands).map(|failure| Problem::new(failure.kind))
    }

    fn last(&self) -> MutexGuard<'_, Option<Failure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
