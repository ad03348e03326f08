//! What one server records of a person another one reads, and forgets with the key.

use std::{path::Path, sync::Arc};

use domain::{
    child::{self, Name},
    fold::Fold,
    personal::Personal,
    recorded::Recorded,
};
use event_log::{AsOf, EventLog, Keys, backend::ReadError, keyring::Keyring, kurrent::Settings};
use fixtures::scenario::id;
use kurrentdb_double::Double;
use tempfile::TempDir;

use crate::{
    events::{child_stream, command, record_created, write},
    world::expected,
};

const ORIGIN: &str = "test.example/log";

/// What a child was called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Called(Option<Personal<Name>>);

impl Fold for Called {
    type Event = child::Event;
    fn evolve(&mut self, recorded: &Recorded<child::Event>) {
        if let child::Event::RecordCreated { name, .. } = &recorded.event {
            self.0 = Some(name.clone());
        }
    }
}

async fn open(double: &Double, keys: &Path) -> EventLog {
    let settings =
        Settings { expected: Some(expected()), ..Settings::new(double.connection(), ORIGIN) };
    EventLog::open_on_cluster(&settings, keys).await.unwrap()
}

async fn called(log: &EventLog, child: u128) -> Option<Personal<Name>> {
    log.fold_at::<Called>(child_stream(child), AsOf::Now).await.unwrap().0.clone()
}

/// Two servers, each with a ring of its own.
async fn two(double: &Double, folder: &TempDir) -> [EventLog; 2] {
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    drop(open(double, &one).await);
    Keyring::copy(&one, &other, ORIGIN).unwrap();
    [open(double, &one).await, open(double, &other).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_records_another_reads_until_it_is_erased_and_not_from_memory_either() {
    let (double, folder) = (Double::start(), TempDir::new().unwrap());
    let [one, other] = two(&double, &folder).await;
    one.create_subject(id(1), command(1)).await.unwrap();
    write(&one, child_stream(1), vec![record_created("Quarmby")], command(2)).await.unwrap();
    let name = Some(Personal::Known(Name::new("Wilhelmina", "Quarmby").unwrap()));
    for log in [&one, &other] {
        assert_eq!(called(log, 1).await, name);
    }
    // Asked for on the other server, the same subject has the same key.
    other.create_subject(id(1), command(3)).await.unwrap();
    one.destroy_key(id(1)).await.unwrap();
    // What was folded before is not shown again, here or there.
    for log in [&one, &other] {
        assert_eq!(called(log, 1).await, Some(Personal::Erased));
        assert!(log.create_subject(id(1), command(4)).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_no_ring_of_the_cluster_knows_is_an_error_and_no_erasure() {
    let (double, folder) = (Double::start(), TempDir::new().unwrap());
    let [one, other] = two(&double, &folder).await;
    // Somebody wrote with a ring of another making.
    let foreign = Keyring::open(&folder.path().join("foreign"), ORIGIN).unwrap();
    let foreign = EventLog::over(Arc::clone(one.backend()), Keys::Ring(Arc::new(foreign)));
    foreign.create_subject(id(1), command(1)).await.unwrap();
    write(&foreign, child_stream(1), vec![record_created("Quarmby")], command(2)).await.unwrap();
    for log in [&one, &other] {
        let read = log.fold_at::<Called>(child_stream(1), AsOf::Now).await;
        assert!(matches!(read, Err(ReadError::Unavailable { .. })), "{read:?}");
    }
}
