//! The log with everything on: typed events, sealed, hashed, followed by the tree and its checkpoints.

use std::{
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use event_log::{
    Commit, EventLog,
    embedded::Settings,
    log_keys::LogKeys,
    transparency_log::{Pace, TransparencyLog},
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::{
    event::{Nothing, context, opened, stream, subject},
    load::Log,
};

pub(crate) const ORIGIN: &str = "bench.example/audit";

/// A log whose tree is followed and signed in the background.
pub(crate) struct Whole {
    pub(crate) log: EventLog,
    pub(crate) tree: Arc<TransparencyLog>,
    follower: Option<JoinHandle<()>>,
}

impl Whole {
    /// With keys for so many subjects.
    pub(crate) async fn open(dir: &Path, subjects: u64) -> Self {
        Self::open_with(dir, subjects, &Settings::named(ORIGIN)).await
    }

    pub(crate) async fn open_with(dir: &Path, subjects: u64, settings: &Settings) -> Self {
        let log = EventLog::open_with(dir, settings).unwrap();
        let all: Vec<Uuid> = (0..subjects).map(subject).collect();
        log.create_subjects(&all, |subject| context(subject.as_u128())).await.unwrap();
        let keys = LogKeys::init(&dir.join("keys"), ORIGIN).unwrap();
        let tree = Arc::new(TransparencyLog::open(&log, dir, keys).unwrap());
        let following = Arc::clone(&tree);
        let follower = tokio::spawn(async move {
            let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
            let stopped = following.run(Pace::default(), clock, |_| ()).await;
            println!("the tree has stopped: {stopped}");
        });
        Self { log, tree, follower: Some(follower) }
    }

    /// Ends the following, before the folder goes.
    pub(crate) async fn close(mut self) {
        if let Some(follower) = self.follower.take() {
            follower.abort();
            drop(follower.await);
        }
    }

    /// How many bytes an event takes on average: entry, sealed section, and the name of its stream.
    pub(crate) async fn bytes_an_event(&self) -> usize {
        let some = self.log.read_stored(self.log.length().saturating_sub(500), 500).await.unwrap();
        let bytes: usize = some
            .iter()
            .map(|stored| stored.entry.len() + stored.sealed.as_ref().map_or(0, Vec::len) + 43)
            .sum();
        bytes / some.len().max(1)
    }
}

impl Log for Whole {
    async fn put(&self, number: u64, of: u128, events: u64) {
        let stream = stream(number);
        let reading = self.log.reading();
        reading.fold::<Nothing>(stream).await.unwrap();
        let events = (0..events).map(|nth| opened((of << 16) | u128::from(nth))).collect();
        let commit = Commit { stream, events, reading, context: context(of) };
        self.log.commit(commit).await.unwrap();
    }
}
