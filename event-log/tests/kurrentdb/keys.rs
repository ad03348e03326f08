//! A ring of keys on each server, over the stream on the double.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

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

const CONNECTION: &str = "TEST_DESTROYS_ON";
const FOLDER: &str = "TEST_DESTROYS_IN";

/// The process that is killed: this test, run by the other one.
#[test]
fn a_ring_makes_and_destroys_keys_until_it_is_killed() {
    let (Ok(connection), Ok(folder)) = (std::env::var(CONNECTION), std::env::var(FOLDER)) else {
        return;
    };
    let settings = Settings::new(connection, ORIGIN);
    let stream = Arc::new(KurrentKeyStream::at(&settings).unwrap());
    let wait = Duration::ZERO;
    let ring = Keyring::open_among_others(Path::new(&folder), ORIGIN, stream, wait).unwrap();
    let mut out = std::io::stdout();
    let first =
        ring.state(Uuid::from_u128(0)).unwrap().map_or(0, |_| u128::from(std::process::id()) << 32);
    for number in first.. {
        let made = ring.create(&[Uuid::from_u128(number)]).unwrap();
        writeln!(out, "made {number} {}", hex::encode(made[0].commitment)).unwrap();
        if number % 3 == 2 {
            // The other ring is closed, and is waited for.
            ring.destroy(&[Uuid::from_u128(number - 1)]).unwrap_err();
            writeln!(out, "gone {} -", number - 1).unwrap();
        }
    }
}

#[test]
fn what_a_ring_acknowledged_holds_in_every_ring_after_it_was_killed_anywhere() {
    let double = Double::start();
    let folder = TempDir::new().unwrap();
    let [killed, other] = ["killed", "other"].map(|name| folder.path().join(name));
    drop(open(&double, &killed).unwrap());
    Keyring::copy(&killed, &other, ORIGIN).unwrap();
    drop(open(&double, &other).unwrap());
    let (mut made, mut gone) = (Vec::new(), Vec::new());
    for kill in 0..8 {
        let name = "keys::a_ring_makes_and_destroys_keys_until_it_is_killed";
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(CONNECTION, double.connection())
            .env(FOLDER, &killed)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // At another point each time: what follows an answer is under way when it is read.
        let mut answers = 0;
        for line in lines.by_ref().map_while(Result::ok) {
            let words: Vec<_> = line.split(' ').collect();
            let ["made" | "gone", subject, commitment] = words[..] else { continue };
            let subject = Uuid::from_u128(subject.parse().unwrap());
            if words[0] == "made" {
                made.push((subject, commitment.to_owned()));
            } else {
                gone.push(subject);
            }
            answers += 1;
            if answers == 4 + kill {
                process.kill().unwrap();
            }
        }
        process.wait().unwrap();
        assert!(answers >= 4 + kill, "it ended by itself after {answers} answers");
    }
    let [killed, other] = [killed, other].map(|dir| open(&double, &dir).unwrap());
    for (subject, commitment) in &made {
        let expected = (!gone.contains(subject)).then(|| commitment.clone());
        // One that was being destroyed when the process was killed may be gone from both.
        let here = key(&killed, *subject).map(hex::encode);
        assert_eq!(here, key(&other, *subject).map(hex::encode), "{subject}");
        assert!(here == expected || here.is_none(), "{subject}: {here:?}, {expected:?}");
        if here.is_none() {
            assert_eq!(killed.state(*subject).unwrap(), Some(State::Tombstoned));
        }
    }
    let lost = made.iter().filter(|(subject, _)| key(&killed, *subject).is_none()).count();
    assert!(lost <= gone.len() + 8, "{lost} are gone, {} were destroyed", gone.len());
    for subject in &gone {
        killed.destroy(&[*subject]).unwrap();
    }
    for (name, epoch) in [("killed", "epoch"), ("other", "transport")] {
        let files = std::fs::read_dir(folder.path().join(name)).unwrap();
        let left = files
            .filter(|file| file.as_ref().unwrap().file_name().to_str().unwrap().starts_with(epoch));
        assert_eq!(left.count(), 1, "{epoch} keys of {name}");
    }
}
