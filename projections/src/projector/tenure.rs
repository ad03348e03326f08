//! The lease: asked for, renewed while long work goes on, given back, and remembered when it was lost.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::status::Lost;
use crate::store::{Store, StoreError};

/// How often it is renewed during one piece of work: for thirty times as long as it lasts. A process that
/// hangs in its work must not keep the others from following for ever.
const RENEWALS: u32 = 120;

/// What a projector holds while it follows.
///
/// That it believes to hold the lease decides nothing: every batch asks the store again, in the same
/// atomic write. This only sees to it that the store says yes as long as nobody else was given it.
pub(super) struct Tenure {
    store: Arc<dyn Store>,
    holder: String,
    time: Duration,
    since: Option<Instant>,
    lost: Option<Lost>,
}

impl Tenure {
    pub(super) fn of(store: &Arc<dyn Store>, holder: String, time: Duration) -> Self {
        Self { store: Arc::clone(store), holder, time, since: None, lost: None }
    }

    pub(super) fn holder(&self) -> &str {
        &self.holder
    }

    /// After how long it is asked for again, and everything is looked at afresh.
    pub(super) fn look_again(&self) -> Duration {
        self.time.mul_f64(0.25)
    }

    /// How often it was lost, and when last.
    pub(super) const fn lost(&self) -> Option<Lost> {
        self.lost
    }

    /// Whether it is held. The store is asked unless it said so a short while ago.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn hold(&mut self) -> Result<bool, StoreError> {
        match self.since {
            Some(since) if since.elapsed() < self.look_again() => Ok(true),
            Some(_) | None => self.ask().await,
        }
    }

    /// Waits for work, and renews the lease meanwhile. Whether the work counts is found out when it is
    /// written.
    pub(super) async fn throughout<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        for _ in 0..RENEWALS {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(self.look_again()) => {}
            }
            if let Err(error) = self.ask().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "the lease of the read models could not be renewed");
            }
        }
        tracing::warn!("work on one stretch takes so long that the lease is not renewed any more");
        work.await
    }

    /// Notes that it was lost while something was being done.
    pub(super) fn lose(&mut self, doing: &'static str) {
        let times = self.lost.map_or(0, |lost| lost.times).saturating_add(1);
        self.lost = Some(Lost { times, at: Instant::now() });
        self.since = None;
        tracing::warn!(doing, times, "the lease of the read models was lost; nothing was written");
    }

    /// Asks for it again before the next step.
    pub(super) const fn doubt(&mut self) {
        self.since = None;
    }

    /// Gives it back.
    ///
    /// # Errors
    /// When the store fails; then it runs out by itself.
    pub(super) async fn give_back(&mut self) -> Result<(), StoreError> {
        self.since = None;
        self.store.release_lease(&self.holder).await
    }

    async fn ask(&mut self) -> Result<bool, StoreError> {
        let asked = Instant::now();
        let held = self.store.take_lease(&self.holder, self.time).await?;
        match (held, self.since) {
            (true, _) => self.since = Some(asked),
            (false, Some(_)) => self.lose("renewing it: another process has it"),
            (false, None) => {}
        }
        Ok(held)
    }
}
