//! A log in a file, opened to be examined: nothing that it says of itself is believed.

use std::{collections::HashMap, path::Path, sync::Arc};

use domain::stream::Stream;
use rusqlite::{Connection, types::ValueRef};

use super::{
    connections::{Access, Pool, open_reading},
    files::Files,
    heads::{Heads, Place, Recent},
    heads_file::HeadsFile,
    read_only::ReadOnly,
    reader::Trouble,
    refusal::OpenError,
    schema::{self, About, count, stored},
};
use crate::backend::{Backend, ReadError, leaf};

/// A log opened for examination. Takes no lock, and changes no file.
#[derive(Debug)]
pub struct Examined {
    backend: Arc<ReadOnly>,
    files: Files,
    about: About,
    pool: Pool,
    length: u64,
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
        if !path.exists() {
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

    /// What contradicts itself in the file: the storage engine's own structures, the columns beside the
    /// entries, and the file of stream heads. The first of each kind.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn contradictions(&self) -> Result<Vec<Contradiction>, ReadError> {
        let mut found = Vec::new();
        let walked = self.pool.with(|db| columns(db, self.length));
        match walked {
            Ok(heads) => found.extend(self.heads(heads)),
            Err(Trouble::Corrupt { position, finding }) => {
                found.push(Contradiction { position: Some(position), finding });
            }
            Err(trouble @ Trouble::Engine(_)) => {
                let ReadError::Unavailable { cause, .. } = trouble.when(String::new) else {
                    return Ok(found);
                };
                found.push(at_large(format!("the engine cannot read it: {cause}")));
            }
        }
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
        Ok(found)
    }

    /// Whether the file of heads says what the log says. That it is behind, or not there, is in order.
    fn heads(&self, mut heads: HashMap<Stream, Place>) -> Option<Contradiction> {
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
            if said != place && !behind {
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

/// Goes through the columns beside the entries: positions without gap, names as they are written,
/// revisions without gap, each back-pointer to the event before. Answers the last event of each stream.
fn columns(db: &Connection, length: u64) -> Result<HashMap<Stream, Place>, Trouble> {
    let sql = "SELECT position, stream, revision, previous FROM event
        WHERE position >= 0 ORDER BY position";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([])?;
    let mut heads: HashMap<Stream, Place> = HashMap::new();
    let mut expected = 0;
    while let Some(row) = rows.next()? {
        let position: i64 = row.get(0)?;
        if position != stored(expected) {
            return Err(Trouble::corrupt(expected, "it is missing, or another stands before it"));
        }
        let ValueRef::Text(name) = row.get_ref(1)? else {
            return Err(Trouble::corrupt(expected, "its stream has no name"));
        };
        let stream = std::str::from_utf8(name).ok().and_then(|name| {
            name.parse::<Stream>().ok().filter(|stream| is_written_so(*stream, name))
        });
        let stream = stream.ok_or_else(|| {
            Trouble::corrupt(expected, "its stream has a name that this program does not write")
        })?;
        let place = Place { position: expected, revision: count(row.get(2)?, 2)? };
        let before = heads.insert(stream, place);
        let previous: Option<i64> = row.get(3)?;
        let revision = before.map_or(0, |before| before.revision.saturating_add(1));
        if place.revision != revision || previous != before.map(|before| stored(before.position)) {
            return Err(Trouble::corrupt(expected, "it does not follow the event before it"));
        }
        expected = expected.saturating_add(1);
    }
    if expected < length { Err(Trouble::corrupt(expected, "it is missing")) } else { Ok(heads) }
}
