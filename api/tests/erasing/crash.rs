//! A process is killed at every point of an erasure; the next one finishes it.
//!
//! The process is this test binary, started again: `DATA` names a folder in which the erasure of `subject(1)`
//! has begun, `POINT` the point at which it kills itself. Faults of single file calls are tried in `faults`.

use std::{
    env,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
};

use api::directory::Keeping;
use domain::{erasure, event::Event, stream::Stream};
use event_log::{AsOf, verify::verify};
use tempfile::TempDir;

use crate::world::{CHILD, begin, copy, fill, open, readable, subject};

const DATA: &str = "CONTACTPOINT_TEST_ERASING";
const POINT: &str = "CONTACTPOINT_TEST_POINT";

/// What such a process does. Run as a test by itself, it has nothing to do.
#[tokio::test]
async fn a_process_of_its_own() {
    let Ok(data) = env::var(DATA) else { return };
    let last: usize =
        env::var(POINT).ok().and_then(|point| point.parse().ok()).unwrap_or(usize::MAX);
    let directory = open(Path::new(&data), &Keeping::default()).await;
    let mut reached = 0;
    let watch = |_| {
        if reached == last {
            let me = std::process::id().to_string();
            Command::new("kill").args(["-KILL", &me]).status().unwrap();
        }
        reached += 1;
    };
    directory.eraser().finish_watched(subject(1), directory.clock(), watch).await.unwrap();
}

/// Whether the process was killed, and did not come to the end by itself.
fn killed_at(data: &Path, point: usize) -> bool {
    let ended = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::a_process_of_its_own"])
        .envs([(DATA, data.to_str().unwrap()), (POINT, &point.to_string())])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(ended.success() || ended.signal() == Some(9), "{ended}");
    !ended.success()
}

#[tokio::test]
async fn killed_at_any_point_it_is_finished_by_the_next() {
    let folder = TempDir::new().unwrap();
    let begun = folder.path().join("begun");
    let directory = open(&begun, &Keeping::default()).await;
    fill(directory.log(), subject(1), CHILD).await;
    let spared = fill(directory.log(), subject(2), CHILD).await;
    begin(&directory, subject(1)).await;
    drop(directory);
    let mut points = 0;
    loop {
        let data = folder.path().join(format!("at-{points}"));
        copy(&begun, &data);
        if !killed_at(&data, points) {
            break;
        }
        let directory = open(&data, &Keeping::default()).await;
        directory.resume_erasures().await;
        let log = directory.log();
        assert!(!readable(log, subject(1)).await.contains("$personal"), "point {points}");
        let still = readable(log, subject(2)).await;
        assert!(spared.iter().all(|canary| still.contains(canary)), "point {points}");
        let report = verify(log, |_| {}).await.unwrap();
        assert!(report.is_clean(), "point {points}: {:?}", report.findings);
        each_step_once(&log.history(Stream::Erasure(subject(1)), AsOf::Now).await.unwrap());
        drop(directory);
        std::fs::remove_dir_all(&data).unwrap();
        points += 1;
    }
    // The record closed; then key, ciphertext, two holders and the end, each done, and each recorded.
    assert_eq!(points, 11);
}

pub(crate) fn each_step_once(history: &[domain::recorded::Recorded<Event>]) {
    let count = |wanted: fn(&erasure::Event) -> bool| {
        let of = |event: &Event| matches!(event, Event::Erasure(event) if wanted(event));
        history.iter().filter(|recorded| of(&recorded.event)).count()
    };
    assert_eq!(count(|event| matches!(event, erasure::Event::KeyDestroyed { .. })), 1);
    assert_eq!(count(|event| matches!(event, erasure::Event::CiphertextDeleted { .. })), 1);
    assert_eq!(count(|event| matches!(event, erasure::Event::HolderPurged { .. })), 2);
    assert_eq!(count(|event| matches!(event, erasure::Event::SubjectErased { .. })), 1);
    let key = history.iter().find_map(|recorded| match &recorded.event {
        Event::Erasure(erasure::Event::KeyDestroyed { commitment, epoch, successor, .. }) => {
            Some((commitment.is_some(), *epoch, *successor))
        }
        _ => None,
    });
    assert_eq!(
        key,
        Some((true, 1, 2)),
        "the key was destroyed once, and no epoch more than it takes"
    );
}
