//! Logs of plain entries, and their trees.

use std::{path::Path, sync::Arc};

use domain::{
    identity::{ChildRef, EventId},
    stream::Stream,
};
use event_log::{
    EventLog, Keys,
    append::{Append, NewEvent},
    backend::Backend,
    log_keys::LogKeys,
    memory::Memory,
    transparency::{Policy, Signed},
    transparency_log::{Publish, Step, TransparencyError, TransparencyLog},
};
use fixtures::scenario::id;
use tempfile::TempDir;

pub(crate) const ORIGIN: &str = "contactpoint.example/audit";
pub(crate) const NOW: u64 = 1_245_664_800;

pub(crate) fn entry(position: u64) -> String {
    format!("{{\"entry\":{position},\"of\":\"the log\"}}")
}

/// A folder for a test: in memory where there is such a thing, for an export makes thousands of files
/// durable one by one.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// A log in memory, its folder, and what an entry at a position says.
pub(crate) struct World {
    pub(crate) dir: TempDir,
    pub(crate) memory: Arc<Memory>,
    text: fn(u64) -> String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::saying(entry)
    }

    pub(crate) fn saying(text: fn(u64) -> String) -> Self {
        Self { dir: folder(), memory: Arc::new(Memory::new()), text }
    }

    /// Another log, of `size` entries that say something else, over the same folder.
    pub(crate) async fn replaced_by(&mut self, text: fn(u64) -> String, size: u64) {
        self.memory = Arc::new(Memory::new());
        self.text = text;
        self.grow(size).await;
    }

    pub(crate) fn log(&self) -> EventLog {
        EventLog::over(self.memory.clone(), Keys::Absent)
    }

    pub(crate) async fn grow(&self, size: u64) {
        let stream = Stream::Child(ChildRef::new(id(1)));
        while *self.memory.watch().borrow() < size {
            let from = *self.memory.watch().borrow();
            let to = size.min(from + 10_000);
            let events = (from..to)
                .map(|position| NewEvent {
                    id: EventId::new(id(u128::from(position) + 10)),
                    entry: (self.text)(position).into_bytes(),
                    sealed: None,
                })
                .collect();
            let expected = from.checked_sub(1);
            let append = Append { stream, expected, guards: vec![], events };
            self.memory.append(append).await.unwrap();
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn keys_dir(&self) -> std::path::PathBuf {
        self.path().join("keys")
    }

    /// The log's keys, made at the first call.
    pub(crate) fn keys(&self) -> LogKeys {
        if LogKeys::exist(&self.keys_dir()).unwrap() {
            LogKeys::open(&self.keys_dir(), ORIGIN).unwrap()
        } else {
            LogKeys::init(&self.keys_dir(), ORIGIN).unwrap()
        }
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy::of_log(self.keys().verifiers())
    }

    pub(crate) fn open(&self) -> TransparencyLog {
        self.try_open().unwrap()
    }

    pub(crate) fn try_open(&self) -> Result<TransparencyLog, TransparencyError> {
        TransparencyLog::open(&self.log(), self.path(), self.keys())
    }

    /// Opens, follows and publishes.
    pub(crate) async fn step(&self) -> Result<Step, TransparencyError> {
        self.try_open()?.step(NOW, Publish::WhenGrown).await
    }

    /// Grows to a size and publishes a checkpoint of it.
    pub(crate) async fn publish(&self, size: u64) -> Arc<Signed> {
        self.grow(size).await;
        self.step().await.unwrap().published.unwrap()
    }
}
