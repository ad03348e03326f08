//! A ring of keys on each server, over the stream on the double.

use std::{path::Path, sync::Arc, time::Duration};

use event_log::{
    EventLog,
    keyring::{
        Keyring, KeyringError, Refusal, State,
        replicated::stream::{KeyStream, NewChange},
    },
    kurrent::{Settings, key_stream::KurrentKeyStream, log::OpenError},
};
use kurrentdb_double::{Double, faults::AppendFault};
use tempfile::TempDir;
use uuid::Uuid;

use crate::world::expected;

const ORIGIN: &str = "test.example/log";

fn settings(double: &Double) -> Settings {
    Settings {
        expected: Some(expected()),
        deadline: Duration::from_secs(2),
        patience: Duration::from_secs(30),
        ..Settings::new(double.connection(), ORIGIN)
    }
}

fn open(double: &Double, dir: &Path) -> Result<Keyring, KeyringError> {
    let stream = Arc::new(KurrentKeyStream::at(&settings(double)).unwrap());
    Keyring::open_among_others(dir, ORIGIN, stream, Duration::ZERO)
}

fn key(ring: &Keyring, subject: Uuid) -> Option<[u8; 32]> {
    ring.key(subject).unwrap().map(|key| key.commitment())
}

#[test]
fn the_stream_on_a_cluster_keeps_what_is_asked_of_it() {
    let double = Double::start();
    let stream = KurrentKeyStream::at(&settings(&double)).unwrap();
    let change = |number: u128, text: &str| NewChange {
        id: Uuid::from_u128(number),
        kind: "test/1",
        bytes: text.as_bytes().to_vec(),
    };
    assert!(stream.read(0, 9).unwrap().is_empty());
    // Bytes are kept as they are, and each revision is taken once.
    assert!(stream.append(0, &change(1, "{\"a\": 1,  \"b\":2}")).unwrap());
    assert!(!stream.append(0, &change(2, "{}")).unwrap(), "another stands there");
    assert!(!stream.append(2, &change(2, "{}")).unwrap(), "it would not follow the one before");
    assert!(stream.append(1, &change(2, "{}")).unwrap());
    assert_eq!(stream.read(0, 9).unwrap(), [b"{\"a\": 1,  \"b\":2}".to_vec(), b"{}".to_vec()]);
    assert_eq!(stream.read(1, 9).unwrap(), [b"{}".to_vec()]);
    assert!(stream.read(2, 9).unwrap().is_empty());
    assert_eq!(stream.read(0, 1).unwrap().len(), 1);
    // It is no part of the log.
    let log = double.log().everything();
    assert_eq!(log.iter().filter(|event| event.stream == "keys-cp-log").count(), 2);
    assert!(!log.iter().any(|event| event.stream.starts_with("cp-")));
}

#[test]
fn what_is_said_is_written_once_whatever_becomes_of_its_answer() {
    let (double, dir) = (Double::start(), TempDir::new().unwrap());
    let ring = open(&double, dir.path()).unwrap();
    let before = double.log().everything().len();
    let faults = [
        AppendFault::ReplyDropped,
        AppendFault::NeverAnswered,
        AppendFault::AbortedAfterWriting,
        AppendFault::Unavailable,
        AppendFault::Aborted,
    ];
    for (number, fault) in (1..).zip(faults) {
        double.faults().next_append(fault);
        let made = ring.create(&[Uuid::from_u128(number)]).unwrap();
        assert_eq!(key(&ring, Uuid::from_u128(number)), Some(made[0].commitment), "{fault:?}");
    }
    assert_eq!(double.log().everything().len(), before + faults.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_have_the_same_keys_and_destroy_them_together() {
    let double = Double::start();
    let [here, there] = [(); 2].map(|()| TempDir::new().unwrap());
    let log = EventLog::open_on_cluster(&settings(&double), here.path()).await.unwrap();
    let [erased, kept, late] = [1, 2, 3].map(Uuid::from_u128);
    let ring = Arc::clone(log.keyring().unwrap());
    ring.create(&[erased, kept]).unwrap();
    // Another server has no keys yet.
    let none = EventLog::open_on_cluster(&settings(&double), there.path()).await;
    assert!(
        matches!(none, Err(OpenError::Keys(KeyringError::Refused(Refusal::NotACopy)))),
        "{none:?}"
    );
    drop((log, ring));
    let target = there.path().join("keys");
    Keyring::copy(here.path(), &target, ORIGIN).unwrap();
    let one = EventLog::open_on_cluster(&settings(&double), here.path()).await.unwrap();
    let two = EventLog::open_on_cluster(&settings(&double), &target).await.unwrap();
    let (here, there) = (one.keyring().unwrap(), two.keyring().unwrap());
    let before = key(there, kept);
    assert!(before.is_some() && key(there, erased).is_some());
    // Nobody asks the other one for anything: its own thread follows.
    let gone = one.destroy_key(erased).await.unwrap();
    assert_eq!(gone.successor, 2);
    assert_eq!((key(there, erased), key(there, kept)), (None, before));
    assert_eq!(there.state(erased).unwrap(), Some(State::Tombstoned));
    there.create(&[late]).unwrap();
    assert_eq!(key(here, late), key(there, late));
    assert!(key(here, late).is_some());
}

#[test]
fn a_stream_of_keys_that_was_removed_is_found() {
    let (double, dir) = (Double::start(), TempDir::new().unwrap());
    let ring = open(&double, dir.path()).unwrap();
    ring.create(&[Uuid::from_u128(1)]).unwrap();
    let last = double.log().everything().last().unwrap().position;
    double.log().tamper(last, |event| event.event.data = b"{}".to_vec());
    let refused = ring.follow();
    assert!(
        matches!(&refused, Err(KeyringError::Refused(refusal)) if refusal.is_contradiction()),
        "{refused:?}"
    );
    assert!(ring.key(Uuid::from_u128(1)).is_err());
}
