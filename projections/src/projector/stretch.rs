//! A stretch of the log, read once for everybody who takes it in.

mod piece;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use domain::stream::Stream;
use event_log::{EventLog, backend::Lent};
use tokio::{runtime::Handle, task::JoinHandle};

use self::piece::Piece;
use super::FollowError;
use crate::{folding::Folding, marks::Marker, projection::Noted, store::Checkpoint};

/// How many events one thread reads before the other reads as many.
const AT_ONCE: usize = 2_048;

/// How many threads read a stretch: decoding takes longer than folding, and one of the two waits for the other.
const ABREAST: usize = 2;

/// An event, or why there is none to be had at its position.
pub(super) enum Taken {
    Event(Box<Noted>),
    /// It is no business of anybody who takes this stretch in, and was not even decoded.
    OfNoConcern,
    Unreadable {
        stream: Stream,
        name: String,
        position: u64,
        reason: String,
    },
}

/// Which stretch is wanted: at most so many events from a position, with marks or without, for whom.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) from: u64,
    pub(super) limit: usize,
    /// It is taken in by parts of so many.
    pub(super) part: usize,
    pub(super) marked: bool,
    pub(super) readers: Vec<Arc<dyn Folding>>,
}

impl Wanted {
    /// Whether it does in the place of another: it may be shorter.
    pub(super) fn serves(&self, other: &Self) -> bool {
        let reads = |one: &Arc<dyn Folding>| {
            let same = |other: &Arc<dyn Folding>| {
                (other.name(), other.version()) == (one.name(), one.version())
            };
            self.readers.iter().any(same)
        };
        self.from == other.from
            && self.limit <= other.limit
            && (self.marked || !other.marked)
            && other.readers.iter().all(reads)
    }
}

/// A stretch that is being read before its turn has come.
pub(super) struct Ahead {
    pub(super) wanted: Wanted,
    reading: JoinHandle<Result<Stretch, FollowError>>,
}

impl Ahead {
    pub(super) fn begin(log: &EventLog, marker: Option<&Marker>, wanted: Wanted) -> Self {
        let (log, marker, asked) = (log.clone(), marker.cloned(), wanted.clone());
        let reading =
            tokio::spawn(async move { Stretch::read(&log, marker.as_ref(), asked).await });
        Self { wanted, reading }
    }

    pub(super) async fn read(self) -> Result<Stretch, FollowError> {
        self.reading.await.map_err(FollowError::Interrupted)?
    }
}

/// Consecutive events.
pub(super) struct Stretch {
    pub(super) events: Vec<Taken>,
    pub(super) parts: Vec<Part>,
    pub(super) checkpoint: Checkpoint,
}

/// A part of a stretch that is written at once.
pub(super) struct Part {
    pub(super) events: Range<usize>,
    /// Where a build stands before it.
    pub(super) from: u64,
    /// Where a build stands after it.
    pub(super) checkpoint: Checkpoint,
}

impl Stretch {
    /// How many events.
    pub(super) const fn len(&self) -> usize {
        self.events.len()
    }

    /// Reads at most so many events from a position that is in the log; with a marker, with the marks
    /// of what is personal in them.
    pub(super) async fn read(
        log: &EventLog,
        marker: Option<&Marker>,
        Wanted { from, limit, part, marked: _, readers }: Wanted,
    ) -> Result<Self, FollowError> {
        let reading = Reading { log: log.clone(), marker: marker.cloned(), readers, from, limit };
        let reading = Arc::new(reading);
        let mut turns = Vec::new();
        for turn in 0..ABREAST.min(limit.div_ceil(AT_ONCE)) {
            let (reading, runtime) = (Arc::clone(&reading), tokio::runtime::Handle::current());
            turns.push(tokio::task::spawn_blocking(move || reading.each_other(turn, &runtime)));
        }
        let mut pieces = BTreeMap::new();
        for turn in turns {
            pieces.append(&mut turn.await.map_err(FollowError::Interrupted)??);
        }
        let mut events = Vec::with_capacity(limit);
        for (begins, mut piece) in pieces {
            if begins != events.len() {
                break; // what stands in between is missing: that is found out when it is read next
            }
            events.append(&mut piece);
        }
        if events.is_empty() {
            return Err(FollowError::Gap { expected: from, found: None });
        }
        let parts = parts(log, from, (events.len(), part)).await?;
        let checkpoint = parts.last().map(|part| part.checkpoint).unwrap_or_default();
        Ok(Self { events, parts, checkpoint })
    }
}

/// A stretch that is being read, in pieces: one thread reads every other.
struct Reading {
    log: EventLog,
    marker: Option<Marker>,
    readers: Vec<Arc<dyn Folding>>,
    from: u64,
    limit: usize,
}

impl Reading {
    /// Reads the pieces whose turn it is, each under where it begins.
    fn each_other(
        &self,
        turn: usize,
        runtime: &Handle,
    ) -> Result<BTreeMap<usize, Vec<Taken>>, FollowError> {
        let mut pieces = BTreeMap::new();
        let begins = (0..self.limit).step_by(AT_ONCE).skip(turn).step_by(ABREAST);
        for begins in begins {
            pieces.insert(begins, self.piece(begins, runtime)?);
        }
        Ok(pieces)
    }

    /// A piece, shorter at the end of the log.
    fn piece(&self, begins: usize, runtime: &Handle) -> Result<Vec<Taken>, FollowError> {
        let most = AT_ONCE.min(self.limit.saturating_sub(begins));
        let from = self.from.saturating_add(wide(begins));
        let mut piece = Piece::of(self, from, most);
        loop {
            let (before, some) = (piece.next, most.saturating_sub(piece.events.len()));
            if some == 0 {
                break;
            }
            let mut look = |lent: Lent<'_>| piece.take(lent);
            let read = runtime.block_on(self.log.lend_stored(before, some, &mut look));
            if let Some(found) = piece.gap {
                return Err(FollowError::Gap { expected: piece.next, found: Some(found) });
            }
            read?;
            if piece.next == before {
                break;
            }
        }
        runtime.block_on(piece.marked())
    }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The parts of a stretch of so many events, each of so many.
async fn parts(
    log: &EventLog,
    from: u64,
    (length, part): (usize, usize),
) -> Result<Vec<Part>, FollowError> {
    let mut parts = Vec::new();
    for begin in (0..length).step_by(part) {
        let end = begin.saturating_add(part).min(length);
        let next = from.saturating_add(wide(end));
        let last = log.header_at(next.saturating_sub(1)).await?.map(|header| header.stamp.id);
        parts.push(Part {
            events: begin..end,
            from: from.saturating_add(wide(begin)),
            checkpoint: Checkpoint { next, last },
        });
    }
    Ok(parts)
}
