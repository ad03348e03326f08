//! The stores under test, and short ways to say what is appended.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

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
    place: Place,
}

/// Where it is.
enum Place {
    Memory,
    File(TempDir),
    #[cfg(feature = "kurrentdb")]
    Cluster(crate::cluster::Cluster),
}

impl Store {
    pub(crate) fn memory() -> Self {
        Self { backend: Arc::new(Memory::new()), place: Place::Memory }
    }

    pub(crate) fn embedded() -> Self {
        let dir = TempDir::new().unwrap();
        Self { backend: open(&dir), place: Place::File(dir) }
    }

    #[cfg(feature = "kurrentdb")]
    pub(crate) async fn kurrentdb() -> Self {
        let cluster = crate::cluster::Cluster::new();
        Self { backend: cluster.open().await, place: Place::Cluster(cluster) }
    }

    /// Closes and opens it again. What is in memory just stays.
    #[cfg_attr(
        not(feature = "kurrentdb"),
        expect(clippy::unused_async, reason = "only a cluster is opened over a network")
    )]
    pub(crate) async fn restarted(self) -> Self {
        let Self { backend, place } = self;
        match place {
            Place::Memory => Self { backend, place },
            Place::File(dir) => {
                drop(backend);
                Self { backend: open(&dir), place: Place::File(dir) }
            }
            #[cfg(feature = "kurrentdb")]
            Place::Cluster(mut cluster) => {
                drop(backend);
                cluster.restart();
                Self { backend: cluster.open().await, place: Place::Cluster(cluster) }
            }
        }
    }

    /// How often something is tried: less often where each try goes over a network.
    pub(crate) fn rounds(&self, rounds: u64) -> u64 {
        match self.place {
            Place::Memory | Place::File(_) => rounds,
            #[cfg(feature = "kurrentdb")]
            Place::Cluster(_) => rounds / 4,
        }
    }

    /// Whether it can take a sealed section away.
    pub(crate) fn removes(&self) -> bool {
        match self.place {
            Place::Memory | Place::File(_) => true,
            #[cfg(feature = "kurrentdb")]
            Place::Cluster(_) => false,
        }
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

/// An event that no other has the identity of.
pub(crate) fn event(entry: &str) -> NewEvent {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let id = EventId::new(Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes()));
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
