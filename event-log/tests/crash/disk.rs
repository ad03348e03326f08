//! A disk that fails, or is full.

use std::fs;

use event_log::{
    append::AppendError,
    backend::Backend,
    embedded::{Embedded, Settings},
};
use tempfile::TempDir;

use crate::writer::{acknowledged, command, entry, one};

/// The system refuses to let any file grow beyond a limit, with an error that is not "disk full".
#[tokio::test]
async fn a_failed_write_closes_the_log_to_writing_and_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let says = dir.path().join("said");
    let limited = "trap '' XFSZ; ulimit -f 4096;";
    let ended = command(limited, "fill", dir.path(), 0, &says).status().unwrap();
    let said = fs::read_to_string(says).unwrap();
    assert!(ended.success(), "{said}");
    let acks = acknowledged(&said);
    assert!(acks.len() > 50, "{said}");
    // The write that failed may have been written: only the next opening shows.
    assert!(said.contains("\nfirst unknown\n"), "{said}");
    assert!(said.contains("\npoisoned true\n"), "{said}");
    assert!(said.contains("\nthen poisoned\n"), "{said}");
    assert!(said.contains(&format!("\nread {}\n", acks.len())), "{said}");

    let log = Embedded::open(dir.path(), &Settings::named("test.example/crash")).unwrap();
    let all = log.read_all(0, usize::MAX).await.unwrap();
    for (position, name) in &acks {
        assert_eq!(all.get(usize::try_from(*position).unwrap()).unwrap().entry, entry(name));
    }
    let last = log.head(crate::writer::child(0)).await.unwrap().map(|head| head.revision);
    log.append(one(last, "after")).await.unwrap();
}

/// Full is not broken: the answer is to try again later, and later it works.
#[tokio::test]
async fn a_full_log_is_unavailable_and_not_poisoned() {
    let dir = TempDir::new().unwrap();
    let named = Settings::named("test.example/crash");
    let full = Settings { most_pages: Some(12), ..named.clone() };
    let log = Embedded::open(dir.path(), &full).unwrap();
    let mut revision = None;
    let refused = loop {
        match log.append(one(revision, "event")).await {
            Ok(appended) => revision = Some(appended.first_revision),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, AppendError::Unavailable(_)), "{refused:?}");
    assert_eq!(log.poisoned(), None);
    let again = log.append(one(revision, "event")).await.unwrap_err();
    assert!(matches!(again, AppendError::Unavailable(_)), "{again:?}");
    let kept = log.read_all(0, usize::MAX).await.unwrap();
    assert_eq!(kept.last().map(|event| event.revision), revision);
    drop(log);

    let log = Embedded::open(dir.path(), &named).unwrap();
    assert_eq!(log.read_all(0, usize::MAX).await.unwrap(), kept);
    log.append(one(revision, "event")).await.unwrap();
}
