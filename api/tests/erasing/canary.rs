//! A text found nowhere else in every personal field of every event: after the erasure no byte of it, of its
//! ciphertext or of its key is anywhere.

use std::{
    fs::{self, File},
    path::Path,
    sync::Arc,
    time::Duration,
};

use api::directory::{Directory, Keeping};
use domain::stream::Stream;
use event_log::{
    EventLog, Keys,
    keyring::Keyring,
    log_keys::LogKeys,
    transparency_log::{Publish, TransparencyLog},
    verify::verify,
};
use projections::store::Place;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    redis::Redis,
    world::{CHILD, ORIGIN, PERSON, copy, erase, files, fill, nowhere, open, readable, subject},
};

/// The sealed sections of a subject, as stored.
pub(crate) async fn ciphertext(log: &EventLog, subject: Uuid) -> Vec<Vec<u8>> {
    let mut sealed = Vec::new();
    for stream in Stream::of_subject(subject) {
        let stored = log.backend().read_stream(stream, 0, None).await.unwrap();
        sealed.extend(stored.into_iter().filter_map(|stored| stored.sealed));
    }
    sealed
}

pub(crate) fn secret(dir: &Path, name: &str) -> Vec<u8> {
    fs::read(dir.join("keys").join(name)).unwrap()
}

/// Publishes a checkpoint and exports the log as others may have it.
async fn export(directory: &Directory, dir: &Path, out: &Path) {
    let keys = dir.join("log-keys");
    let keys = if LogKeys::exist(&keys).unwrap() {
        LogKeys::open(&keys, ORIGIN).unwrap()
    } else {
        LogKeys::init(&keys, ORIGIN).unwrap()
    };
    let verifiers = keys.verifiers();
    let log = TransparencyLog::open(directory.log(), dir, keys).unwrap();
    log.step(1, Publish::Always).await.unwrap();
    event_log::export::export_tiles(
        &log,
        out,
        event_log::export::Part::default(),
        &verifiers,
        |_| {},
    )
    .await
    .unwrap();
}

/// Waits until the read models have taken everything in.
async fn followed(directory: &Directory) {
    for _ in 0..3_000 {
        let builds = directory.read_models().store().builds().await.unwrap();
        let length = directory.log().length();
        if !builds.is_empty() && builds.iter().all(|built| built.checkpoint.next == length) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the read models do not follow");
}

fn logging_to(path: &Path) {
    let file = Arc::new(File::create(path).unwrap());
    let told = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
    told.with_writer(file).init();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_subject_is_left_anywhere() {
    let (folder, redis) = (TempDir::new().unwrap(), Redis::start());
    let dir = folder.path().join("data");
    logging_to(&folder.path().join("service.log"));
    let keeping = Keeping { place: Place::Redis(redis.address()), ..Keeping::default() };
    let (child, person, sibling) = (subject(1), subject(2), subject(3));

    let directory = open(&dir, &keeping).await;
    directory.read_models().follow();
    let mut canaries = fill(directory.log(), child, CHILD).await;
    canaries.extend(fill(directory.log(), person, PERSON).await);
    let spared = fill(directory.log(), sibling, CHILD).await;
    assert!(canaries.len() > 100, "only {} canaries", canaries.len());
    let before = readable(directory.log(), child).await + &readable(directory.log(), person).await;
    for canary in &canaries {
        assert!(before.contains(canary), "a canary cannot be read before the erasure");
    }
    let mut gone: Vec<Vec<u8>> = canaries.iter().map(|text| text.clone().into_bytes()).collect();
    for one in [child, person] {
        gone.extend(ciphertext(directory.log(), one).await);
        let key = directory.log().keyring().unwrap().key(one).unwrap().unwrap();
        gone.push(key.expose().to_vec());
    }
    gone.push(secret(&dir, "epoch-1.key"));
    followed(&directory).await;
    directory.read_models().close().await;
    drop(directory);
    copy(&dir, &folder.path().join("backup"));

    let directory = open(&dir, &keeping).await;
    directory.read_models().follow();
    for one in [child, person] {
        erase(&directory, one).await;
    }
    followed(&directory).await;
    export(&directory, &dir, &folder.path().join("export")).await;
    let report = verify(directory.log(), |_| {}).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    let after = readable(directory.log(), child).await + &readable(directory.log(), person).await;
    assert!(!after.contains("$personal"), "{after}");
    let still = readable(directory.log(), sibling).await;
    assert!(spared.iter().all(|canary| still.contains(canary)), "the sibling was harmed");

    // With the server running: the write-ahead log, Redis, what it logged, what it exported.
    nowhere(&files(&dir), &gone);
    nowhere(&files(&folder.path().join("export")), &gone);
    nowhere(&files(&redis.dumped()), &gone);
    let logged = fs::read(folder.path().join("service.log")).unwrap();
    nowhere(&[("service.log".to_owned(), logged)], &gone);
    let wal = dir.join("log/events.sqlite-wal").metadata().map_or(0, |file| file.len());
    assert!(wal < 1_000_000, "the write-ahead log was not emptied: {wal}");
    directory.read_models().close().await;
    drop(directory);
    nowhere(&files(&dir), &gone);

    // An earlier backup of the log, with the keys of today.
    let restored = folder.path().join("restored");
    copy(&folder.path().join("backup"), &restored);
    let ring = Arc::new(Keyring::open(&dir.join("keys"), ORIGIN).unwrap());
    let log = EventLog::open_read_only(&restored, Keys::Ring(ring)).unwrap();
    assert!(!readable(&log, child).await.contains("$personal"));
    assert!(!readable(&log, person).await.contains("$personal"));
    let still = readable(&log, sibling).await;
    assert!(spared.iter().all(|canary| still.contains(canary)));
    drop(log);

    // An earlier backup of the wrapped keys, with the epoch of today.
    for name in ["epoch-3.key", "root.key"] {
        fs::copy(dir.join("keys").join(name), restored.join("keys").join(name)).unwrap();
    }
    fs::remove_file(restored.join("keys/epoch-1.key")).unwrap();
    Keyring::open(&restored.join("keys"), ORIGIN).unwrap_err();
}
