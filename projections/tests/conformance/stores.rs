//! Both stores, new and empty.

use std::{sync::Arc, time::Duration};

use domain::identity::EventId;
use fixtures::scenario::id;
use projections::store::{Batch, Build, Checkpoint, Embedded, Redis, Store, Write};
use tempfile::TempDir;

use crate::server::Server;

/// A store, and what it needs to be there.
pub(crate) struct OneStore {
    pub(crate) store: Arc<dyn Store>,
    _place: Place,
}

enum Place {
    Directory(#[expect(dead_code, reason = "kept until the test ends")] TempDir),
    Server(#[expect(dead_code, reason = "kept until the test ends")] Server),
}

/// One store of each kind.
pub(crate) fn everywhere() -> [OneStore; 2] {
    let dir = tempfile::tempdir().unwrap();
    let embedded = Embedded::open(dir.path()).unwrap();
    let server = Server::start();
    let redis = Redis::at(&server.address()).unwrap();
    [
        OneStore { store: Arc::new(embedded), _place: Place::Directory(dir) },
        OneStore { store: Arc::new(redis), _place: Place::Server(server) },
    ]
}

/// Long enough for any test.
pub(crate) const LONG: Duration = Duration::from_secs(600);

pub(crate) fn build(name: &str, version: u32, number: u32) -> Build {
    Build { name: name.to_owned(), version, number }
}

/// A build that `tester` may write to.
pub(crate) async fn ready(store: &dyn Store) -> Build {
    let build = build("things", 1, 1);
    store.create(&build).await.unwrap();
    assert!(store.take_lease("tester", LONG).await.unwrap());
    build
}

pub(crate) fn put(key: &str, value: &str) -> Write {
    Write::Put { key: key.to_owned(), value: value.as_bytes().to_vec() }
}

pub(crate) fn delete(key: &str) -> Write {
    Write::Delete { key: key.to_owned() }
}

/// So many events taken in; the last one's identity follows from their number.
pub(crate) fn at(next: u64) -> Checkpoint {
    Checkpoint { next, last: Some(EventId::new(id(u128::from(next)))) }
}

/// A batch of `tester`'s.
pub(crate) fn batch(build: &Build, from: u64, to: u64, writes: Vec<Write>) -> Batch {
    let holder = "tester".to_owned();
    Batch { build: build.clone(), expected: from, checkpoint: at(to), holder, writes }
}
