//! Is the log what it claims to be? Everything that can be checked without keys, in one pass.
//!
//! Each entry names its stream, its revision and the leaf hash of the entry before it in the stream;
//! each sealed section is named by its hash. So an entry altered, removed, inserted or moved shows
//! up here, except where it is the last of its stream and somebody wrote a fitting one: that the tree
//! and its signed checkpoints show (`transparency`). Memory is bounded by the number of streams.

mod alone;
mod finding;
mod opening;
mod remembered;
mod repeats;

use self::alone::{Alone, Sealed};
pub use self::finding::{Finding, Sign};
pub(crate) use self::{
    alone::{Judged, judge, judge_all},
    remembered::Remembered,
};

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::stream::Stream;
use uuid::Uuid;

use crate::{
    EventLog,
    backend::{Head, Leaf, ReadError},
};

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// How many findings are kept; further ones are counted.
const MOST_FINDINGS: usize = 1_000;

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events there are.
    pub events: u64,
    /// In how many streams.
    pub streams: u64,
    /// How many have a sealed section.
    pub sealed: u64,
    /// How many had one that has been taken away.
    pub taken_away: u64,
    /// How many were opened, since their keys were at hand.
    pub opened: u64,
    /// What was found, the first position first. At most a thousand are kept.
    pub findings: Vec<Finding>,
    /// How many more there were.
    pub more: u64,
}

impl Report {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a whole log. `progress` is told the next position after every few thousand events.
///
/// # Errors
/// When the log cannot be read. Damage is no error here; it is what is looked for.
pub async fn verify(log: &EventLog, mut progress: impl FnMut(u64)) -> Result<Report, ReadError> {
    let mut check = Check::default();
    loop {
        let some = match log.backend().read_all(check.next, AT_ONCE).await {
            Ok(some) => some,
            Err(ReadError::Corrupt { position, finding }) => {
                check.found(position, Sign::StoreDamaged(finding));
                return Ok(check.finish());
            }
            Err(error @ ReadError::Unavailable { .. }) => return Err(error),
        };
        if some.is_empty() {
            return Ok(check.finish());
        }
        for judged in judge_all(log, &some) {
            check.take(judged);
        }
        progress(check.next);
    }
}

/// A verification under way, for whoever reads the log for other checks at the same time.
#[derive(Debug, Default)]
pub(crate) struct Check {
    next: u64,
    last: HashMap<Stream, Last>,
    /// The first section of each subject that is gone.
    gone: HashMap<Uuid, u64>,
    /// Whose erasure was begun.
    erased: HashSet<Uuid>,
    report: Report,
}

/// The last event of a stream so far.
#[derive(Clone, Copy, Debug)]
struct Last {
    position: u64,
    revision: u64,
    leaf: [u8; 32],
    at: DateTime<Utc>,
    /// Whether the key of the stream's subject is known to have been announced.
    announced: bool,
}

impl Last {
    const fn head(&self) -> Head {
        Head { position: self.position, revision: self.revision }
    }
}

impl Check {
    /// Takes the next event in. Answers the hash of its entry as a leaf, and the last event of its stream until now.
    pub(crate) fn take(&mut self, judged: Judged) -> (Leaf, Option<Head>) {
        let Judged { position, stream, revision, leaf, alone } = judged;
        if position > self.next {
            self.found(self.next, Sign::PositionMissing { next: position });
        } else if position < self.next {
            self.found(position, Sign::PositionRepeated);
        }
        self.next = self.next.max(position.saturating_add(1));
        self.report.events = self.report.events.saturating_add(1);
        let before = self.last.get(&stream).copied();
        let (mut at, mut announced) =
            before.map_or((DateTime::UNIX_EPOCH, false), |before| (before.at, before.announced));
        if let Ok(alone) = &alone {
            at = alone.at;
            announced |= alone.key.is_some_and(|key| {
                stream.subject() == Some(key) && !announced && self.is_announced(stream, key)
            });
        }
        let now = Last { position, revision, leaf, at, announced };
        self.last.insert(stream, now);
        match alone {
            Ok(alone) => self.readable(stream, &now, before.as_ref(), alone),
            // What follows in its stream is still checked against these bytes.
            Err(why) => self.found(position, Sign::EntryUnreadable(why)),
        }
        (leaf, before.as_ref().map(Last::head))
    }

    /// The last event of every stream so far.
    pub(crate) fn ends(&self) -> HashMap<Stream, Head> {
        self.last.iter().map(|(stream, last)| (*stream, last.head())).collect()
    }

    /// Ends the verification.
    pub(crate) fn finish(mut self) -> Report {
        // An erasure is begun before anything is taken away, but what is taken away stands before it.
        for (subject, position) in std::mem::take(&mut self.gone) {
            if !self.erased.contains(&subject) {
                self.found(position, Sign::SectionRemoved);
            }
        }
        self.report.streams = u64::try_from(self.last.len()).unwrap_or(u64::MAX);
        self.report.findings.sort_by_key(|finding| finding.position);
        self.report
    }

    /// Takes in what an entry says that can be read, after the last one of its stream until now.
    fn readable(&mut self, stream: Stream, now: &Last, before: Option<&Last>, alone: Alone) {
        let Last { position, .. } = *now;
        let moved = (alone.stream, alone.revision) != (stream, now.revision);
        if let Err(sign) = alone.content {
            self.found(position, sign);
        }
        self.in_place(now, before, alone.previous, moved);
        self.erased.extend(alone.erases);
        if let Some(key) = alone.key {
            // Of its own subject it is known; of another it has to be looked up.
            let own = stream.subject() == Some(key);
            if !(if own { now.announced } else { self.is_announced(stream, key) }) {
                self.found(position, Sign::KeyUnannounced);
            }
            self.names_section(position, key, &alone.section);
        }
        match alone.section {
            Ok(sealed) => count(&mut self.report.opened, sealed == Sealed::Opened),
            Err(sign) => self.found(position, sign),
        }
    }

    fn in_place(&mut self, now: &Last, before: Option<&Last>, names: Option<Leaf>, moved: bool) {
        let position = now.position;
        if moved {
            self.found(position, Sign::EntryMoved);
        }
        let (expected, signs) = match before {
            None => (0, names.map(|_| (position, Sign::BeginningMissing))),
            Some(last) => {
                let altered = names != Some(last.leaf);
                let sign = Sign::EntryAltered { witness: position };
                (last.revision.saturating_add(1), altered.then_some((last.position, sign)))
            }
        };
        if now.revision != expected {
            // What is missing explains why the entry before it is another one.
            self.found(position, Sign::RevisionMissing { expected });
        } else if let Some((at, sign)) = signs.filter(|_| !moved) {
            // An entry from elsewhere says nothing of what stands before it here.
            self.found(at, sign);
        }
        if before.is_some_and(|last| now.at < last.at) {
            self.found(position, Sign::TimeWentBack);
        }
    }

    /// Counts a section that the entry names, sealed under this key.
    fn names_section(&mut self, position: u64, key: Uuid, said: &Result<Sealed, Sign>) {
        let there = !matches!(said, Ok(Sealed::TakenAway));
        count(&mut self.report.sealed, there);
        if !there {
            count(&mut self.report.taken_away, true);
            self.gone.entry(key).or_insert(position);
        }
    }

    /// Whether a key was announced before this event of a stream, or by it.
    fn is_announced(&self, stream: Stream, key: Uuid) -> bool {
        stream == Stream::Key(key) || self.last.contains_key(&Stream::Key(key))
    }

    fn found(&mut self, position: u64, sign: Sign) {
        if self.report.findings.len() < MOST_FINDINGS {
            self.report.findings.push(Finding { position, sign });
        } else {
            self.report.more = self.report.more.saturating_add(1);
        }
    }
}

fn count(number: &mut u64, one: bool) {
    *number = number.saturating_add(u64::from(one));
}
