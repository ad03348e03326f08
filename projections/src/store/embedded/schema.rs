//! The tables: one of builds, one of the lease, and one of keys for each build.

use std::{path::Path, time::Duration};

use domain::identity::EventId;
use event_log::write_ahead;
use rusqlite::{
    Connection, OptionalExtension as _, Transaction, TransactionBehavior, config::DbConfig, params,
};
use uuid::Uuid;

use crate::store::{Build, Built, Checkpoint, Stage, StoreError};

/// Statements of every build's own table, with room for more than the read models there are.
const STATEMENTS: usize = 256;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS build (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL,
        next INTEGER NOT NULL DEFAULT 0, last TEXT,
        complete INTEGER NOT NULL DEFAULT 0, serving INTEGER NOT NULL DEFAULT 0,
        UNIQUE (name, version, number)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS lease (
        one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, until REAL NOT NULL
    ) STRICT;
";

/// A build by its place in the file.
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) checkpoint: Checkpoint,
    complete: bool,
}

/// The size of a page. A document of more than a quarter of it overflows, and is then read whole wherever the key of
/// one beside it is compared.
const PAGE: i64 = 16_384;

/// After how many pages the file beside is written into the file while a read model is built: 256 MB. The same pages are
/// written again and again; each is copied once in so many writes.
const PAGES_BUILDING: i64 = 16_384;

/// The same while read models that are built follow the log: 4 MB. All of it is synced at once, on the disk of the log,
/// whose commits wait for as long.
const PAGES_FOLLOWING: i64 = 256;

/// To how many bytes the file beside is cut back afterwards.
const KEPT_BESIDE: i64 = 64 << 20;

/// A connection that waits for others and never for the disk: what is lost is rebuilt, and a batch is
/// in the file whole or not at all.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(20))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise a statement with a bound LIMIT is compiled anew each time it is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Before the first table; a file that is there keeps its own.
    connection.pragma_update(None, "page_size", PAGE)?;
    write_ahead::begin(&connection)?;
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;",
    )?;
    connection.pragma_update(None, "wal_autocheckpoint", PAGES_FOLLOWING)?;
    connection.pragma_update(None, "journal_size_limit", KEPT_BESIDE)?;
    Ok(connection)
}

/// Sets how much is gathered in the file beside from the next commit on: of a build that is written to.
pub(super) fn gather(state: &Transaction<'_>, of: &Known) -> rusqlite::Result<()> {
    let pages = if of.complete { PAGES_FOLLOWING } else { PAGES_BUILDING };
    let sql = format!("PRAGMA wal_autocheckpoint = {pages}");
    state.prepare_cached(&sql)?.query_row([], |_| Ok(()))
}

/// Writes in one transaction so that nothing of what was there before is left in the file, nor in the
/// file beside it.
pub(super) fn thoroughly<E: From<StoreError>>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let failed = || StoreError::when::<rusqlite::Error>("removing what must go");
    connection.pragma_update(None, "secure_delete", true).map_err(failed())?;
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
    let done = work(&transaction);
    let ended = match &done {
        Ok(()) => transaction.commit(),
        Err(_) => transaction.rollback(),
    };
    ended.map_err(failed())?;
    connection.pragma_update(None, "secure_delete", false).map_err(failed())?;
    done?;
    // What the file beside holds is written into the file, and cut off. Busy readers put it off.
    let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.query_row(truncate, [], |_| Ok(())).map_err(failed())?;
    Ok(())
}

pub(super) fn make(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(TABLES)
}

/// The table of one build's keys.
pub(super) fn table(id: i64) -> String {
    format!("build_{id}")
}

/// A number of the log as the file holds it. No log grows beyond it.
pub(super) fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A key: always text.
pub(super) fn as_text(key: Vec<u8>) -> String {
    String::from_utf8(key).unwrap_or_else(|key| String::from_utf8_lossy(key.as_bytes()).into())
}

fn checkpoint(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Checkpoint> {
    let next: i64 = row.get(at)?;
    let last: Option<String> = row.get(at.saturating_add(1))?;
    let last = last.and_then(|id| Uuid::try_parse(&id).ok()).map(EventId::new);
    Ok(Checkpoint { next: u64::try_from(next).unwrap_or_default(), last })
}

pub(super) fn builds(file: &Transaction<'_>) -> rusqlite::Result<Vec<Built>> {
    file.prepare_cached(
        "SELECT name, version, number, next, last, complete, serving FROM build
             ORDER BY name, version, number",
    )?
    .query_map([], |row| {
        let build = Build { name: row.get(0)?, version: row.get(1)?, number: row.get(2)? };
        let stage = if row.get(5)? { Stage::Complete } else { Stage::Building };
        Ok(Built { build, checkpoint: checkpoint(row, 3)?, stage, serving: row.get(6)? })
    })?
    .collect()
}

pub(super) fn find(state: &Transaction<'_>, build: &Build) -> rusqlite::Result<Option<Known>> {
    state
        .prepare_cached(
            "SELECT id, next, last, complete FROM build
             WHERE name = ?1 AND version = ?2 AND number = ?3",
        )?
        .query_row(params![build.name, build.version, build.number], |row| {
            Ok(Known { id: row.get(0)?, checkpoint: checkpoint(row, 1)?, complete: row.get(3)? })
        })
        .optional()
}

/// The build of a name that answers queries.
pub(super) fn serving(
    state: &Transaction<'_>,
    name: String,
) -> rusqlite::Result<Option<(Build, Known)>> {
    state
        .prepare_cached(
            "SELECT id, next, last, complete, version, number FROM build
             WHERE name = ?1 AND serving = 1",
        )?
        .query_row([&name], |row| {
            let checkpoint = checkpoint(row, 1)?;
            let known = Known { id: row.get(0)?, checkpoint, complete: row.get(3)? };
            Ok((row.get(4)?, row.get(5)?, known))
        })
        .optional()
        .map(|found| found.map(|(version, number, known)| (Build { name, version, number }, known)))
}

pub(super) fn create(state: &Transaction<'_>, build: &Build) -> rusqlite::Result<()> {
    if find(state, build)?.is_some() {
        return Ok(());
    }
    state.execute(
        "INSERT INTO build (name, version, number) VALUES (?1, ?2, ?3)",
        params![build.name, build.version, build.number],
    )?;
    state.execute_batch(&format!(
        "CREATE TABLE {} (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
        table(state.last_insert_rowid())
    ))
}

pub(super) fn advance(state: &Transaction<'_>, id: i64, to: Checkpoint) -> rusqlite::Result<()> {
    let last = to.last.map(|id| id.to_string());
    state
        .prepare_cached("UPDATE build SET next = ?1, last = ?2 WHERE id = ?3")?
        .execute(params![number(to.next), last, id])
        .map(drop)
}

pub(super) fn complete(state: &Transaction<'_>, build: &Build) -> rusqlite::Result<bool> {
    let Some(known) = find(state, build)? else { return Ok(false) };
    state.execute("UPDATE build SET complete = 1 WHERE id = ?1", [known.id])?;
    Ok(true)
}

pub(super) fn serve(state: &Transaction<'_>, build: &Build) -> rusqlite::Result<bool> {
    let Some(known) = find(state, build)? else { return Ok(false) };
    state.execute(
        "UPDATE build SET serving = (id = ?1) WHERE name = ?2",
        params![known.id, build.name],
    )?;
    Ok(true)
}

pub(super) fn switch(state: &Transaction<'_>, build: &Build) -> rusqlite::Result<bool> {
    let Some(known) = find(state, build)? else { return Ok(false) };
    let further = state
        .prepare_cached("SELECT 1 FROM build WHERE name = ?1 AND serving = 1 AND next > ?2")?
        .exists(params![build.name, number(known.checkpoint.next)])?;
    if further { Ok(false) } else { serve(state, build) }
}

pub(super) fn drop_build(state: &Transaction<'_>, build: &Build) -> rusqlite::Result<bool> {
    let Some(known) = find(state, build)? else { return Ok(true) };
    let gone = state.execute("DELETE FROM build WHERE id = ?1 AND serving = 0", [known.id])?;
    if gone > 0 {
        state.execute_batch(&format!("DROP TABLE {}", table(known.id)))?;
    }
    Ok(gone > 0)
}

pub(super) fn take_lease(
    state: &Transaction<'_>,
    holder: &str,
    seconds: f64,
) -> rusqlite::Result<bool> {
    let taken = state.execute(
        "INSERT INTO lease VALUES (1, ?1, unixepoch('now', 'subsec') + ?2)
         ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE lease.holder = excluded.holder OR lease.until <= unixepoch('now', 'subsec')",
        params![holder, seconds],
    )?;
    Ok(taken > 0)
}

pub(super) fn seize_lease(
    state: &Transaction<'_>,
    holder: &str,
    seconds: f64,
) -> rusqlite::Result<()> {
    state.execute(
        "INSERT INTO lease VALUES (1, ?1, unixepoch('now', 'subsec') + ?2)
         ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until",
        params![holder, seconds],
    )?;
    Ok(())
}

pub(super) fn holds_lease(state: &Transaction<'_>, holder: &str) -> rusqlite::Result<bool> {
    state
        .prepare_cached(
            "SELECT 1 FROM lease WHERE holder = ?1 AND until > unixepoch('now', 'subsec')",
        )?
        .exists([holder])
}
