//! Opening: what the file holds is compared with itself, and the end of the log is read.

use std::collections::HashMap;

use domain::stream::Stream;
use rusqlite::{Connection, OptionalExtension};

use super::{
    files::Files,
    heads::{Place, Recent},
    heads_file::{HeadsWriter, Known},
    reader::{self, Trouble, stream_in},
    refusal::OpenError,
    schema::{self, count, stored},
};
use crate::backend::leaf;

/// Reads the end of the log into memory: every event that the file of heads does not know of.
///
/// With a `writer` (and never otherwise) the file of heads is brought forward on the way, whenever
/// `bulk` events have been read: a log of any length is opened in little memory.
///
/// # Errors
/// The log contradicts itself or the file of heads.
pub(super) fn recover(
    log: &Connection,
    files: &Files,
    known: &Known,
    mut writer: Option<&mut HeadsWriter>,
    bulk: u64,
) -> Result<Recent, OpenError> {
    let length = schema::length(log).map_err(|cause| engine(files, cause))?;
    compare(log, files, known, length)?;
    let mut heads = HashMap::new();
    let mut complete = known.complete;
    let mut from = complete;
    while from < length {
        let end = length.min(from.saturating_add(bulk.max(1)));
        gather(log, from, end, &mut heads).map_err(|trouble| trouble_opening(files, trouble))?;
        from = end;
        if let Some(writer) = writer.as_deref_mut()
            && from < length
        {
            let mut write = || {
                let last = reader::entry_at(log, from.saturating_sub(1))?;
                writer.write(&heads, from, &leaf(&last))
            };
            write().map_err(|cause| OpenError::Engine {
                doing: "bring forward",
                path: files.heads(),
                cause,
            })?;
            heads.clear();
            complete = from;
        }
    }
    Ok(Recent { gathering: heads, complete, length, ..Recent::default() })
}

/// Refuses a file of heads that has seen more, or something else, than the log holds.
fn compare(log: &Connection, files: &Files, known: &Known, length: u64) -> Result<(), OpenError> {
    if known.reached > length || known.complete > length {
        let seen = known.reached.max(known.complete);
        return Err(OpenError::EventsMissing { heads: files.heads(), seen, length });
    }
    let Some(last) = known.complete.checked_sub(1) else { return Ok(()) };
    let entry = reader::entry_at(log, last).optional().map_err(|cause| engine(files, cause))?;
    let entry = entry.ok_or_else(|| damaged(files, last, "it is missing"))?;
    if known.leaf.as_deref() == Some(leaf(&entry).as_slice()) {
        return Ok(());
    }
    let finding = "the last event it knows is not the one the log has there";
    Err(OpenError::HeadsOfAnotherLog { heads: files.heads(), finding })
}

/// Takes in the heads of the events from `from` up to before `end`.
pub(super) fn gather(
    log: &Connection,
    from: u64,
    end: u64,
    heads: &mut HashMap<Stream, Place>,
) -> Result<(), Trouble> {
    let sql = "SELECT position, stream, revision, previous FROM event
        WHERE position >= ?1 AND position < ?2 ORDER BY position";
    let mut select = log.prepare_cached(sql)?;
    let mut rows = select.query([stored(from), stored(end)])?;
    let mut expected = from;
    while let Some(row) = rows.next()? {
        let position = count(row.get(0)?, 0)?;
        if position != expected {
            return Err(Trouble::corrupt(expected, "it is missing"));
        }
        let stream = stream_in(row, 1, position)?;
        let place = Place { position, revision: count(row.get(2)?, 2)? };
        let previous: Option<i64> = row.get(3)?;
        if previous.is_none() != (place.revision == 0) {
            return Err(Trouble::corrupt(position, "its revision and its back-pointer disagree"));
        }
        if let Some(before) = heads.insert(stream, place)
            && (before.revision.checked_add(1) != Some(place.revision)
                || previous != Some(stored(before.position)))
        {
            return Err(Trouble::corrupt(position, "it does not follow the event before it"));
        }
        expected = position.saturating_add(1);
    }
    if expected < end {
        return Err(Trouble::corrupt(expected, "it is missing"));
    }
    Ok(())
}

fn trouble_opening(files: &Files, trouble: Trouble) -> OpenError {
    match trouble {
        Trouble::Engine(cause) => engine(files, cause),
        Trouble::Corrupt { position, finding } => damaged(files, position, &finding),
    }
}

fn engine(files: &Files, cause: rusqlite::Error) -> OpenError {
    OpenError::Engine { doing: "read", path: files.events(), cause }
}

fn damaged(files: &Files, position: u64, finding: &str) -> OpenError {
    OpenError::Damaged { path: files.events(), position, finding: finding.to_owned() }
}
