//! Carrying an erasure out that two officers have authorised: step by step, each recorded when it is done.
//!
//! What comes next follows from the log alone (rule E10). A process that dies anywhere leaves nothing that
//! the next one does not find and finish; a step done and not recorded is done again without harm.

pub(crate) mod late;
mod steps;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{
    actor::Actor,
    child::{self, Child, RecordStanding},
    erasure::{self, Erasure, Progress, Step},
    identity::ChildRef,
    policy::{Policy, PolicyVersion},
    stream::Stream,
};
use event_log::{
    Commit, CommitError, EventLog,
    backend::ReadError,
    event_log::EraseError,
    keyring::{KeyringError, State},
};
use projections::{
    erasures::Erasures,
    holder::{Holder, NotPurged},
};
use tokio::sync::{Mutex, Notify};
use uuid::Uuid;

use crate::now::Clock;

/// After which time what could not be finished is tried again.
const TRIED_AGAIN: Duration = Duration::from_secs(15);

/// Carries erasures out.
pub struct Eraser {
    log: EventLog,
    erasures: Erasures,
    holders: Vec<Arc<dyn Holder>>,
    one_at_a_time: Mutex<()>,
    /// Told when an erasure could not be finished.
    unfinished: Notify,
}

/// Why an erasure is not finished. It goes on where it is, at the next try or start.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// It has not begun: two officers have yet to authorise it.
    #[error("the erasure of {0} has not begun")]
    NotBegun(Uuid),
    /// A part of it failed.
    #[error(transparent)]
    Part(#[from] EraseError),
    /// A holder failed.
    #[error(transparent)]
    Holder(#[from] NotPurged),
    /// A holder that must acknowledge is not registered here.
    #[error("the holder {0:?}, which must acknowledge, is not registered in this process")]
    HolderMissing(String),
    /// What was done could not be recorded.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

/// Where a crash may come: told to whoever watches, after everything that has an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The record is closed, and nothing more has been done.
    Closed,
    /// A step is done, and not yet recorded.
    Done,
    /// A step is recorded.
    Recorded,
}

impl std::fmt::Debug for Eraser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eraser").field("holders", &self.holders()).finish_non_exhaustive()
    }
}

impl Eraser {
    /// Erases in this log, with these holders.
    pub fn new(log: EventLog, holders: Vec<Arc<dyn Holder>>) -> Self {
        let erasures = Erasures::of(&log);
        Self { log, erasures, holders, one_at_a_time: Mutex::default(), unfinished: Notify::new() }
    }

    /// Who is held, due, on the way to be erased, or erased.
    pub const fn erasures(&self) -> &Erasures {
        &self.erasures
    }

    /// Registers somebody who may hold something personal. Erasures that begin from now on wait for them.
    pub fn register(&mut self, holder: Arc<dyn Holder>) {
        self.holders.push(holder);
    }

    /// The names of all who must acknowledge.
    pub fn holders(&self) -> BTreeSet<String> {
        self.holders.iter().map(|holder| holder.name().to_owned()).collect()
    }

    /// Finishes an erasure that has begun. Quiet when it is finished.
    ///
    /// # Errors
    /// See [`Unfinished`].
    pub async fn finish(&self, subject: Uuid, clock: &Clock) -> Result<(), Unfinished> {
        let finished = self.finish_watched(subject, clock, |_| {}).await;
        if finished.is_err() {
            self.unfinished.notify_one();
        }
        finished
    }

    /// The same, for whoever wants to see what survives a crash at each point.
    ///
    /// # Errors
    /// See [`Unfinished`].
    pub async fn finish_watched(
        &self,
        subject: Uuid,
        clock: &Clock,
        mut watch: impl FnMut(Point),
    ) -> Result<(), Unfinished> {
        let _one_at_a_time = self.one_at_a_time.lock().await;
        let stream = Stream::Erasure(subject);
        loop {
            let reading = self.log.reading();
            let state = reading.fold::<Erasure>(stream).await?;
            if state.is_erased() {
                return Ok(());
            }
            let progress = state.progress().ok_or(Unfinished::NotBegun(subject))?;
            let policy = reading.fold::<Policy>(Stream::Policy).await?;
            let (version, values) = policy.on(clock.now().date_naive());
            if self.close_record(subject, progress, (version, clock)).await? {
                watch(Point::Closed);
            }
            let step = progress.next_step();
            let event = match &step {
                Step::DestroyKey => self.destroy_key(subject).await?,
                Step::DeleteCiphertext => erasure::Event::CiphertextDeleted {
                    sections: self.log.delete_sealed(subject).await?,
                },
                Step::Purge(name) => self.purge(subject, name).await?,
                Step::Complete => steps::completed(progress, values.retention(), clock.now()),
            };
            watch(Point::Done);
            let context = context(progress, &steps::name(&step), version, clock);
            let commit = Commit { stream, events: vec![event.into()], reading, context };
            match self.log.commit(commit).await {
                Ok(_) => watch(Point::Recorded),
                // Something came too late meanwhile, and was recorded: on from there.
                Err(error) if error.is_outdated() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Finishes everything that has begun, now and whenever an erasure could not be finished: as long as a
    /// server runs.
    pub async fn keep_finishing(&self, clock: &Clock) {
        loop {
            self.resume(clock).await;
            self.unfinished.notified().await;
            tokio::time::sleep(TRIED_AGAIN).await;
        }
    }

    /// Finishes everything that has begun, and lets the ring know what the log holds. Tries again until
    /// nothing is left to do.
    pub async fn resume(&self, clock: &Clock) {
        loop {
            match self.resume_once(clock).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "An erasure could not be finished, and is tried again"
                    );
                    tokio::time::sleep(TRIED_AGAIN).await;
                }
            }
        }
    }

    async fn resume_once(&self, clock: &Clock) -> Result<(), Unfinished> {
        for (subject, erasure) in self.erasures.all().await? {
            if !erasure.has_begun() {
                self.hold(subject, erasure.is_held()).await?;
            } else if !erasure.is_erased() {
                tracing::info!(%subject, "Going on with an erasure that had begun");
                self.finish(subject, clock).await?;
                tracing::info!(%subject, "The erasure is finished");
            }
        }
        Ok(())
    }

    /// Lets the ring know whether a subject is held: its second lock, beside the rule.
    ///
    /// # Errors
    /// When the ring cannot be used.
    pub async fn hold(&self, subject: Uuid, held: bool) -> Result<(), KeyringError> {
        let Some(ring) = self.log.keyring().cloned() else { return Ok(()) };
        // The ring may have to ask what other servers did.
        let told = tokio::task::spawn_blocking(move || match ring.state(subject)? {
            Some(State::Live) if held => ring.hold(subject, true),
            Some(State::Held) if !held => ring.hold(subject, false),
            Some(State::Live | State::Held | State::Tombstoned) | None => Ok(()),
        });
        told.await.unwrap_or_else(|ended| {
            let doing = "telling the ring of a hold";
            Err(KeyringError::Unavailable { doing, cause: ended.into() })
        })
    }

    /// From here on nobody sees anything of the record, whoever asks. Answers whether there was one open.
    async fn close_record(
        &self,
        subject: Uuid,
        progress: &Progress,
        (policy, clock): (PolicyVersion, &Clock),
    ) -> Result<bool, Unfinished> {
        let stream = Stream::Child(ChildRef::new(subject));
        loop {
            let reading = self.log.reading();
            let record = reading.fold::<Child>(stream).await?;
            if !record.exists() || record.standing() == &RecordStanding::Purged {
                return Ok(false);
            }
            let event = child::Event::RecordPurged { erasure: progress.begun().event };
            let context = context(progress, "close", policy, clock);
            let commit = Commit { stream, events: vec![event.into()], reading, context };
            match self.log.commit(commit).await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_outdated() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn destroy_key(&self, subject: Uuid) -> Result<erasure::Event, Unfinished> {
        // It could not have begun under a hold; the ring may not know yet that one was lifted.
        self.hold(subject, false).await?;
        let gone = self.log.destroy_key(subject).await?;
        Ok(erasure::Event::KeyDestroyed {
            key: subject,
            commitment: gone.commitment.map(hex::encode),
            epoch: gone.epoch,
            successor: gone.successor,
        })
    }

    async fn purge(&self, subject: Uuid, name: &str) -> Result<erasure::Event, Unfinished> {
        let holder = self.holders.iter().find(|holder| holder.name() == name);
        let holder = holder.ok_or_else(|| Unfinished::HolderMissing(name.to_owned()))?;
        let purged = holder.purge(subject).await?;
        Ok(erasure::Event::HolderPurged {
            holder: name.to_owned(),
            method: purged.method,
            count: purged.count,
            evidence: purged.evidence.map(hex::encode),
        })
    }
}

/// The circumstances of a step: the system's act, which follows from the beginning.
fn context(
    progress: &Progress,
    step: &str,
    policy: PolicyVersion,
    clock: &Clock,
) -> event_log::Context {
    let begun = progress.begun().event;
    event_log::Context {
        command: Uuid::new_v5(&begun.uuid(), step.as_bytes()),
        at: clock.now(),
        by: Actor::SYSTEM,
        policy,
        correlation: None,
        causation: Some(begun),
        request_digest: None,
    }
}

impl From<Unfinished> for crate::problem::Problem {
    fn from(error: Unfinished) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "An erasure could not be finished; it goes on at the next try"
        );
        let problem = Self::new(&crate::problem::kind::ERASURE_UNFINISHED);
        if let Unfinished::Part(EraseError::Keyring(KeyringError::Awaiting(rings))) = error {
            return problem.with("waiting_for", rings);
        }
        problem
    }
}
