//! Follows the log for every read model there is: whole stretches, each with its checkpoint in one write.
//!
//! Builds that are complete come first; one that is being built gets its turn whenever the others are
//! up to date, so building beside costs readers next to nothing. Nothing here reacts to events: whatever
//! acts on the world is a [`crate::reaction::Reaction`], which this has no way to call.

mod error;
mod outlook;
mod rest;
mod status;
mod stretch;
mod stride;
mod taking;
mod tenure;
mod work;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::EventLog;
use tokio::{
    sync::{Mutex, watch},
    task::JoinSet,
};
use uuid::Uuid;

pub use self::{
    error::FollowError,
    status::{BuildStatus, Duty, Lost, Status},
};
use self::{
    outlook::look_around,
    status::Pace,
    stretch::{Ahead, Wanted},
    stride::Stride,
    taking::take_in,
    tenure::Tenure,
    work::Work,
};
use crate::{
    known::Known,
    marks::Marker,
    store::{Build, Built, Checkpoint, Stage, Store},
};

/// How a projector goes about its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many events a complete build takes in at once; fewer if that takes long.
    pub following: usize,
    /// How many events a build takes in at once while it is being built; fewer if that takes long.
    pub building: usize,
    /// How many of them are written at once, while the next ones are folded.
    pub writing: usize,
    /// For how long the lease is taken. Another process takes over so long after this one has died.
    pub lease: Duration,
    /// Goes no further than this position, exclusive. For read models as of a past position.
    pub until: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            following: 2_048,
            building: 32_768,
            writing: 32_768,
            lease: Duration::from_secs(10),
            until: None,
        }
    }
}

impl Settings {
    /// How many events such builds take in at once.
    fn at_once(&self, stage: Stage) -> usize {
        match stage {
            Stage::Building => self.building,
            Stage::Complete => self.following,
        }
    }
}

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

    /// Gives the lease back, so that another process follows.
    ///
    /// # Errors
    /// When the store fails; then it runs out by itself.
    pub async fn give_way(&mut self) -> Result<(), FollowError> {
        self.builds = None;
        self.tenure.give_back().await.map_err(FollowError::from)
    }

    fn head(&self) -> u64 {
        self.settings.until.unwrap_or(u64::MAX).min(self.log.length())
    }

    async fn try_step(&mut self) -> Result<Step, FollowError> {
        if !self.tenure.hold().await? {
            self.builds = None;
            let lost = self.tenure.lost();
            self.status.send_modify(|status| {
                (status.duty, status.lost) = (Duty::Waiting, lost);
            });
            return Ok(Step::AnotherFollows);
        }
        let builds = match self.builds.take() {
            Some(builds) => builds,
            None => look_around(&self.log, &*self.store, &self.known).await?,
        };
        let head = self.head();
        let work = [Stage::Complete, Stage::Building]
            .into_iter()
            .find_map(|stage| Work::among(&builds, stage, head));
        let Some(work) = work else {
            self.say(&builds, head);
            return Ok(Step::UpToDate); // and look around before the next step
        };
        let checkpoint = self.take_in(&work, head).await?;
        let builds = self.moved(builds, &work.group, checkpoint, head).await?;
        self.say(&builds, head);
        self.builds = Some(builds);
        Ok(Step::TookIn(checkpoint.next.saturating_sub(work.from)))
    }

    async fn take_in(&mut self, work: &Work, head: u64) -> Result<Checkpoint, FollowError> {
        let begun = Instant::now();
        let usual = self.settings.at_once(work.stage);
        let at_once = self.stride.of(usual);
        let compares = |build| self.known.folding(build).is_some_and(|folding| folding.marked());
        let marker = self.marker.clone().filter(|_| work.group.iter().any(compares));
        let wanted = |from: u64, until: u64| {
            let limit = usize::try_from(until.saturating_sub(from)).unwrap_or(usize::MAX);
            let readers = work.group.iter().filter_map(|build| self.known.folding(build)).collect();
            let (limit, part) = (limit.min(at_once), self.settings.writing.max(1));
            Wanted { from, limit, part, marked: marker.is_some(), readers }
        };
        let now = wanted(work.from, work.until);
        let reading = match self.ahead.take().filter(|ahead| ahead.wanted.serves(&now)) {
            Some(ahead) => ahead,
            None => Ahead::begin(&self.log, marker.as_ref(), now),
        };
        let stretch = Arc::new(self.tenure.throughout(reading.read()).await?);
        // What follows is read while this is written.
        let next = wanted(stretch.checkpoint.next, head);
        self.ahead = (next.limit > 0).then(|| Ahead::begin(&self.log, marker.as_ref(), next));
        let mut taking = JoinSet::new();
        for build in &work.group {
            let Some(folding) = self.known.folding(build) else { continue };
            let (store, stretch) = (Arc::clone(&self.store), Arc::clone(&stretch));
            let holder = self.tenure.holder().to_owned();
            taking.spawn(take_in(store, folding, build.clone(), stretch, holder));
        }
        let taken = self.tenure.throughout(all_of(taking)).await;
        match taken {
            Err(FollowError::LeaseLost) => self.stride.stumbled(stretch.len()),
            _ => self.stride.went((stretch.len(), usual), begun.elapsed(), self.settings.lease),
        }
        taken.map(|()| stretch.checkpoint)
    }

    /// What a group's builds are after they have moved: complete, if they have reached the head.
    async fn moved(
        &mut self,
        mut builds: Vec<Built>,
        group: &[Build],
        checkpoint: Checkpoint,
        head: u64,
    ) -> Result<Vec<Built>, FollowError> {
        for built in builds.iter_mut().filter(|built| group.contains(&built.build)) {
            built.checkpoint = checkpoint;
            if built.stage == Stage::Building && checkpoint.next >= head {
                self.store.complete(&built.build).await?;
                built.stage = Stage::Complete;
                if self.store.serving(&built.build.name).await?.is_none() {
                    self.store.serve(&built.build).await?;
                    built.serving = true;
                }
            }
        }
        Ok(builds)
    }

    fn say(&mut self, builds: &[Built], head: u64) {
        let status = self.pace.status(builds, head);
        self.status.send_replace(Status { lost: self.tenure.lost(), ..status });
    }
}

/// Waits for all, and answers with the first error.
async fn all_of(mut taking: JoinSet<Result<(), FollowError>>) -> Result<(), FollowError> {
    let mut first = Ok(());
    while let Some(taken) = taking.join_next().await {
        let taken = taken.unwrap_or_else(|stopped| Err(FollowError::Interrupted(stopped)));
        first = first.and(taken);
    }
    first
}
