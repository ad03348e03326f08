//! Follows the log for every read model there is: whole stretches, each with its checkpoint in one write.
//!
//! Builds that are complete come first; one that is being built gets its turn whenever the others are
//! up to date, so building beside costs readers next to nothing. Nothing here reacts to events: whatever
//! acts on the world is a [`crate::reaction::Reaction`], which this has no way to call.

mod error;
mod gone;
mod kept;
mod outlook;
mod part;
mod rest;
mod settings;
mod status;
mod step;
mod stretch;
mod stride;
mod taking;
mod tenure;
mod touched;
mod work;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::EventLog;
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

pub use self::{
    error::FollowError,
    settings::Settings,
    status::{BuildStatus, Duty, Lost, Status},
};
use self::{kept::Kept, status::Pace, stretch::Ahead, stride::Stride, tenure::Tenure};
use crate::{
    known::Known,
    marks::Marker,
    store::{Built, Store},
};

/// What one step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many events were taken in.
    TookIn(u64),
    /// Everything is up to date.
    UpToDate,
    /// Another process follows the log.
    AnotherFollows,
}

/// Follows a log into a store.
pub struct Projector {
    log: EventLog,
    marker: Option<Marker>,
    ahead: Option<Ahead>,
    /// Documents that are kept over several stretches.
    desks: Kept,
    store: Arc<dyn Store>,
    /// Those it follows, and those it knows of.
    known: Known,
    listed: Known,
    settings: Settings,
    tenure: Tenure,
    stride: Stride,
    builds: Option<Vec<Built>>,
    pace: Pace,
    status: watch::Sender<Status>,
    turn: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Projector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Projector").field("holder", &self.tenure.holder()).finish_non_exhaustive()
    }
}

impl Projector {
    /// Will follow `log` for every known read model that needs no marks, and read nothing personal in
    /// it. `process` is a random name, another in every process.
    pub fn new(
        log: &EventLog,
        store: Arc<dyn Store>,
        known: Known,
        settings: Settings,
        process: Uuid,
    ) -> Self {
        Self {
            log: log.without_keys(),
            marker: None,
            ahead: None,
            desks: Kept::default(),
            tenure: Tenure::of(&store, process.to_string(), settings.lease),
            stride: Stride::default(),
            store,
            known: known.clone().without_marks(),
            listed: known,
            settings,
            builds: None,
            pace: Pace::default(),
            status: watch::Sender::new(Status::default()),
            turn: Arc::new(Mutex::new(())),
        }
    }

    /// Will follow those that need marks, too, with whatever makes these.
    #[must_use]
    pub fn marking(mut self, marker: Marker, known: Known) -> Self {
        self.marker = Some(marker);
        (self.known, self.listed) = (known.clone(), known);
        self
    }

    /// How far the read models are, as it changes.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Says that it has stopped, and why: for whoever supervises it, when it could not say so itself.
    pub fn declare_stopped(&self, reason: &str) {
        self.status.send_modify(|status| status.duty = Duty::Stopped(reason.to_owned()));
    }

    /// The store it follows into.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// The read models it knows, those that it cannot follow without keys among them.
    pub fn read_models(&self) -> Known {
        self.listed.clone()
    }

    /// Held by whoever wants every build to stand still for a while.
    pub fn turn(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.turn)
    }

    /// Follows until told to stop. Waits out what may pass; what cannot pass by itself ends it.
    ///
    /// # Errors
    /// See [`FollowError`]: a gap, another log, a damaged log, documents that cannot be read.
    pub async fn run(&mut self, mut stop: watch::Receiver<bool>) -> Result<(), FollowError> {
        let mut length = self.log.backend().watch();
        let mut failures = 0_u32;
        loop {
            if *stop.borrow() {
                return self.give_way().await;
            }
            let begun = Instant::now();
            let wait = match self.step().await {
                Ok(Step::TookIn(events)) => {
                    failures = 0;
                    let rest = rest::after(begun.elapsed(), events, self.settings.following);
                    rest::unless_told_to_stop(rest, &mut stop).await;
                    continue;
                }
                Ok(Step::UpToDate | Step::AnotherFollows) => self.tenure.look_again(),
                Err(error) if error.may_pass(failures) => {
                    failures = failures.saturating_add(1);
                    tracing::warn!(error = &error as &dyn std::error::Error, "read models wait");
                    Duration::from_millis(50).saturating_mul(failures.min(40))
                }
                Err(error) => {
                    let ended = error.to_string();
                    // Another process may see more of the log than this one. Else it runs out.
                    self.give_way().await.ok();
                    self.status.send_modify(|status| status.duty = Duty::Stopped(ended));
                    return Err(error);
                }
            };
            tokio::select! {
                _ = stop.changed() => {}
                _ = length.changed() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Takes in everything that is in the log now, however long it takes.
    ///
    /// # Errors
    /// At the first failure, whatever it is.
    pub async fn catch_up(&mut self) -> Result<(), FollowError> {
        loop {
            match self.step().await? {
                Step::TookIn(_) => {}
                Step::UpToDate => return Ok(()),
                Step::AnotherFollows => tokio::time::sleep(self.tenure.look_again()).await,
            }
        }
    }

    /// Takes in one stretch of the log.
    ///
    /// # Errors
    /// See [`FollowError`]. Nothing is lost: the next step finds out where everything stands.
    pub async fn step(&mut self) -> Result<Step, FollowError> {
        let turn = Arc::clone(&self.turn);
        let _turn = turn.lock().await;
        let done = self.try_step().await;
        if done.is_err() {
            self.desks.abandon().await;
            self.builds = None;
            self.tenure.doubt();
            self.ahead = None;
        }
        match done {
            // Somebody else was here, or the store was emptied: begin with a fresh look.
            Err(FollowError::Overtaken) => Ok(Step::TookIn(0)),
            Err(FollowError::LeaseLost) => {
                self.tenure.lose("taking a stretch in");
                let lost = self.tenure.lost();
                self.status.send_modify(|status| status.lost = lost);
                Ok(Step::TookIn(0))
            }
            done => done,
        }
    }

    /// Gives the lease back, so that another process follows, once what was folded is written.
    ///
    /// # Errors
    /// When the store fails; then it runs out by itself.
    pub async fn give_way(&mut self) -> Result<(), FollowError> {
        self.desks.put_away().await;
        self.builds = None;
        self.tenure.give_back().await.map_err(FollowError::from)
    }
}
