//! Where each event stands: its position in the log, and its place in `$all`.
//!
//! The log's positions have no gaps, those of `$all` do. This file says which belongs to which, in
//! the order in which the server committed, with the leaf hash of each entry. It follows from the
//! server alone: removed, it is built anew. What it knows it holds the server to.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use uuid::Uuid;

use super::wire::{At, Found};
use crate::{backend::leaf, write_ahead};

/// The version of its tables. A file of another version is built anew.
const VERSION: u32 = 1;

const TABLES: &str = "
CREATE TABLE about (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    genesis BLOB NOT NULL,     -- the identity of the installation's first event
    at      INTEGER NOT NULL   -- and where it stands in $all
) STRICT;
CREATE TABLE scavenges (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    known   INTEGER NOT NULL   -- how many entries $scavenges had when they were last approved
) STRICT;
CREATE TABLE event (
    position INTEGER PRIMARY KEY, -- in the log, from 0, without gap
    at       INTEGER NOT NULL,    -- commit position in $all
    prepare  INTEGER NOT NULL,    -- prepare position in $all
    leaf     BLOB NOT NULL        -- SHA-256(0x00 || entry)
) STRICT;
CREATE UNIQUE INDEX event_at ON event (at, prepare);
CREATE TABLE head (
    stream   TEXT PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;";

/// One line of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) position: u64,
    pub(super) at: At,
    pub(super) leaf: [u8; 32],
}

/// Why the index is of no use.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process uses it.
    #[error("the index {0} is in use by another process: give each server a folder of its own")]
    InUse(PathBuf),
    /// It cannot be read or written.
    #[error("the index of the log cannot be used")]
    Engine(#[from] rusqlite::Error),
    /// It cannot be made.
    #[error("the index {path} cannot be made")]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

/// An event that cannot follow those before it.
#[derive(Debug)]
pub(super) enum Unfit {
    /// A revision of its stream was left out.
    Gap { position: u64, name: String, missing: u64 },
    /// The index failed.
    Index(rusqlite::Error),
}

/// The index.
#[derive(Debug)]
pub(super) struct Index(Mutex<Option<Opened>>);

#[derive(Debug)]
struct Opened {
    db: Connection,
    _lock: Option<File>,
}

impl Index {
    /// The index in a folder, or in memory.
    pub(super) fn open(folder: Option<&Path>) -> Result<Self, IndexError> {
        let Some(folder) = folder else {
            let db = Connection::open_in_memory()?;
            create(&db)?;
            return Ok(Self::holding(db, None));
        };
        let path = folder.join("kurrentdb-index.sqlite");
        let failed = |cause| IndexError::File { path: path.clone(), cause };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join("kurrentdb-index.lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(IndexError::InUse(path)),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        let db = match connect(&path) {
            Ok(db) => db,
            // It follows from the server: what cannot be read is built anew.
            Err(cause) if is_unreadable(&cause) => {
                remove(&path)?;
                connect(&path)?
            }
            Err(cause) => return Err(cause.into()),
        };
        let version: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let db = if version == VERSION {
            db
        } else {
            drop(db);
            remove(&path)?;
            let db = connect(&path)?;
            create(&db)?;
            db
        };
        Ok(Self::holding(db, Some(lock)))
    }

    const fn holding(db: Connection, lock: Option<File>) -> Self {
        Self(Mutex::new(Some(Opened { db, _lock: lock })))
    }

    /// Lets go of the file, whoever still holds the index: another may open it then.
    pub(super) fn close(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Which installation it belongs to, if that was ever written down.
    pub(super) fn genesis(&self) -> rusqlite::Result<Option<(Uuid, u64)>> {
        self.with(|db| {
            db.query_row("SELECT genesis, at FROM about", [], |row| {
                let id: [u8; 16] = row.get(0)?;
                Ok((Uuid::from_bytes(id), number(row, 1)?))
            })
            .optional()
        })
    }

    pub(super) fn belongs_to(&self, genesis: Uuid, at: u64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO about VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING";
        self.with(|db| db.execute(sql, params![genesis.as_bytes(), stored(at)]).map(drop))
    }

    /// How many scavenges are known: as many as there are, if none was ever counted or they were
    /// approved.
    pub(super) fn scavenges(&self, found: u64, approved: bool) -> rusqlite::Result<u64> {
        self.with(|db| {
            let sql = if approved {
                "REPLACE INTO scavenges VALUES (1, ?1)"
            } else {
                "INSERT INTO scavenges VALUES (1, ?1) ON CONFLICT DO NOTHING"
            };
            db.execute(sql, [stored(found)])?;
            db.query_row("SELECT known FROM scavenges", [], |row| number(row, 0))
        })
    }

    /// The last event it knows.
    pub(super) fn last(&self) -> rusqlite::Result<Option<Row>> {
        let sql = "SELECT position, at, prepare, leaf FROM event ORDER BY position DESC LIMIT 1";
        self.with(|db| db.prepare_cached(sql)?.query_row([], row).optional())
    }

    /// At most `limit` events from a position on.
    pub(super) fn from(&self, position: u64, limit: usize) -> rusqlite::Result<Vec<Row>> {
        let sql = "SELECT position, at, prepare, leaf FROM event WHERE position >= ?1
                   ORDER BY position LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|db| {
            let mut rows = db.prepare_cached(sql)?;
            let rows = rows.query_map(params![stored(position), limit], row)?;
            rows.collect()
        })
    }

    /// The event at a place in `$all`.
    pub(super) fn at(&self, at: At) -> rusqlite::Result<Option<Row>> {
        let sql = "SELECT position, at, prepare, leaf FROM event WHERE at = ?1 AND prepare = ?2";
        let place = params![stored(at.commit), stored(at.prepare)];
        self.with(|db| db.prepare_cached(sql)?.query_row(place, row).optional())
    }

    /// The last event committed at this position or before it.
    pub(super) fn up_to(&self, commit: u64) -> rusqlite::Result<Option<Row>> {
        let sql = "SELECT position, at, prepare, leaf FROM event WHERE at <= ?1
                   ORDER BY at DESC, prepare DESC LIMIT 1";
        self.with(|db| db.prepare_cached(sql)?.query_row([stored(commit)], row).optional())
    }

    /// Takes in the next events, all or none; answers how many there are then.
    pub(super) fn extend(&self, events: &[Found]) -> Result<u64, Unfit> {
        let extended = self.with(|db| {
            let transaction = db.transaction()?;
            let sql = "SELECT coalesce(max(position) + 1, 0) FROM event";
            let mut next = transaction.query_row(sql, [], |row| number(row, 0))?;
            for event in events {
                let revision = next_revision(&transaction, &event.name)?;
                if event.revision != revision {
                    let name = event.name.clone();
                    return Ok(Err(Unfit::Gap { position: next, name, missing: revision }));
                }
                put(&transaction, next, event)?;
                next = next.saturating_add(1);
            }
            transaction.commit()?;
            Ok(Ok(next))
        });
        extended.unwrap_or_else(|cause| Err(Unfit::Index(cause)))
    }

    fn with<T>(
        &self,
        call: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(opened) = &mut *opened else {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_MISUSE);
            let closed = Some("the log is closed".to_owned());
            return Err(rusqlite::Error::SqliteFailure(code, closed));
        };
        call(&mut opened.db)
    }
}

fn next_revision(db: &Connection, stream: &str) -> rusqlite::Result<u64> {
    let known: Option<u64> = db
        .prepare_cached("SELECT revision FROM head WHERE stream = ?1")?
        .query_row([stream], |row| number(row, 0))
        .optional()?;
    Ok(known.map_or(0, |revision| revision.saturating_add(1)))
}

fn put(db: &Connection, position: u64, event: &Found) -> rusqlite::Result<()> {
    let (commit, prepare) = (stored(event.at.commit), stored(event.at.prepare));
    db.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        stored(position),
        commit,
        prepare,
        leaf(&event.entry)
    ])?;
    db.prepare_cached("REPLACE INTO head VALUES (?1, ?2)")?
        .execute(params![event.name, stored(event.revision)])
        .map(drop)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    write_ahead::begin(&db)?;
    // Whole after a crash, perhaps a little behind: the server says the rest.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(db)
}

fn create(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(TABLES)?;
    db.pragma_update(None, "user_version", VERSION)
}

fn remove(path: &Path) -> Result<(), IndexError> {
    for part in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(part);
        match fs::remove_file(&name) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(IndexError::File { path: name.into(), cause });
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn is_unreadable(cause: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(cause.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

fn row(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let at = At { commit: number(row, 1)?, prepare: number(row, 2)? };
    Ok(Row { position: number(row, 0)?, at, leaf: row.get(3)? })
}

fn number(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// The engine counts to `i64::MAX`, and so does the server.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
