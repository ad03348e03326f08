//! What goes wrong, on demand.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

/// How an append goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendFault {
    /// It is written, and the connection breaks before the answer.
    ReplyDropped,
    /// It is written, and the answer never comes.
    NeverAnswered,
    /// It is written, and the answer is ABORTED: the write timed out for the server.
    AbortedAfterWriting,
    /// Nothing is written: UNAVAILABLE.
    Unavailable,
    /// Nothing is written: ABORTED.
    Aborted,
    /// Nothing is written: another node is the leader.
    NotLeader,
    /// It is written, and the answer takes as long as this.
    Slow(Duration),
    /// It is held up before it is written, until [`Faults::release`].
    Held,
}

/// What shall go wrong, and when.
#[derive(Debug, Default)]
pub struct Faults {
    appends: Mutex<Vec<(u64, AppendFault)>>,
    reads_unavailable: AtomicBool,
    /// How many messages of a subscription go out before its end with OK; 0 for no end.
    subscriptions_end_after: AtomicU64,
    checkpoint_past_event: AtomicBool,
    released: Notify,
    waiting: AtomicU64,
}

impl Faults {
    /// The next append goes wrong.
    pub fn next_append(&self, fault: AppendFault) {
        self.append_after(0, fault);
    }

    /// `passing` appends go through, and the one after them goes wrong.
    pub fn append_after(&self, passing: u64, fault: AppendFault) {
        self.appends().push((passing, fault));
    }

    /// Reads answer UNAVAILABLE from now on, or no longer.
    pub fn reads_unavailable(&self, unavailable: bool) {
        self.reads_unavailable.store(unavailable, Ordering::Relaxed);
    }

    /// Subscriptions end with OK after so many messages, which no server should do. 0: they do not.
    pub fn subscriptions_end_after(&self, messages: u64) {
        self.subscriptions_end_after.store(messages, Ordering::Relaxed);
    }

    /// Filtered subscriptions to `$all` send a checkpoint past an event instead of the event: the
    /// defect of servers before 24.10.5 and of 25.0.0.
    pub fn checkpoint_past_event(&self, defect: bool) {
        self.checkpoint_past_event.store(defect, Ordering::Relaxed);
    }

    /// Lets an append go on that is held up; one that is yet to come, if none is.
    pub fn release(&self) {
        self.released.notify_one();
    }

    /// How many appends are held up now.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) async fn until_released(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.released.notified().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn of_this_append(&self) -> Option<AppendFault> {
        let mut appends = self.appends();
        let due = appends.iter().position(|(passing, _)| *passing == 0);
        let fault = due.map(|at| appends.remove(at).1);
        for (passing, _) in appends.iter_mut() {
            *passing = passing.saturating_sub(1);
        }
        fault
    }

    pub(crate) fn of_this_read(&self) -> bool {
        self.reads_unavailable.load(Ordering::Relaxed)
    }

    pub(crate) fn end_after(&self) -> Option<u64> {
        Some(self.subscriptions_end_after.load(Ordering::Relaxed)).filter(|after| *after > 0)
    }

    pub(crate) fn skips_events(&self) -> bool {
        self.checkpoint_past_event.load(Ordering::Relaxed)
    }

    fn appends(&self) -> MutexGuard<'_, Vec<(u64, AppendFault)>> {
        self.appends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
