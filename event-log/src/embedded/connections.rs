//! Connections to the files of the log: the writer's, and a pool of readers' for each file.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::refusal::OpenError;
use crate::write_ahead;

/// How a reader gets at the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// In the process that writes.
    Own,
    /// Beside a process that writes, or after one that died: the write-ahead log counts, and its
    /// index is read but never written.
    Beside,
    /// At rest: there is no write-ahead log, and nobody writes. Nothing is locked.
    AtRest,
}

impl Access {
    /// What suits somebody else's files as they are at this moment.
    pub(crate) fn now(path: &Path) -> Result<Self, OpenError> {
        let (wal, shm) = (beside(path, "-wal"), beside(path, "-shm"));
        match (length(&wal)?.is_some_and(|bytes| bytes > 0), is_there(&shm)?) {
            (_, true) => Ok(Self::Beside),
            (false, false) => Ok(Self::AtRest),
            (true, false) => Err(OpenError::CopyIncomplete { path: path.to_owned() }),
        }
    }
}

/// Whether a file is there.
///
/// # Errors
/// When that cannot be found out, which does not mean that it is absent.
pub(super) fn is_there(path: &Path) -> Result<bool, OpenError> {
    Ok(length(path)?.is_some())
}

/// How many bytes a file has; none if it is not there.
///
/// # Errors
/// When that cannot be found out.
pub(super) fn length(path: &Path) -> Result<Option<u64>, OpenError> {
    match path.metadata() {
        Ok(file) => Ok(Some(file.len())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(OpenError::File { doing: "look for", path: path.to_owned(), cause }),
    }
}

/// The connection that writes. Everything that makes a commit durable is set here.
pub(super) fn open_writing(path: &Path) -> rusqlite::Result<Connection> {
    let mut db = Connection::open(path)?;
    // Before the first table: it cannot be changed later.
    db.pragma_update(None, "page_size", 16_384)?;
    write_ahead::begin(&db)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "wal_autocheckpoint", 0)?;
    db.pragma_update(None, "cache_size", -32_768)?;
    // An erased sealed section is overwritten, not only forgotten.
    db.pragma_update(None, "secure_delete", "ON")?;
    be_patient(&mut db)?;
    leave_as_it_is(&db)?;
    Ok(db)
}

/// Waits a while for somebody else's turn to end.
pub(super) fn be_patient(db: &mut Connection) -> rusqlite::Result<()> {
    db.busy_handler(Some(|tries| {
        std::thread::sleep(Duration::from_micros(200));
        tries < 50
    }))
}

/// Closing is not to move the write-ahead log: the engine would do so also after a sync that failed,
/// sync once more, and take the second answer for the truth.
pub(super) fn leave_as_it_is(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(drop)
}

/// Moves what is in the write-ahead log, all of it, and starts it anew. Answers whether it is empty
/// now: somebody who reads can hold it up.
pub(super) fn settle(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
}

/// Settles the write-ahead log and closes; the last to close removes it. If it cannot be settled it is
/// left as it is, and the next opening settles it.
pub(super) fn close_settled(db: Connection) {
    if settle(&db).is_ok() {
        // Nothing is left to be moved.
        drop(db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false));
    }
    drop(db);
}

/// A connection that reads.
pub(crate) fn open_reading(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let parameters = match access {
        Access::Own => "mode=ro",
        Access::Beside => "mode=ro&readonly_shm=1",
        Access::AtRest => "mode=ro&immutable=1",
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(path, parameters), flags)?;
    db.pragma_update(None, "query_only", "ON")?;
    db.busy_timeout(Duration::from_secs(1))?;
    Ok(db)
}

/// The file that the engine keeps beside a database, by its ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A path as the engine takes it with parameters.
fn uri(path: &Path, parameters: &str) -> String {
    let mut uri = "file:".to_owned();
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            other => uri.push(other),
        }
    }
    uri.push('?');
    uri.push_str(parameters);
    uri
}

/// How many KiB of pages a reader of the log keeps: so many that the inner pages of the tree stay at hand among the leaves
/// that come and go, or one of them is read again for most streams.
pub(super) const KEPT: u32 = 32_768;

/// Readers' connections, kept open between reads.
#[derive(Debug)]
pub(super) struct Pool {
    path: PathBuf,
    own: bool,
    /// How many KiB of pages each connection keeps; none for as many as the engine does by itself.
    keeps: Option<u32>,
    idle: Mutex<Vec<(Access, Connection)>>,
}

impl Pool {
    /// For reading in the process that writes.
    pub(super) fn own(path: PathBuf) -> Self {
        Self { path, own: true, keeps: None, idle: Mutex::default() }
    }

    /// For reading what another process may write meanwhile.
    pub(super) fn foreign(path: PathBuf) -> Self {
        Self { path, own: false, keeps: None, idle: Mutex::default() }
    }

    /// Each connection keeps so many KiB of pages from one read to the next.
    #[must_use]
    pub(super) fn keeping(self, kib: u32) -> Self {
        Self { keeps: Some(kib), ..self }
    }

    /// Lends a connection for as long as `read` runs.
    pub(super) fn with<T, E: From<rusqlite::Error>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let access = self.access()?;
        let (access, db) = match self.take(access) {
            Some(db) => (access, db),
            None => (access, self.open(access)?),
        };
        let answer = read(&db);
        self.idle().push((access, db));
        answer
    }

    fn open(&self, access: Access) -> rusqlite::Result<Connection> {
        let db = open_reading(&self.path, access)?;
        if let Some(kib) = self.keeps {
            db.pragma_update(None, "cache_size", i64::from(kib).saturating_neg())?;
        }
        Ok(db)
    }

    /// Closes what is not lent.
    pub(super) fn close(&self) {
        self.idle().clear();
    }

    /// A connection opened in another state of the files would not see what is there now.
    fn take(&self, access: Access) -> Option<Connection> {
        let mut idle = self.idle();
        idle.retain(|(opened, _)| *opened == access);
        idle.pop().map(|(_, db)| db)
    }

    fn access(&self) -> rusqlite::Result<Access> {
        if self.own {
            return Ok(Access::Own);
        }
        Access::now(&self.path).map_err(|refusal| {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
            rusqlite::Error::SqliteFailure(code, Some(refusal.to_string()))
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Access, Connection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
