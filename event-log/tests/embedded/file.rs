//! The file guards itself, and can be read without this program.

use event_log::{
    append::AppendError,
    backend::{Backend, ReadError},
};

use crate::log::{Log, add, assert_whole, child};

#[tokio::test]
async fn the_file_refuses_changes_and_removals() {
    let log = Log::of(10).await;
    let db = log.tamper();
    let refused = [
        "UPDATE event SET entry = '{}' WHERE position = 3",
        "UPDATE event SET position = 99 WHERE position = 9",
        "UPDATE event SET stream = 'policy', sealed = NULL WHERE position = 3",
        "UPDATE event SET revision = 7 WHERE position = 3",
        "UPDATE event SET previous = NULL WHERE position = 3",
        "UPDATE event SET sealed = x'00' WHERE position = 3",
        "DELETE FROM event WHERE position = 9",
        "DELETE FROM event",
        "UPDATE about SET value = 'another'",
        "DELETE FROM about",
        "INSERT INTO event VALUES (10, 'policy', 'first', NULL, '{}', NULL)",
    ];
    for statement in refused {
        assert!(db.execute(statement, []).is_err(), "{statement}");
    }
    db.execute("UPDATE event SET sealed = NULL WHERE position = 3", []).unwrap();
    drop(db);
    assert_whole(&log.open().unwrap(), 10).await;
}

#[tokio::test]
async fn an_erased_section_leaves_no_byte_in_any_file() {
    let log = Log::of(0).await;
    let open = log.open().unwrap();
    for _ in 0..10 {
        add(&open).await;
    }
    assert_eq!(open.erase_sealed(child(0)).await.unwrap(), 5);
    assert_eq!(open.erase_sealed(child(1)).await.unwrap(), 5);
    drop(open);
    let file = std::fs::read(log.file("events.sqlite")).unwrap();
    assert!(!file.windows(16).any(|bytes| bytes == [9; 16]));
    assert!(!log.file("events.sqlite-wal").try_exists().unwrap());
}

#[tokio::test]
async fn anybody_can_read_it_with_plain_sql() {
    let log = Log::of(7).await;
    let sql = "SELECT stream, revision, previous, entry, typeof(sealed),
        json_extract(entry, '$.position') FROM event WHERE position = 6";
    let row: (String, i64, i64, String, String, i64) = log
        .tamper()
        .query_row(sql, [], |row| {
            let sealed = (row.get(4)?, row.get(5)?);
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, sealed.0, sealed.1))
        })
        .unwrap();
    let stream = "child-00000000-0000-0000-0000-000000000001".to_owned();
    assert_eq!(row, (stream, 1, 5, "{\"position\":6}".to_owned(), "blob".to_owned(), 6));
}

#[tokio::test]
async fn a_gap_is_found_when_it_is_read() {
    let log = Log::of(100).await;
    log.tamper_unguarded("DELETE FROM event WHERE position = 42");
    let open = log.open().unwrap();
    let found = open.read_all(0, usize::MAX).await;
    assert!(matches!(found, Err(ReadError::Corrupt { position: 42, .. })), "{found:?}");
    let found = open.read_stream(child(8), 0, None).await;
    assert!(matches!(found, Err(ReadError::Corrupt { position: 42, .. })), "{found:?}");
    let found = open.read_at(&[41, 42, 43]).await;
    assert!(matches!(found, Err(ReadError::Corrupt { position: 42, .. })), "{found:?}");
    assert!(open.read_at(&[43, 41]).await.unwrap().iter().all(Option::is_some));
    assert_eq!(open.read_stream(child(7), 0, None).await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_stream_that_was_redirected_is_found_when_it_is_read() {
    let log = Log::of(100).await;
    log.tamper_unguarded("UPDATE event SET previous = 3 WHERE position = 42");
    let open = log.open().unwrap();
    let found = open.read_stream(child(8), 0, None).await;
    assert!(matches!(found, Err(ReadError::Corrupt { position: 3, .. })), "{found:?}");
}

#[tokio::test]
async fn the_write_ahead_log_stays_bounded_under_load_and_readers() {
    let log = Log::of(0).await;
    let bound = 1024 * 1024;
    let settings = event_log::embedded::Settings { wal_bytes: bound, ..crate::log::settings() };
    let open = event_log::embedded::Embedded::open(log.dir.path(), &settings).unwrap();
    let mut greatest = 0;
    for number in 0..1_500_u64 {
        add(&open).await;
        open.read_all(number.saturating_sub(50), 50).await.unwrap();
        greatest = greatest.max(log.file("events.sqlite-wal").metadata().unwrap().len());
    }
    // Each commit writes at least one page of 16 KiB: without a bound it would be 24 MiB.
    assert!(greatest < 6 * bound, "it grew to {greatest} bytes");
    assert_whole(&open, 1_500).await;
}

#[tokio::test]
async fn at_rest_everything_is_moved_however_little_it_is() {
    let log = Log::of(0).await;
    let rest = std::time::Duration::from_millis(10);
    let settings = event_log::embedded::Settings { moved_at_rest: rest, ..crate::log::settings() };
    let open = event_log::embedded::Embedded::open(log.dir.path(), &settings).unwrap();
    for _ in 0..3 {
        add(&open).await;
    }
    let file = format!("file:{}?immutable=1", log.file("events.sqlite").display());
    // Read without the write-ahead log, the file is torn while it is written: it is asked until it has all three.
    let in_the_file = || -> rusqlite::Result<i64> {
        let db = rusqlite::Connection::open(&file)?;
        db.query_row("SELECT count(*) FROM event", [], |row| row.get(0))
    };
    while in_the_file().ok() != Some(3) {
        tokio::time::sleep(rest).await;
    }
    assert_whole(&open, 3).await;
}

#[tokio::test]
async fn closed_it_takes_nothing_more_and_leaves_one_whole_file() {
    let log = Log::of(0).await;
    let open = log.open().unwrap();
    for _ in 0..30 {
        add(&open).await;
    }
    open.close();
    let asked = event_log::append::Append {
        stream: child(99),
        expected: None,
        guards: Vec::new(),
        events: vec![event_log::append::NewEvent {
            id: domain::identity::EventId::new(uuid::Uuid::nil()),
            entry: b"{}".to_vec(),
            sealed: None,
        }],
    };
    let refused = open.append(asked).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    assert!(!log.file("events.sqlite-wal").try_exists().unwrap());
    let there: i64 =
        log.tamper().query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap();
    assert_eq!(there, 30);
}
