//! Answers to those who read, in pieces: each takes microseconds, and between two of them other
//! tasks have their turn.

use domain::stream::Stream;
use rusqlite::Connection;

use super::{
    connections::Pool,
    heads::{Heads, Place},
    reader::{self, PIECE, Trouble},
};
use crate::backend::{Head, Leaf, Lent, Look, ReadError, Stored};

pub(super) fn head(heads: &Heads, stream: Stream) -> Result<Option<Head>, ReadError> {
    let place =
        find(heads, stream).map_err(|trouble| trouble.when(|| format!("the head of {stream}")))?;
    Ok(place.map(|Place { position, revision }| Head { position, revision }))
}

pub(super) async fn stream(
    pool: &Pool,
    heads: &Heads,
    stream: Stream,
    first: u64,
    last: Option<u64>,
) -> Result<Vec<Stored>, ReadError> {
    let doing = || format!("{stream} from revision {first}");
    let last = last.unwrap_or(u64::MAX);
    let head = find(heads, stream).map_err(|trouble| trouble.when(doing))?;
    let mut next = head.filter(|head| first <= head.revision.min(last));
    let mut taken = Vec::new();
    while let Some(place) = next {
        next = pool
            .with(|db| reader::walk_back(db, stream, place, (first, last), &mut taken))
            .map_err(|trouble: Trouble| trouble.when(doing))?;
        if next.is_some() {
            tokio::task::yield_now().await;
        }
    }
    taken.reverse();
    Ok(taken)
}

/// The events from position `from`, at most `limit`, of a log of this `length`.
pub(super) async fn all(
    pool: &Pool,
    length: u64,
    from: u64,
    limit: usize,
) -> Result<Vec<Stored>, ReadError> {
    let mut taken = Vec::new();
    let mut keep = |lent: Lent<'_>| {
        taken.push(lent.kept());
        Ok(())
    };
    lend(pool, length, from, limit, &mut keep).await?;
    Ok(taken)
}

/// Lends the events from position `from`, at most `limit`, of a log of this `length`.
pub(super) async fn lend(
    pool: &Pool,
    length: u64,
    from: u64,
    limit: usize,
    look: &mut Look<'_>,
) -> Result<(), ReadError> {
    let mut ended = None;
    let read = |db: &Connection, from, end| {
        reader::range(db, from, end, |lent| {
            look(lent).map_err(|error| {
                ended = Some(error);
                Trouble::corrupt(lent.position, "whoever looks at it ends the reading")
            })
        })
    };
    let read = in_pieces(pool, length, from, limit, read).await;
    ended.map_or(read, Err)
}

/// How many events that lie anywhere are read before other tasks get their turn: each may take a page of its own.
const SCATTERED: usize = 64;

/// The events at these positions of a log of this `length`, in the order asked; none at and beyond its end.
pub(super) async fn at(
    pool: &Pool,
    length: u64,
    positions: &[u64],
) -> Result<Vec<Option<Stored>>, ReadError> {
    let asked = positions.iter().copied().zip(0_usize..);
    let mut below: Vec<(u64, usize)> = asked.filter(|(at, _)| *at < length).collect();
    // Neighbours lie on one page: in their order each page is fetched once.
    below.sort_unstable();
    let mut found = vec![None; positions.len()];
    let mut pieces = below.chunks(SCATTERED).peekable();
    while let Some(piece) = pieces.next() {
        pool.with(|db| reader::at(db, piece, &mut found)).map_err(|trouble: Trouble| {
            trouble.when(|| format!("{} events by their positions", piece.len()))
        })?;
        if pieces.peek().is_some() {
            tokio::task::yield_now().await;
        }
    }
    Ok(found)
}

/// The leaf hashes of the entries from position `from`, at most `limit`, with their positions.
pub(super) async fn leaves(
    pool: &Pool,
    length: u64,
    from: u64,
    limit: usize,
) -> Result<Vec<(u64, Leaf)>, ReadError> {
    let mut taken = Vec::new();
    let read = |db: &Connection, from, end| reader::leaves(db, from, end, &mut taken);
    in_pieces(pool, length, from, limit, read).await?;
    Ok(taken)
}

/// Reads from position `from`, at most `limit`: each time from the first up to before the second of two positions.
async fn in_pieces(
    pool: &Pool,
    length: u64,
    from: u64,
    limit: usize,
    mut read: impl FnMut(&Connection, u64, u64) -> Result<(), Trouble>,
) -> Result<(), ReadError> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let end = length.min(from.saturating_add(limit));
    let mut next = from;
    while next < end {
        let until = end.min(next.saturating_add(PIECE));
        pool.with(|db| read(db, next, until)).map_err(|trouble: Trouble| {
            trouble.when(|| format!("positions {next} up to before {until}"))
        })?;
        next = until;
        if next < end {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

pub(super) fn find(heads: &Heads, stream: Stream) -> Result<Option<Place>, Trouble> {
    heads.get(stream).map_err(Trouble::Engine)
}
