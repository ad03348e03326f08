//! The write-ahead log of an SQLite file: asked for, and seen to be there.

use rusqlite::{Connection, ffi};

/// Has changes written ahead from now on.
///
/// # Errors
/// When the file cannot be written or synced, or stays in another mode.
pub fn begin(db: &Connection) -> rusqlite::Result<()> {
    let mut asking = db.prepare("PRAGMA journal_mode = WAL")?;
    let mut rows = asking.query([])?;
    let mut mode = String::new();
    // To the end: the engine answers first, and commits after that. Whoever takes the answer alone never learns
    // that the sync failed, and the next commit would sync the same file as if nothing had been.
    while let Some(row) = rows.next()? {
        mode = row.get(0)?;
    }
    if mode == "wal" {
        return Ok(());
    }
    let says =
        format!("the write-ahead log could not be begun; the file stays in the mode '{mode}'");
    Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR), Some(says)))
}
