//! What waits to be written, bounded in bytes.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use domain::stream::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::heads::Fetched;
use crate::append::{Append, AppendError, Appended};

/// One thing for the writer to do.
pub(super) enum Work {
    Append(AppendWork),
    Erase(EraseWork),
}

/// An append, with what the file of heads said of its streams, and who waits for the answer.
pub(super) struct AppendWork {
    /// Whoever asks keeps it too.
    pub(super) append: Arc<Append>,
    pub(super) fetched: Vec<(Stream, Fetched)>,
    pub(super) answer: oneshot::Sender<Result<Appended, AppendError>>,
    pub(super) bytes: usize,
    /// Its share of the queue, given back when it has been answered.
    pub(super) _share: Option<OwnedSemaphorePermit>,
}

/// Positions whose sealed sections are to go.
pub(super) struct EraseWork {
    pub(super) positions: Vec<u64>,
    pub(super) answer: oneshot::Sender<Result<u64, AppendError>>,
}

impl Work {
    fn bytes(&self) -> usize {
        match self {
            Self::Append(work) => work.bytes,
            Self::Erase(_) => 0,
        }
    }
}

/// The log has been closed.
#[derive(Debug, thiserror::Error)]
#[error("the log has been closed")]
pub(super) struct Closed;

/// What waits to be written, in order.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    turn: Condvar,
    room: Arc<Semaphore>,
    bound: u32,
}

#[derive(Default)]
struct Waiting {
    work: VecDeque<Work>,
    nudged: bool,
    closed: bool,
}

impl Queue {
    /// At most `bound` bytes wait; who comes later waits outside.
    pub(super) fn new(bound: u32) -> Self {
        let room = usize::try_from(bound).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self {
            waiting: Mutex::default(),
            turn: Condvar::new(),
            room: Arc::new(Semaphore::new(room)),
            bound,
        }
    }

    /// Waits for room for so many bytes. None if the queue has been closed.
    pub(super) async fn room_for(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let share = u32::try_from(bytes).unwrap_or(u32::MAX).min(self.bound);
        match Arc::clone(&self.room).try_acquire_many_owned(share) {
            Ok(permit) => Some(permit),
            Err(_) => Arc::clone(&self.room).acquire_many_owned(share).await.ok(),
        }
    }

    /// Puts work at the end, unless the queue has been closed.
    pub(super) fn put(&self, work: Work) -> Result<(), Closed> {
        let mut waiting = self.waiting();
        if waiting.closed {
            return Err(Closed);
        }
        waiting.work.push_back(work);
        let first = waiting.work.len() == 1;
        drop(waiting);
        if first {
            self.turn.notify_one();
        }
        Ok(())
    }

    /// Waits for work, and takes all there is, up to about `most` bytes. Empty if the writer was
    /// nudged for something else. None when the queue is closed and nothing is left.
    pub(super) fn take(&self, most: usize) -> Option<Vec<Work>> {
        let mut waiting = self
            .turn
            .wait_while(self.waiting(), |waiting| {
                waiting.work.is_empty() && !waiting.closed && !waiting.nudged
            })
            .unwrap_or_else(PoisonError::into_inner);
        waiting.nudged = false;
        if waiting.work.is_empty() {
            return if waiting.closed { None } else { Some(Vec::new()) };
        }
        let mut bytes = 0_usize;
        let count = waiting
            .work
            .iter()
            .take_while(|work| {
                let fits = bytes < most;
                bytes = bytes.saturating_add(work.bytes());
                fits
            })
            .count();
        Some(waiting.work.drain(..count).collect())
    }

    /// Wakes the writer though there may be no work.
    pub(super) fn nudge(&self) {
        self.waiting().nudged = true;
        self.turn.notify_one();
    }

    /// Takes no more; what waits is still to be written.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.turn.notify_all();
        self.room.close();
    }

    /// Takes no more, and drops what waits: their senders learn that there is no answer.
    pub(super) fn abandon(&self) {
        self.close();
        self.waiting().work.clear();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
