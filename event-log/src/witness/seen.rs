//! What a witness has seen, in a file that survives a power cut.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{transparency::witness::Seen, write_ahead};

pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(10))?;
    // FULL: what was cosigned must not be forgotten.
    write_ahead::begin(&db)?;
    db.execute_batch(
        "PRAGMA synchronous = FULL; \
         CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL CHECK (size >= 0), \
         root BLOB NOT NULL CHECK (length(root) = 32), note TEXT NOT NULL) STRICT;",
    )?;
    Ok(db)
}

pub(super) fn lock(state: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was last seen of a log; nothing yet: size 0.
pub(super) fn of(db: &Connection, origin: &str) -> rusqlite::Result<Seen> {
    let found = db
        .prepare_cached("SELECT size, root FROM seen WHERE origin = ?1")?
        .query_row([origin], |row| {
            let size: i64 = row.get(0)?;
            Ok(Seen { size: u64::try_from(size).unwrap_or_default(), root: row.get(1)? })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Keeps what is seen now, and the checkpoint with the cosignatures.
pub(super) fn keep(db: &Connection, origin: &str, seen: Seen, note: &str) -> rusqlite::Result<()> {
    let size = i64::try_from(seen.size)
        .map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))?;
    db.prepare_cached("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![origin, size, seen.root, note])
        .map(drop)
}

pub(super) fn note(db: &Connection, origin: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT note FROM seen WHERE origin = ?1")?
        .query_row([origin], |row| row.get(0))
        .optional()
}
