//! The file of stream heads: an index of the log, written in bulk and disposable.
//!
//! It holds the last event of every stream as of the events before `complete`. While a bulk is
//! being written it may also hold some heads up to `reached`; the log from `complete` on says the
//! same and is read on opening, so that half a bulk does no harm.

use std::{collections::HashMap, fs};

use domain::stream::Stream;
use rusqlite::{Connection, OptionalExtension};

use super::{
    connections::{Pool, close_settled, is_there, leave_as_it_is},
    files::Files,
    heads::Place,
    refusal::OpenError,
    schema::{count, stored},
};
use crate::write_ahead;

/// The version of its tables. A file of another version is thrown away and built anew.
const VERSION: u32 = 1;

/// How many KiB of the file's pages whoever looks up keeps: streams that are read are read again, and a page
/// that is not kept is a system call more for each.
const KEPT: u32 = 65_536;

/// How many heads are written in one transaction: few enough to let the log's own writes through.
const PIECE: usize = 16_384;

const TABLES: &str = "
CREATE TABLE head (
    stream   BLOB PRIMARY KEY, -- handle, then category: streams of one child stand together
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE known (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    log      TEXT NOT NULL,    -- which log
    complete INTEGER NOT NULL, -- every head of the events before this position is here
    reached  INTEGER NOT NULL, -- no head here is at or beyond this position
    leaf     BLOB              -- the hash of the last entry before `complete`
) STRICT;";

/// What the file knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Every head of the events before this position is in the file.
    pub(super) complete: u64,
    /// No head in the file is at or beyond this position.
    pub(super) reached: u64,
    /// The hash of the last entry before `complete`.
    pub(super) leaf: Option<Vec<u8>>,
}

/// The file, for looking up.
#[derive(Debug)]
pub(super) struct HeadsFile {
    /// None if there is no file that could be read as it is.
    pool: Option<Pool>,
    /// What the file has to know in any case: less, and it is not the one that was opened.
    at_least: u64,
}

impl HeadsFile {
    /// The file that this process writes.
    pub(super) fn own(files: &Files) -> Self {
        Self { pool: Some(Pool::own(files.heads()).keeping(KEPT)), at_least: 0 }
    }

    /// The file of another process or of a copy, and what it knows: nothing, if there is none
    /// that can be read as it is.
    pub(super) fn foreign(files: &Files, log: &str) -> (Self, Known) {
        let pool = Pool::foreign(files.heads()).keeping(KEPT);
        let known = pool.with(known).ok().flatten().filter(|(found, _)| found == log);
        match known {
            Some((_, known)) => (Self { pool: Some(pool), at_least: known.complete }, known),
            None => (Self { pool: None, at_least: 0 }, Known::default()),
        }
    }

    /// No file.
    pub(super) const fn none() -> Self {
        Self { pool: None, at_least: 0 }
    }

    /// The file as it is, which log it names, and what it knows; none if there is none that can be read.
    pub(super) fn examined(files: &Files) -> Option<(Self, String, Known)> {
        let pool = Pool::foreign(files.heads());
        let (log, known) = pool.with(known).ok().flatten()?;
        Some((Self { pool: Some(pool), at_least: 0 }, log, known))
    }

    /// The head of a stream as the file has it.
    pub(super) fn get(&self, stream: Stream) -> rusqlite::Result<Option<Place>> {
        let Some(pool) = &self.pool else { return Ok(None) };
        pool.with(|db| {
            if self.at_least == 0 {
                return head(db, stream);
            }
            // Its row is held, so that both answers are of one snapshot. No join: the engine would plan an outer one anew
            // at every use, which takes longer than the look-up.
            let mut known = db.prepare_cached("SELECT complete FROM known WHERE one = 1")?;
            let mut known = known.query([])?;
            let row = known.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            if count(row.get(0)?, 0)? < self.at_least {
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_SCHEMA);
                let text = "the stream heads are being built anew: open the log again";
                return Err(rusqlite::Error::SqliteFailure(code, Some(text.to_owned())));
            }
            head(db, stream)
        })
    }

    /// Every head in the file whose stream is one, in the order of their keys.
    pub(super) fn each(&self, mut take: impl FnMut(Stream, Place)) -> rusqlite::Result<()> {
        let Some(pool) = &self.pool else { return Ok(()) };
        pool.with(|db| {
            let mut all = db.prepare("SELECT stream, position, revision FROM head")?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let (position, revision) = (count(row.get(1)?, 1)?, count(row.get(2)?, 2)?);
                if let Some(stream) = row.get_ref(0)?.as_bytes().ok().and_then(stream_of) {
                    take(stream, Place { position, revision });
                }
            }
            Ok(())
        })
    }

    /// Closes the connections that are not in use.
    pub(super) fn close(&self) {
        if let Some(pool) = &self.pool {
            pool.close();
        }
    }
}

fn head(db: &Connection, stream: Stream) -> rusqlite::Result<Option<Place>> {
    let sql = "SELECT position, revision FROM head WHERE stream = ?1";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query([key(stream)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (position, revision) = (count(row.get(0)?, 0)?, count(row.get(1)?, 1)?);
    Ok(Some(Place { position, revision }))
}

/// The one connection that writes the file.
#[derive(Debug)]
pub(super) struct HeadsWriter {
    db: Connection,
}

impl HeadsWriter {
    /// Opens the file, or makes it. One that the engine cannot read, or of another version, is
    /// removed and made anew: all it says is in the log.
    ///
    /// # Errors
    /// It belongs to another log, or it cannot be made.
    pub(super) fn open(files: &Files, log: &str) -> Result<(Self, Known), OpenError> {
        let engine = |cause| OpenError::Engine { doing: "make", path: files.heads(), cause };
        let present = is_there(&files.heads())?.then(|| Self::open_present(files)).transpose();
        match present.map(Option::flatten) {
            Ok(Some((writer, found, known))) if found == log => return Ok((writer, known)),
            Ok(Some(_)) => {
                let finding = "it names another log";
                return Err(OpenError::HeadsOfAnotherLog { heads: files.heads(), finding });
            }
            Ok(None) => {}
            Err(cause) if is_unreadable(&cause) => {}
            Err(cause) => return Err(engine(cause)),
        }
        for part in files.heads_parts() {
            match fs::remove_file(&part) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(OpenError::File { doing: "remove", path: part, cause });
                }
                Ok(()) | Err(_) => {}
            }
        }
        let mut db = connect(files).map_err(engine)?;
        create(&mut db, log).map_err(engine)?;
        Ok((Self { db }, Known::default()))
    }

    fn open_present(files: &Files) -> rusqlite::Result<Option<(Self, String, Known)>> {
        let db = connect(files)?;
        Ok(known(&db)?.map(|(log, known)| (Self { db }, log, known)))
    }

    /// Writes the heads of the events up to `complete`, in pieces. After each piece the file is
    /// as good as before: only the last one moves `complete`.
    pub(super) fn write(
        &mut self,
        heads: &HashMap<Stream, Place>,
        complete: u64,
        leaf: &[u8],
    ) -> rusqlite::Result<()> {
        self.db.execute("UPDATE known SET reached = max(reached, ?1)", [stored(complete)])?;
        let mut sorted: Vec<_> =
            heads.iter().map(|(stream, place)| (key(*stream), place)).collect();
        sorted.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        for piece in sorted.chunks(PIECE) {
            let transaction = self.db.transaction()?;
            {
                let mut put =
                    transaction.prepare_cached("REPLACE INTO head VALUES (?1, ?2, ?3)")?;
                for (stream, place) in piece {
                    put.execute((stream, stored(place.position), stored(place.revision)))?;
                }
            }
            transaction.commit()?;
        }
        let sql = "UPDATE known SET complete = ?1, leaf = ?2";
        self.db.execute(sql, (stored(complete), leaf)).map(drop)
    }
}

impl HeadsWriter {
    /// Brings the file into order and lets go of it.
    pub(super) fn close(self) {
        close_settled(self.db);
    }
}

fn known(db: &Connection) -> rusqlite::Result<Option<(String, Known)>> {
    let version: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != VERSION {
        return Ok(None);
    }
    db.query_row("SELECT log, complete, reached, leaf FROM known", [], |row| {
        let (complete, reached) = (count(row.get(1)?, 1)?, count(row.get(2)?, 2)?);
        Ok((row.get(0)?, Known { complete, reached, leaf: row.get(3)? }))
    })
    .optional()
}

fn connect(files: &Files) -> rusqlite::Result<Connection> {
    let db = Connection::open(files.heads())?;
    db.pragma_update(None, "page_size", 8192)?;
    write_ahead::begin(&db)?;
    // Whole after a crash, perhaps a little behind: the log says the rest.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "cache_size", -32_768)?;
    leave_as_it_is(&db)?;
    Ok(db)
}

fn create(db: &mut Connection, log: &str) -> rusqlite::Result<()> {
    let transaction = db.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.execute("INSERT INTO known VALUES (1, ?1, 0, 0, NULL)", [log])?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

fn is_unreadable(cause: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(cause.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
        || matches!(cause, rusqlite::Error::SqliteFailure(_, Some(text)) if text.contains("no such table"))
}

/// The handle first, so that what is written together stands together.
fn key(stream: Stream) -> Vec<u8> {
    let mut key = stream.subject().map_or([0; 16], uuid::Uuid::into_bytes).to_vec();
    key.extend_from_slice(stream.category().as_bytes());
    key
}

/// The stream whose key it is.
fn stream_of(key: &[u8]) -> Option<Stream> {
    let (handle, category) = key.split_first_chunk::<16>()?;
    let streams = Stream::of_subject(uuid::Uuid::from_bytes(*handle));
    let found = streams.into_iter().find(|stream| stream.category().as_bytes() == category);
    found.or_else(|| (category == Stream::Policy.category().as_bytes()).then_some(Stream::Policy))
}
