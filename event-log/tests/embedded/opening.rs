//! What opening refuses, by name, and what it mends because it may.

use std::fs;

use event_log::{
    backend::Backend,
    embedded::{Embedded, Settings, refusal::OpenError},
};
use rusqlite::Connection;

use crate::log::{Log, add, assert_whole, settings};

#[tokio::test]
async fn exactly_one_may_write() {
    let log = Log::of(1).await;
    let first = log.open().unwrap();
    assert!(matches!(log.open(), Err(OpenError::InUse { .. })));
    drop(first);
    log.open().unwrap();
}

#[tokio::test]
async fn the_origin_is_given_once_and_compared_ever_after() {
    let log = Log::of(1).await;
    assert_eq!(log.open().unwrap().origin(), "test.example/log");
    match Embedded::open(log.dir.path(), &Settings::named("another.example/log")) {
        Err(OpenError::OtherOrigin { found, asked, .. }) => {
            assert_eq!(
                (found.as_str(), asked.as_str()),
                ("test.example/log", "another.example/log")
            );
        }
        other => panic!("{:?}", other.map(drop)),
    }
}

#[tokio::test]
async fn an_unknown_schema_version_is_refused_by_name() {
    let log = Log::of(1).await;
    log.tamper().pragma_update(None, "user_version", 2).unwrap();
    assert!(matches!(log.open(), Err(OpenError::UnknownSchema { found: 2, known: 1, .. })));
}

#[tokio::test]
async fn a_database_of_something_else_is_refused_and_left_alone() {
    let log = Log::of(0).await;
    for part in ["events.sqlite", "heads.sqlite"] {
        fs::remove_file(log.file(part)).unwrap();
    }
    let other = log.tamper();
    other.execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    drop(other);
    let before = fs::read(log.file("events.sqlite")).unwrap();
    assert!(matches!(log.open(), Err(OpenError::NotALog { found: 0, .. })));
    assert_eq!(fs::read(log.file("events.sqlite")).unwrap(), before);
}

#[tokio::test]
async fn a_dropped_trigger_is_noticed() {
    let log = Log::of(1).await;
    log.tamper().execute_batch("DROP TRIGGER event_is_not_removed").unwrap();
    match log.open() {
        Err(OpenError::SchemaChanged { object, .. }) => assert_eq!(object, "event_is_not_removed"),
        other => panic!("{:?}", other.map(drop)),
    }
}

#[tokio::test]
async fn events_missing_at_the_end_are_noticed() {
    let log = Log::of(50).await;
    log.tamper_unguarded("DELETE FROM event WHERE position >= 45");
    assert!(matches!(log.open(), Err(OpenError::EventsMissing { seen: 50, length: 45, .. })));
}

#[tokio::test]
async fn another_past_of_the_same_log_is_noticed() {
    let log = Log::of(30).await;
    let older = fs::read(log.file("events.sqlite")).unwrap();
    let open = log.open().unwrap();
    for _ in 0..30 {
        add(&open).await;
    }
    drop(open);
    let heads = fs::read(log.file("heads.sqlite")).unwrap();
    // The older copy grows again, otherwise, and as far.
    fs::write(log.file("events.sqlite"), older).unwrap();
    fs::remove_file(log.file("heads.sqlite")).unwrap();
    let open = log.open().unwrap();
    for _ in 0..35 {
        add(&open).await;
    }
    drop(open);
    log.tamper_unguarded("UPDATE event SET entry = '{\"other\":1}' WHERE position = 59");
    fs::write(log.file("heads.sqlite"), heads).unwrap();
    assert!(matches!(log.open(), Err(OpenError::HeadsOfAnotherLog { .. })));
}

#[tokio::test]
async fn the_heads_of_another_log_are_noticed() {
    let (log, other) = (Log::of(30).await, Log::of(30).await);
    fs::copy(other.file("heads.sqlite"), log.file("heads.sqlite")).unwrap();
    assert!(matches!(log.open(), Err(OpenError::HeadsOfAnotherLog { .. })));
}

#[tokio::test]
async fn damage_at_the_end_is_noticed_with_its_position() {
    let damages = [
        ("DELETE FROM event WHERE position = 47", 47),
        ("UPDATE event SET revision = 9 WHERE position = 47", 47),
        ("UPDATE event SET previous = 44 WHERE position = 47", 47),
        ("UPDATE event SET stream = 'recipe-7' WHERE position = 47", 47),
        ("UPDATE event SET previous = NULL WHERE position = 47", 47),
    ];
    for (damage, expected) in damages {
        let log = Log::of(50).await;
        fs::remove_file(log.file("heads.sqlite")).unwrap();
        log.tamper_unguarded(damage);
        match log.open() {
            Err(OpenError::Damaged { position, .. }) => assert_eq!(position, expected, "{damage}"),
            other => panic!("{damage}: {:?}", other.map(drop)),
        }
    }
}

#[tokio::test]
async fn without_the_file_of_heads_it_is_built_anew() {
    let log = Log::of(333).await;
    fs::remove_file(log.file("heads.sqlite")).unwrap();
    assert_whole(&log.open().unwrap(), 333).await;
    assert_whole(&log.open().unwrap(), 333).await;
}

#[tokio::test]
async fn an_unreadable_file_of_heads_is_built_anew() {
    let log = Log::of(333).await;
    for rubbish in [&b"not a database at all, not even nearly so"[..], &b""[..]] {
        fs::write(log.file("heads.sqlite"), rubbish).unwrap();
        assert_whole(&log.open().unwrap(), 333).await;
    }
    // Another version of it.
    let db = Connection::open(log.file("heads.sqlite")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert_whole(&log.open().unwrap(), 333).await;
}

#[tokio::test]
async fn heads_that_are_a_little_behind_do_no_harm() {
    let log = Log::of(100).await;
    let behind = fs::read(log.file("heads.sqlite")).unwrap();
    let open = log.open().unwrap();
    for _ in 0..77 {
        add(&open).await;
    }
    drop(open);
    fs::write(log.file("heads.sqlite"), behind).unwrap();
    let open = log.open().unwrap();
    assert_eq!(*open.watch().borrow(), 177);
    assert_whole(&open, 177).await;
    add(&open).await;
}

#[tokio::test]
async fn an_interrupted_creation_is_begun_again() {
    let log = Log::of(0).await;
    fs::write(log.file("events.sqlite"), b"").unwrap();
    fs::remove_file(log.file("heads.sqlite")).unwrap();
    let open = Embedded::open(log.dir.path(), &settings()).unwrap();
    add(&open).await;
    assert_whole(&open, 1).await;
}
