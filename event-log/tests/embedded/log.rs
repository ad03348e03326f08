//! A log in a temporary folder, and its file opened behind its back.

use std::path::PathBuf;

use domain::{
    identity::{ChildRef, EventId},
    stream::Stream,
};
use event_log::{
    append::{Append, NewEvent},
    backend::Backend,
    embedded::{Embedded, Settings, refusal::OpenError},
};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) struct Log {
    pub(crate) dir: TempDir,
}

impl Log {
    /// A log with so many events, five to a stream, closed.
    pub(crate) async fn of(events: u64) -> Self {
        let log = Self { dir: TempDir::new().unwrap() };
        let open = log.open().unwrap();
        for _ in 0..events {
            add(&open).await;
        }
        log
    }

    pub(crate) fn open(&self) -> Result<Embedded, OpenError> {
        Embedded::open(self.dir.path(), &settings())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join("log").join(name)
    }

    /// The file as anybody with the engine can open it.
    pub(crate) fn tamper(&self) -> Connection {
        Connection::open(self.file("events.sqlite")).unwrap()
    }

    /// The same, with the triggers out of the way for as long as `tampering` runs.
    pub(crate) fn tamper_unguarded(&self, statement: &str) {
        let db = self.tamper();
        let triggers: Vec<(String, String)> = {
            let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
            let mut select = db.prepare(sql).unwrap();
            let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        for (name, _) in &triggers {
            db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        db.execute_batch(statement).unwrap();
        for (_, sql) in &triggers {
            db.execute_batch(sql).unwrap();
        }
    }
}

pub(crate) fn settings() -> Settings {
    Settings { tail_events: 20, ..Settings::named("test.example/log") }
}

/// Appends one event, to the stream whose turn it is.
pub(crate) async fn add(log: &Embedded) {
    let position = *log.watch().borrow();
    let stream = child(position / 5);
    let expected = (position % 5).checked_sub(1);
    let id = EventId::new(Uuid::from_u128(u128::from(position)));
    let entry = format!("{{\"position\":{position}}}").into_bytes();
    let events = vec![NewEvent { id, entry, sealed: Some(vec![9; 16]) }];
    let appended = log.append(Append { stream, expected, guards: Vec::new(), events }).await;
    assert_eq!(appended.unwrap().first_position, position);
}

pub(crate) fn child(number: u64) -> Stream {
    Stream::Child(ChildRef::new(Uuid::from_u128(u128::from(number))))
}

/// Every event where and what it should be, read along the log and along each stream.
pub(crate) async fn assert_whole(log: &dyn Backend, events: u64) {
    let all = log.read_all(0, usize::MAX).await.unwrap();
    assert_eq!(u64::try_from(all.len()).unwrap(), events);
    for (position, event) in (0..).zip(&all) {
        let expected = format!("{{\"position\":{position}}}").into_bytes();
        assert_eq!((event.position, &event.entry), (position, &expected));
    }
    for number in 0..events.div_ceil(5) {
        let read = log.read_stream(child(number), 0, None).await.unwrap();
        assert_eq!(u64::try_from(read.len()).unwrap(), 5.min(events - number * 5));
        let head = log.head(child(number)).await.unwrap().unwrap();
        assert_eq!(head.revision + 1, u64::try_from(read.len()).unwrap());
    }
}
