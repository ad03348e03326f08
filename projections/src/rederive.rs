//! Derives a read model from the log on its own, and compares it with what a store holds.
//!
//! The store may be followed meanwhile. Each page of it says for which position it speaks, and what is
//! derived here is brought to that position before the two are compared, so nothing has to stand still.

use std::sync::Arc;

use event_log::EventLog;
use uuid::Uuid;

use crate::{
    known::Known,
    projector::{FollowError, Projector, Settings, Step},
    store::{Ask, Build, Checkpoint, Embedded, Range, Row, Store, StoreError},
};

/// How many keys are compared at once.
const AT_ONCE: usize = 4_096;

/// How many keys that differ are named.
const NAMED: usize = 20;

/// What was compared, and what differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rederived {
    /// Which build of the store.
    pub build: Build,
    /// How many events it had taken in when its last page was compared.
    pub next: u64,
    /// How many keys were compared: documents, entries of indexes, skipped events.
    pub keys: u64,
    /// How many of them only one side has, or hold something else.
    pub different: u64,
    /// The first of these.
    pub named: Vec<String>,
}

/// Why it was not compared.
#[derive(Debug, thiserror::Error)]
pub enum RederiveError {
    /// There is no such build in the store.
    #[error("there is no build {0} in the store")]
    NoSuchBuild(Build),
    /// This program does not know how to fold it without keys.
    #[error("this program does not know how to fold {0} without keys")]
    Unknown(Build),
    /// The store has taken in events that are not in this log.
    #[error("{build} has taken in {next} events, and the last of them is not in this log")]
    OtherLog {
        /// Which build.
        build: Build,
        /// How many it has taken in.
        next: u64,
    },
    /// The log could not be followed.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The same read model, derived here.
struct Own {
    log: EventLog,
    known: Known,
    store: Arc<dyn Store>,
    build: Build,
    process: Uuid,
}

impl Own {
    fn of(log: &EventLog, known: &Known, theirs: &Build) -> Result<Self, RederiveError> {
        let known = known.clone().without_marks().only(theirs);
        if known.names().next().is_none() {
            return Err(RederiveError::Unknown(theirs.clone()));
        }
        let build = Build { number: 1, ..theirs.clone() };
        let store: Arc<dyn Store> = Arc::new(Embedded::temporary()?);
        Ok(Self { log: log.without_keys(), known, store, build, process: Uuid::nil() })
    }

    /// Takes in everything up to where the other side stands.
    async fn bring_to(&self, next: u64, say: &mut impl FnMut(u64)) -> Result<(), RederiveError> {
        let settings = Settings { until: Some(next), ..Settings::default() };
        let (known, store) = (self.known.clone(), Arc::clone(&self.store));
        let mut projector = Projector::new(&self.log, store, known, settings, self.process);
        let mut taken_in = 0_u64;
        while let Step::TookIn(some) = projector.step().await? {
            taken_in = taken_in.saturating_add(some);
            say(taken_in);
        }
        Ok(())
    }

    async fn rows(&self, range: Range) -> Result<Vec<Row>, RederiveError> {
        let reply = self.store.read(&self.build, vec![Ask::Rows(range)]).await?;
        let reply = reply.ok_or_else(|| RederiveError::NoSuchBuild(self.build.clone()))?;
        Ok(reply.answers.into_iter().flatten().collect())
    }
}

/// Compares a build of a store with what the log makes of it. `say` is told how many events have been
/// taken in since the last page.
///
/// # Errors
/// See [`RederiveError`].
pub async fn rederive(
    log: &EventLog,
    known: &Known,
    (store, build): (&dyn Store, &Build),
    mut say: impl FnMut(u64),
) -> Result<Rederived, RederiveError> {
    let own = Own::of(log, known, build)?;
    let mut found =
        Rederived { build: build.clone(), next: 0, keys: 0, different: 0, named: Vec::new() };
    let mut range = Some(Range::everything(AT_ONCE));
    while let Some(page) = range.take() {
        let reply = store.read(build, vec![Ask::Rows(page.clone())]).await?;
        let reply = reply.ok_or_else(|| RederiveError::NoSuchBuild(build.clone()))?;
        same_log(log, build, reply.checkpoint).await?;
        found.next = reply.checkpoint.next;
        own.bring_to(found.next, &mut say).await?;
        let theirs: Vec<Row> = reply.answers.into_iter().flatten().collect();
        let last = theirs.last().filter(|_| theirs.len() == AT_ONCE).map(|row| row.key.clone());
        // The same stretch of keys: to the last one of the page, or to the end.
        let to = last.as_ref().map_or_else(|| page.to.clone(), |last| format!("{last}\0"));
        let ours = own.rows(Range { to, limit: usize::MAX >> 1, ..page.clone() }).await?;
        found.compare(&theirs, &ours);
        range = last.map(|last| page.after(&last));
    }
    Ok(found)
}

/// Makes sure that the last event a build took in is where it should be in this log.
async fn same_log(log: &EventLog, build: &Build, at: Checkpoint) -> Result<(), RederiveError> {
    let Some(before) = at.next.checked_sub(1) else { return Ok(()) };
    let header = log.header_at(before).await.map_err(FollowError::from)?;
    if header.map(|header| header.stamp.id) == at.last {
        Ok(())
    } else {
        Err(RederiveError::OtherLog { build: build.clone(), next: at.next })
    }
}

impl Rederived {
    fn compare(&mut self, theirs: &[Row], ours: &[Row]) {
        let (mut theirs, mut ours) = (theirs.iter().peekable(), ours.iter().peekable());
        loop {
            let (key, same) = match (theirs.peek(), ours.peek()) {
                (None, None) => return,
                (Some(one), Some(other)) if one.key == other.key => {
                    (one.key.clone(), one.value == other.value)
                }
                (Some(one), Some(other)) => (one.key.clone().min(other.key.clone()), false),
                (Some(row), None) | (None, Some(row)) => (row.key.clone(), false),
            };
            theirs.next_if(|row| row.key == key);
            ours.next_if(|row| row.key == key);
            self.keys = self.keys.saturating_add(1);
            if !same {
                self.different = self.different.saturating_add(1);
                if self.named.len() < NAMED {
                    self.named.push(key);
                }
            }
        }
    }
}
