//! `kill -9` under load.

use std::{collections::HashMap, fs, os::unix::process::ExitStatusExt, path::Path, time::Duration};

use domain::stream::Stream;
use event_log::{
    backend::{Backend, Stored},
    embedded::{Embedded, read_only::ReadOnly},
};
use tempfile::TempDir;

use crate::writer::{acknowledged, command, entry, restless};

const KILLS: u64 = 30;

/// Thirty times on one log: every second time the next process finds what the killed one left,
/// the other times the log has been opened, looked through and closed in between.
#[tokio::test]
async fn killed_under_load_it_loses_nothing_acknowledged() {
    let dir = TempDir::new().unwrap();
    let mut known: Vec<Stored> = Vec::new();
    let mut total = 0;
    for run in 0..KILLS {
        let said = run_and_kill(dir.path(), run);
        let acks = acknowledged(&said);
        total += acks.len();
        let log: Vec<Stored> = if run % 2 == 0 {
            let log = ReadOnly::open(dir.path()).unwrap();
            check(&log, &acks).await
        } else {
            let log = Embedded::open(dir.path(), &restless()).unwrap();
            check(&log, &acks).await
        };
        assert!(log.starts_with(&known), "the past has changed in run {run}");
        known = log;
    }
    assert!(total > 3_000, "only {total} appends were acknowledged: that is no load");
}

/// Starts the process, lets it get under way, kills it at some moment, and answers what it said.
fn run_and_kill(dir: &Path, run: u64) -> String {
    let says = dir.join("said");
    let mut process = command("", "load", dir, run, &says).spawn().unwrap();
    let mut waited = 0;
    while fs::metadata(&says).unwrap().len() < 2_000 {
        assert!(process.try_wait().unwrap().is_none(), "it ended by itself in run {run}");
        assert!(waited < 30_000, "nothing was acknowledged in run {run}");
        waited += 1;
        std::thread::sleep(Duration::from_millis(1));
    }
    // Another moment in every run, the same in every execution: 0 to 120 ms.
    let moment = run.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 47;
    std::thread::sleep(Duration::from_micros(moment % 120_000));
    process.kill().unwrap();
    let ended = process.wait().unwrap();
    assert_eq!(ended.signal(), Some(9), "it ended by itself in run {run}");
    fs::read_to_string(says).unwrap()
}

/// Everything acknowledged is there, at its position; nothing has a gap; the heads are those that
/// the log itself tells.
async fn check(log: &dyn Backend, acks: &[(u64, String)]) -> Vec<Stored> {
    let all = log.read_all(0, usize::MAX).await.unwrap();
    for (position, name) in acks {
        let stored = all.get(usize::try_from(*position).unwrap());
        let stored = stored.unwrap_or_else(|| panic!("{name} at {position} was lost"));
        assert_eq!(stored.entry, entry(name), "at {position}");
    }
    let mut heads: HashMap<Stream, (u64, u64)> = HashMap::new();
    for (position, event) in (0..).zip(&all) {
        assert_eq!(event.position, position);
        let next = heads.get(&event.stream).map_or(0, |(_, revision)| revision + 1);
        assert_eq!(event.revision, next, "at {position}");
        heads.insert(event.stream, (position, event.revision));
    }
    for (stream, last) in heads {
        let head = log.head(stream).await.unwrap().unwrap();
        assert_eq!((head.position, head.revision), last, "{stream}");
        let read = log.read_stream(stream, 0, None).await.unwrap();
        assert_eq!(u64::try_from(read.len()).unwrap(), last.1 + 1, "{stream}");
    }
    all
}
