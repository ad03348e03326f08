//! The tables of the log, and the check that a file has exactly these.
//!
//! Written for whoever opens the file in thirty years with nothing but `sqlite3`: stream names and
//! entries are text, and the triggers say what may not be done.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, types::Type};

use super::refusal::OpenError;

/// `CPEL`: a ContactPoint event log.
pub(super) const APPLICATION: u32 = 0x4350_454C;

/// The version of the tables below. A change to any of them is a new version.
pub(super) const VERSION: u32 = 1;

/// Every object, by name, with the exact statement that makes it.
const OBJECTS: [(&str, &str); 6] = [
    (
        "event",
        "CREATE TABLE event (
    position INTEGER PRIMARY KEY, -- place in the whole log: from 0, without gap
    stream   TEXT NOT NULL,       -- category, or category-handle
    revision INTEGER NOT NULL,    -- place in the stream: from 0, without gap
    previous INTEGER,             -- position of the stream's event before this one
    entry    TEXT NOT NULL,       -- what happened: the exact bytes that are hashed
    sealed   BLOB                 -- encrypted personal values; NULL if none, or erased
) STRICT",
    ),
    (
        "event_is_not_changed",
        "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
WHEN new.position IS NOT old.position OR new.stream IS NOT old.stream
  OR new.revision IS NOT old.revision OR new.previous IS NOT old.previous
  OR new.entry IS NOT old.entry OR new.sealed IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an event is never changed; only a sealed section may be erased'); END",
    ),
    (
        "event_is_not_removed",
        "CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END",
    ),
    (
        "about",
        "CREATE TABLE about (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID",
    ),
    (
        "about_is_not_changed",
        "CREATE TRIGGER about_is_not_changed BEFORE UPDATE ON about
BEGIN SELECT RAISE(ABORT, 'what the log is, is never changed'); END",
    ),
    (
        "about_is_not_removed",
        "CREATE TRIGGER about_is_not_removed BEFORE DELETE ON about
BEGIN SELECT RAISE(ABORT, 'what the log is, is never removed'); END",
    ),
];

/// What a log says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    /// The name it was created with.
    pub(super) origin: String,
    /// A random name, the same in every copy of this log and in no other.
    pub(super) log: String,
}

/// Whether the file holds nothing yet: just made, or its making was interrupted.
pub(super) fn is_empty(db: &Connection) -> rusqlite::Result<bool> {
    let objects: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let marked: u32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(objects == 0 && marked == 0)
}

/// Makes the tables, all or none.
pub(super) fn create(db: &mut Connection, origin: &str) -> rusqlite::Result<()> {
    db.pragma_update(None, "page_size", 16_384)?;
    db.pragma_update(None, "encoding", "UTF-8")?;
    let transaction = db.transaction()?;
    for (_, statement) in OBJECTS {
        transaction.execute_batch(statement)?;
    }
    transaction.execute("INSERT INTO about VALUES ('origin', ?1)", [origin])?;
    transaction.execute("INSERT INTO about VALUES ('log', lower(hex(randomblob(16))))", [])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// Refuses a file that is not a log of this version, table for table.
pub(super) fn verify(db: &Connection, path: &Path) -> Result<About, OpenError> {
    let engine =
        |cause| OpenError::Engine { doing: "read the tables of", path: path.to_owned(), cause };
    let mark = |name| db.pragma_query_value(None, name, |row| row.get::<_, u32>(0)).map_err(engine);
    let found = mark("application_id")?;
    if found != APPLICATION {
        return Err(OpenError::NotALog { path: path.to_owned(), found });
    }
    let found = mark("user_version")?;
    if found != VERSION {
        let path = path.to_owned();
        return Err(OpenError::UnknownSchema { path, found, known: VERSION });
    }
    let changed = |object: &str| OpenError::SchemaChanged {
        path: path.to_owned(),
        object: object.to_owned(),
    };
    for (name, statement) in OBJECTS {
        let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
        let found: Option<String> =
            db.query_row(sql, [name], |row| row.get(0)).optional().map_err(engine)?;
        if found.as_deref() != Some(statement) {
            return Err(changed(name));
        }
    }
    let about = |name: &str| {
        let sql = "SELECT value FROM about WHERE name = ?1";
        let found = db.query_row(sql, [name], |row| row.get(0)).optional().map_err(engine)?;
        found.ok_or_else(|| changed("about"))
    };
    Ok(About { origin: about("origin")?, log: about("log")? })
}

/// How many events the file holds, by the position of its last.
pub(super) fn length(db: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT max(position) FROM event";
    let last: Option<i64> = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    last.map_or(Ok(0), |last| count(last, 0).map(|last| last.saturating_add(1)))
}

/// A stored number as the log counts; negative ones are not of our making.
pub(super) fn count(stored: i64, column: usize) -> rusqlite::Result<u64> {
    u64::try_from(stored).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(cause))
    })
}

/// A count as the file stores it; what is beyond its numbers is beyond every log.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
