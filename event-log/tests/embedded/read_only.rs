//! Reading beside a server and from copies, without leaving a trace.

use std::{collections::BTreeMap, fs, path::Path};

use event_log::{
    append::{Append, AppendError, NewEvent},
    backend::{Backend, ReadError},
    embedded::{read_only::ReadOnly, refusal::OpenError},
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::log::{Log, add, assert_whole, child};

#[tokio::test]
async fn a_log_at_rest_is_read_without_a_trace() {
    let log = Log::of(123).await;
    let before = files(log.dir.path());
    let reading = ReadOnly::open(log.dir.path()).unwrap();
    assert_eq!(reading.origin(), "test.example/log");
    assert_whole(&reading, 123).await;
    drop(reading);
    assert_eq!(files(log.dir.path()), before);
}

#[tokio::test]
async fn beside_a_server_everything_it_appends_is_seen() {
    let log = Log::of(0).await;
    let server = log.open().unwrap();
    add(&server).await;
    let reading = ReadOnly::open(log.dir.path()).unwrap();
    for events in 2..150 {
        add(&server).await;
        // The one that was just added, by its position first: nobody has read on before.
        let newest = reading.read_at(&[events - 1, events]).await.unwrap();
        assert_eq!(newest.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
        assert_whole(&reading, events).await;
    }
    assert_eq!(*reading.watch().borrow(), 149);
}

#[tokio::test]
async fn it_goes_on_when_the_server_stops_and_starts() {
    let log = Log::of(60).await;
    let reading = ReadOnly::open(log.dir.path()).unwrap();
    for round in 0..4 {
        let server = log.open().unwrap();
        for number in 0..25 {
            add(&server).await;
            assert_whole(&reading, 60 + round * 25 + number + 1).await;
        }
        drop(server);
        assert_whole(&reading, 60 + (round + 1) * 25).await;
    }
}

#[tokio::test]
async fn a_copy_taken_under_load_is_read_without_a_trace() {
    let log = Log::of(0).await;
    let server = log.open().unwrap();
    for _ in 0..90 {
        add(&server).await;
    }
    let copy = TempDir::new().unwrap();
    fs::create_dir(copy.path().join("log")).unwrap();
    for name in files(log.dir.path()).into_keys() {
        fs::copy(log.file(&name), copy.path().join("log").join(name)).unwrap();
    }
    drop(server);
    let before = files(copy.path());
    let reading = ReadOnly::open(copy.path()).unwrap();
    assert_whole(&reading, 90).await;
    drop(reading);
    assert_eq!(files(copy.path()), before);
    // Only the log itself and what belongs to it is needed.
    for part in ["heads.sqlite", "heads.sqlite-wal", "heads.sqlite-shm", "writer.lock"] {
        drop(fs::remove_file(copy.path().join("log").join(part)));
    }
    assert_whole(&ReadOnly::open(copy.path()).unwrap(), 90).await;
    fs::remove_file(copy.path().join("log/events.sqlite-shm")).unwrap();
    let refused = ReadOnly::open(copy.path());
    assert!(matches!(refused, Err(OpenError::CopyIncomplete { .. })), "{refused:?}");
}

#[tokio::test]
async fn it_takes_no_append_and_erases_nothing() {
    let log = Log::of(5).await;
    let reading = ReadOnly::open(log.dir.path()).unwrap();
    let id = domain::identity::EventId::new(uuid::Uuid::nil());
    let events = vec![NewEvent { id, entry: b"{}".to_vec(), sealed: None }];
    let asked = Append { stream: child(9), expected: None, guards: Vec::new(), events };
    assert!(matches!(reading.append(asked).await, Err(AppendError::Unavailable(_))));
    assert!(matches!(reading.erase_sealed(child(0)).await, Err(AppendError::Unavailable(_))));
    assert_whole(&reading, 5).await;
}

#[tokio::test]
async fn no_log_is_created_by_reading() {
    let dir = TempDir::new().unwrap();
    assert!(matches!(ReadOnly::open(dir.path()), Err(OpenError::Absent { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_log_that_shrinks_under_the_reader_is_damaged() {
    let log = Log::of(20).await;
    let reading = ReadOnly::open(log.dir.path()).unwrap();
    assert_whole(&reading, 20).await;
    // Opened by another for writing, so that the reader looks again.
    let server = log.open().unwrap();
    log.tamper_unguarded("DELETE FROM event WHERE position = 19");
    let found = reading.read_all(0, 1).await;
    assert!(matches!(found, Err(ReadError::Corrupt { position: 19, .. })), "{found:?}");
    drop(server);
}

/// Every file of the log by name, with its length and the digest of its bytes.
fn files(dir: &Path) -> BTreeMap<String, (usize, Vec<u8>)> {
    fs::read_dir(dir.join("log"))
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| {
            let bytes = fs::read(file.path()).unwrap();
            let digest = Sha256::digest(&bytes).to_vec();
            (file.file_name().into_string().unwrap(), (bytes.len(), digest))
        })
        .collect()
}
