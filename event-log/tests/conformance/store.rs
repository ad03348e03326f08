//! The stores under test, and short ways to say what is appended.

use std::{ops::Deref, sync::Arc};

use domain::{
    identity::{ChildRef, EventId, PractitionerId},
    recorded::ReliedOn,
    stream::Stream,
};
use event_log::{
    append::{Append, AppendError, Appended, NewEvent},
    backend::{Backend, Stored},
    embedded::{Embedded, Settings},
    memory::Memory,
};
use tempfile::TempDir;
use uuid::Uuid;

/// A store under test.
pub(crate) struct Store {
    backend: Arc<dyn Backend>,
    /// Where it is, if it is in a file.
    dir: Option<TempDir>,
}

impl Store {
    pub(crate) fn memory() -> Self {
        Self { backend: Arc::new(Memory::new()), dir: None }
    }

    pub(crate) fn embedded() -> Self {
        let dir = TempDir::new().unwrap();
        Self { backend: open(&dir), dir: Some(dir) }
    }

    /// Closes and opens it again. What is in memory just stays.
    pub(crate) fn restarted(self) -> Self {
        let Self { backend, dir } = self;
        let Some(dir) = dir else { return Self { backend, dir } };
        drop(backend);
        Self { backend: open(&dir), dir: Some(dir) }
    }

    /// Another handle on the store, for another task.
    pub(crate) fn handle(&self) -> Arc<dyn Backend> {
        Arc::clone(&self.backend)
    }

    /// Appends to a stream, whatever its revision is.
    pub(crate) async fn add(&self, stream: Stream, entries: &[&str]) -> Appended {
        let expected = self.head(stream).await.unwrap().map(|head| head.revision);
        self.append(append(stream, expected, entries)).await.unwrap()
    }

    pub(crate) async fn everything(&self) -> Vec<Stored> {
        self.read_all(0, usize::MAX).await.unwrap()
    }
}

impl Deref for Store {
    type Target = dyn Backend;

    fn deref(&self) -> &Self::Target {
        self.backend.as_ref()
    }
}

fn open(dir: &TempDir) -> Arc<dyn Backend> {
    // Small, so that bulks of heads and restarts of the write-ahead log happen in the tests.
    let settings = Settings {
        tail_events: 300,
        wal_bytes: 1024 * 1024,
        ..Settings::named("test.example/log")
    };
    Arc::new(Embedded::open(dir.path(), &settings).unwrap())
}

pub(crate) fn child(number: u128) -> Stream {
    Stream::Child(ChildRef::new(Uuid::from_u128(number)))
}

pub(crate) fn shield(number: u128) -> Stream {
    Stream::Shield(ChildRef::new(Uuid::from_u128(number)))
}

pub(crate) fn practitioner(number: u128) -> Stream {
    Stream::Practitioner(PractitionerId::new(Uuid::from_u128(number)))
}

pub(crate) fn event(entry: &str) -> NewEvent {
    let id = EventId::new(Uuid::from_u128(entry.bytes().map(u128::from).sum()));
    NewEvent { id, entry: entry.as_bytes().to_vec(), sealed: None }
}

pub(crate) fn append(stream: Stream, expected: Option<u64>, entries: &[&str]) -> Append {
    let events = entries.iter().map(|entry| event(entry)).collect();
    Append { stream, expected, guards: Vec::new(), events }
}

pub(crate) fn guarded(append: Append, guards: &[(Stream, Option<u64>)]) -> Append {
    let guards = guards.iter().map(|&(stream, revision)| ReliedOn { stream, revision }).collect();
    Append { guards, ..append }
}

/// The outcome in a form that can be compared.
pub(crate) fn outcome(result: Result<Appended, AppendError>) -> String {
    match result {
        Ok(appended) => format!(
            "{}..={} from revision {}",
            appended.first_position, appended.last_position, appended.first_revision
        ),
        Err(error) => error.to_string(),
    }
}
