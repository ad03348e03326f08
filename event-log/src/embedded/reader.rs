//! Reading: rows into events, checked as they come.

use domain::stream::Stream;
use rusqlite::{Connection, Row, types::ValueRef};

use super::{
    heads::Place,
    schema::{count, stored},
};
use crate::backend::{Lent, ReadError, Stored, leaf};

/// How many rows are read before other tasks get their turn.
pub(super) const PIECE: u64 = 256;

/// Reading went wrong: in the engine, or in what it returned.
#[derive(Debug)]
pub(super) enum Trouble {
    Engine(rusqlite::Error),
    Corrupt { position: u64, finding: String },
}

impl From<rusqlite::Error> for Trouble {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Engine(cause)
    }
}

impl Trouble {
    pub(super) fn when(self, doing: impl FnOnce() -> String) -> ReadError {
        match self {
            Self::Engine(cause) => {
                ReadError::Unavailable { doing: doing(), cause: Box::new(cause) }
            }
            Self::Corrupt { position, finding } => ReadError::Corrupt { position, finding },
        }
    }

    pub(super) fn corrupt(position: u64, finding: impl Into<String>) -> Self {
        Self::Corrupt { position, finding: finding.into() }
    }
}

/// The bytes of the entry at a position. The caller knows that it is there.
pub(super) fn entry_at(db: &Connection, position: u64) -> rusqlite::Result<Vec<u8>> {
    db.prepare_cached("SELECT entry FROM event WHERE position = ?1")?
        .query_row([stored(position)], |row| text(row, 0).map(<[u8]>::to_vec))
}

/// Where walking back through a stream goes on: nowhere when its first event has been read.
pub(super) type Next = Option<Place>;

/// Walks back through a stream from `place`, over at most [`PIECE`] events, and takes those from
/// revision `first` to revision `last`, newest first.
pub(super) fn walk_back(
    db: &Connection,
    stream: Stream,
    place: Place,
    (first, last): (u64, u64),
    taken: &mut Vec<Stored>,
) -> Result<Next, Trouble> {
    let mut take = |row: &Row<'_>, place: Place| -> Result<Next, Trouble> {
        if !is_named(row, 0, stream)? || count(row.get(1)?, 1)? != place.revision {
            return Err(misplaced(stream, place));
        }
        if place.revision <= last {
            taken.push(Stored {
                position: place.position,
                stream,
                revision: place.revision,
                entry: text(row, 3)?.to_vec(),
                sealed: row.get(4)?,
            });
        }
        if place.revision <= first { Ok(None) } else { step_back(place, row.get(2)?).map(Some) }
    };
    // As long as these rows are not let go, all that is read is of one snapshot, under one lock: without the
    // beginning and the end of a transaction, which are compiled and run each time. What was appended together stands
    // together: that is read on from there, and not looked for again.
    let sql = "SELECT stream, revision, previous, entry, sealed, position FROM event
        WHERE position <= ?1 ORDER BY position DESC";
    let mut neighbours = db.prepare_cached(sql)?;
    let mut neighbours = neighbours.query([stored(place.position)])?;
    let mut at = Some(place.position);
    let mut elsewhere = None;
    let mut next = Some(place);
    for _ in 0..PIECE {
        let Some(place) = next else { break };
        if at == Some(place.position) {
            let row = neighbours.next()?.ok_or_else(|| misplaced(stream, place))?;
            if row.get::<_, i64>(5)? != stored(place.position) {
                return Err(misplaced(stream, place));
            }
            next = take(row, place)?;
            at = place.position.checked_sub(1);
        } else {
            let sql =
                "SELECT stream, revision, previous, entry, sealed FROM event WHERE position = ?1";
            let select = match &mut elsewhere {
                Some(select) => select,
                None => elsewhere.insert(db.prepare_cached(sql)?),
            };
            let mut rows = select.query([stored(place.position)])?;
            let row = rows.next()?.ok_or_else(|| misplaced(stream, place))?;
            next = take(row, place)?;
        }
    }
    Ok(next)
}

/// The positions of a stream's events that still have a sealed section, from `place` back, over
/// at most [`PIECE`] events.
pub(super) fn sealed_back(
    db: &Connection,
    stream: Stream,
    mut place: Place,
) -> Result<(Vec<u64>, Next), Trouble> {
    let _snapshot = db.unchecked_transaction()?;
    let sql = "SELECT stream, previous, sealed IS NOT NULL FROM event WHERE position = ?1";
    let mut select = db.prepare_cached(sql)?;
    let mut positions = Vec::new();
    for _ in 0..PIECE {
        let mut rows = select.query([stored(place.position)])?;
        let row = rows.next()?.ok_or_else(|| misplaced(stream, place))?;
        if !is_named(row, 0, stream)? {
            return Err(misplaced(stream, place));
        }
        if row.get(2)? {
            positions.push(place.position);
        }
        if place.revision == 0 {
            return Ok((positions, None));
        }
        place = step_back(place, row.get(1)?)?;
    }
    Ok((positions, Some(place)))
}

fn step_back(place: Place, previous: Option<i64>) -> Result<Place, Trouble> {
    let wrong = || Trouble::corrupt(place.position, "its back-pointer leads nowhere");
    let previous = previous.ok_or_else(wrong)?;
    let position = count(previous, 2)?;
    let revision = place.revision.checked_sub(1).ok_or_else(wrong)?;
    if position < place.position { Ok(Place { position, revision }) } else { Err(wrong()) }
}

/// The events from position `from` up to before `end`, to be looked at: every one of them, or an error.
pub(super) fn range(
    db: &Connection,
    from: u64,
    end: u64,
    mut look: impl FnMut(Lent<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let sql = "SELECT position, entry, stream, revision, sealed FROM event
        WHERE position >= ?1 AND position < ?2 ORDER BY position";
    each(db, sql, from, end, |position, row| look(event(position, row)?))
}

/// The events at positions below the end, each into its slot: every one of them, or an error.
pub(super) fn at(
    db: &Connection,
    positions: &[(u64, usize)],
    found: &mut [Option<Stored>],
) -> Result<(), Trouble> {
    let _snapshot = db.unchecked_transaction()?;
    let sql = "SELECT position, entry, stream, revision, sealed FROM event WHERE position = ?1";
    let mut select = db.prepare_cached(sql)?;
    for &(position, slot) in positions {
        let mut rows = select.query([stored(position)])?;
        let row = rows.next()?.ok_or_else(|| Trouble::corrupt(position, "it is missing"))?;
        if let Some(slot) = found.get_mut(slot) {
            *slot = Some(event(position, row)?.kept());
        }
    }
    Ok(())
}

/// The event in a row of position, entry, stream, revision, sealed section.
pub(super) fn event<'row>(position: u64, row: &'row Row<'_>) -> Result<Lent<'row>, Trouble> {
    Ok(Lent {
        position,
        stream: stream_in(row, 2, position)?,
        revision: count(row.get(3)?, 3)?,
        entry: text(row, 1)?,
        sealed: row.get_ref(4)?.as_blob_or_null().map_err(rusqlite::Error::from)?,
    })
}

/// The leaf hashes of the entries from position `from` up to before `end`: of every one, or an error.
pub(super) fn leaves(
    db: &Connection,
    from: u64,
    end: u64,
    taken: &mut Vec<(u64, [u8; 32])>,
) -> Result<(), Trouble> {
    let sql = "SELECT position, entry FROM event
        WHERE position >= ?1 AND position < ?2 ORDER BY position";
    each(db, sql, from, end, |position, row| {
        taken.push((position, leaf(text(row, 1)?)));
        Ok(())
    })
}

/// Every row of a range, its position first.
pub(super) fn each(
    db: &Connection,
    sql: &str,
    from: u64,
    end: u64,
    mut take: impl FnMut(u64, &Row<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query([stored(from), stored(end)])?;
    let mut position = from;
    while let Some(row) = rows.next()? {
        if count(row.get(0)?, 0)? != position {
            return Err(Trouble::corrupt(position, "it is missing"));
        }
        take(position, row)?;
        position = position.saturating_add(1);
    }
    if position < end { Err(Trouble::corrupt(position, "it is missing")) } else { Ok(()) }
}

/// The stream that a row names.
pub(super) fn stream_in(row: &Row<'_>, column: usize, position: u64) -> Result<Stream, Trouble> {
    let unknown = || Trouble::corrupt(position, "its stream has a name this program does not know");
    match row.get_ref(column)? {
        ValueRef::Text(name) => {
            std::str::from_utf8(name).ok().and_then(|name| name.parse().ok()).ok_or_else(unknown)
        }
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(unknown())
        }
    }
}

fn misplaced(stream: Stream, place: Place) -> Trouble {
    let finding = format!("{stream} should have its revision {} here, and has not", place.revision);
    Trouble::corrupt(place.position, finding)
}

fn is_named(row: &Row<'_>, column: usize, stream: Stream) -> rusqlite::Result<bool> {
    let ValueRef::Text(name) = row.get_ref(column)? else { return Ok(false) };
    Ok(std::str::from_utf8(name).ok().and_then(|name| name.parse().ok()) == Some(stream))
}

/// The bytes of a text, as they are stored.
fn text<'row>(row: &'row Row<'_>, column: usize) -> rusqlite::Result<&'row [u8]> {
    Ok(row.get_ref(column)?.as_bytes()?)
}
