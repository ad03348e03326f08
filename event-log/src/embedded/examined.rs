//! A log in a file, opened to be examined: nothing that it says of itself is believed.

use std::{collections::HashMap, path::Path, sync::Arc};

use domain::stream::Stream;
use rusqlite::Connection;

use super::{
    connections::{Access, Pool, is_there, open_reading},
    files::Files,
    heads::{Heads, Recent},
    heads_file::HeadsFile,
    read_only::ReadOnly,
    reader::{self, Trouble},
    refusal::OpenError,
    schema::{self, About, stored},
};
use crate::{
    backend::{Backend, Head, Lent, ReadError, leaf},
    on_all_cores::on_all_cores,
};

/// How many rows are looked at in one piece.
const AT_ONCE: usize = 256;

/// A log opened for examination. Takes no lock, and changes no file.
#[derive(Debug)]
pub struct Examined {
    backend: Arc<ReadOnly>,
    files: Files,
    about: About,
    pool: Pool,
    length: u64,
}

/// The columns beside an entry that nothing but an examination looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    revision: u64,
    /// Where the event before it in its stream is said to stand.
    previous: Option<i64>,
    named_as_written: bool,
}

impl Columns {
    /// What is wrong with the columns, if the last event of the stream until now is this one: the name as it
    /// is written, revisions without gap, the back-pointer to the event before.
    pub(crate) fn wrong_after(self, before: Option<Head>) -> Option<&'static str> {
        let revision = before.map_or(0, |before| before.revision.saturating_add(1));
        let previous = before.map(|before| stored(before.position));
        if !self.named_as_written {
            Some("its stream has a name that this program does not write")
        } else if (self.revision, self.previous) != (revision, previous) {
            Some("it does not follow the event before it")
        } else {
            None
        }
    }
}

/// Something in the file contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Where in the log, if it has a place.
    pub position: Option<u64>,
    /// What was found.
    pub finding: String,
}

impl Examined {
    /// Opens the log in `dir`.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let files = Files::of(dir);
        let path = files.events();
        if !is_there(&path)? {
            return Err(OpenError::Absent { path });
        }
        let engine = |cause| OpenError::Engine { doing: "open", path: path.clone(), cause };
        let db = open_reading(&path, Access::now(&path)?).map_err(engine)?;
        let about = schema::verify(&db, &path)?;
        let length = schema::length(&db).map_err(engine)?;
        // No file of heads: whoever reads the whole log in order needs none.
        let recent = Recent { length, ..Recent::default() };
        let heads = Heads::new(recent, HeadsFile::none(), u64::MAX);
        let pool = Pool::foreign(path.clone());
        let backend = ReadOnly::over(about.clone(), heads, Pool::foreign(path));
        Ok(Self { backend: Arc::new(backend), files, about, pool, length })
    }

    /// The name the log was created with.
    pub fn origin(&self) -> &str {
        &self.about.origin
    }

    /// How many events there were when it was opened.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its events, in order of position. What is asked by stream is answered only for what came after
    /// it was opened.
    pub fn backend(&self) -> Arc<dyn Backend> {
        Arc::clone(&self.backend) as Arc<dyn Backend>
    }

    /// Has its rows from position `from`, at most `limit`, looked at where they lie, on every core there is. Answers
    /// what came of each, with the columns beside its entry, in order of position; nothing at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or contradicts itself so that it cannot be read on.
    pub(crate) async fn rows<T: Send>(
        &self,
        from: u64,
        limit: usize,
        look: impl Fn(Lent<'_>) -> T + Sync,
    ) -> Result<Vec<(T, Columns)>, ReadError> {
        let end = from.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX));
        let end = end.min(self.backend.caught_up()?);
        let pieces: Vec<(u64, u64)> = (from..end)
            .step_by(AT_ONCE)
            .map(|first| (first, end.min(first.saturating_add(wide(AT_ONCE)))))
            .collect();
        let read = |&(first, end): &(u64, u64)| {
            self.pool.with(|db| rows(db, first, end, &look)).map_err(|trouble: Trouble| {
                trouble.when(|| format!("positions {first} up to before {end}"))
            })
        };
        let read = on_all_cores(&pieces, 1, read);
        tokio::task::yield_now().await;
        let mut all = Vec::with_capacity(limit.min(pieces.len().saturating_mul(AT_ONCE)));
        for piece in read {
            all.extend(piece?);
        }
        Ok(all)
    }

    /// What contradicts itself in the file: the storage engine's own structures, and the file of stream
    /// heads beside the ends of the streams, where those are known. The first of each kind.
    pub(crate) fn contradictions(&self, ends: Option<HashMap<Stream, Head>>) -> Vec<Contradiction> {
        let mut found: Vec<_> = ends.and_then(|ends| self.heads(ends)).into_iter().collect();
        let sql = "SELECT count(*) FROM event WHERE position < 0";
        let below: Result<i64, rusqlite::Error> =
            self.pool.with(|db| db.query_row(sql, [], |row| row.get(0)));
        if below.is_ok_and(|below| below > 0) {
            found.push(at_large("rows stand before position 0".to_owned()));
        }
        let checked: Result<String, rusqlite::Error> =
            self.pool.with(|db| db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)));
        match checked {
            Ok(answer) if answer == "ok" => {}
            Ok(answer) => found.push(at_large(format!("the engine finds: {answer}"))),
            Err(cause) => found.push(at_large(format!("the engine cannot read it: {cause}"))),
        }
        found
    }

    /// Whether the file of heads says what the log says. That it is behind, or not there, is in order.
    fn heads(&self, mut heads: HashMap<Stream, Head>) -> Option<Contradiction> {
        let (file, log, known) = HeadsFile::examined(&self.files)?;
        let wrong = |finding: &str| Some(at_large(format!("heads.sqlite {finding}")));
        if log != self.about.log {
            return wrong("belongs to another log");
        }
        if known.complete > self.length || known.reached > self.length {
            return wrong(
                "has seen more events than there are: the log was cut or is an older copy",
            );
        }
        if let Some(last) = known.complete.checked_sub(1) {
            let entry: Result<Vec<u8>, rusqlite::Error> =
                self.pool.with(|db| super::reader::entry_at(db, last));
            if entry.ok().map(|entry| leaf(&entry).to_vec()) != known.leaf {
                return wrong("knows another last event than the log has");
            }
        }
        let mut other = None;
        let read = file.each(|stream, said| {
            let Some(place) = heads.remove(&stream) else { return };
            // Its last event came after what the file knows, or after a part of it.
            let behind = said.position < place.position && place.position >= known.complete;
            if (said.position, said.revision) != (place.position, place.revision) && !behind {
                other = other.or(Some((stream, place)));
            }
        });
        read.ok()?;
        let unknown = || heads.into_iter().find(|(_, place)| place.position < known.complete);
        let (stream, place) = other.or_else(unknown)?;
        Some(Contradiction {
            position: Some(place.position),
            finding: format!("heads.sqlite has another end of {stream}"),
        })
    }
}

fn at_large(finding: String) -> Contradiction {
    Contradiction { position: None, finding }
}

/// Whether a name that reads as this stream is the one it is written with. Of the names of this length only
/// capitals make another.
fn is_written_so(stream: Stream, name: &str) -> bool {
    let handle = stream.subject().map_or(0, |_| "-".len().saturating_add(36));
    name.len() == stream.category().len().saturating_add(handle)
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Has the rows from position `from` up to before `end` looked at.
fn rows<T>(
    db: &Connection,
    from: u64,
    end: u64,
    look: &impl Fn(Lent<'_>) -> T,
) -> Result<Vec<(T, Columns)>, Trouble> {
    let sql = "SELECT position, entry, stream, revision, sealed, previous FROM event
        WHERE position >= ?1 AND position < ?2 ORDER BY position";
    let mut taken = Vec::with_capacity(AT_ONCE);
    reader::each(db, sql, from, end, |position, row| {
        let lent = reader::event(position, row)?;
        let name = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let named_as_written = is_written_so(lent.stream, name);
        let columns = Columns { revision: lent.revision, previous: row.get(5)?, named_as_written };
        taken.push((look(lent), columns));
        Ok(())
    })?;
    Ok(taken)
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
