//! Is the log what it claims to be? Everything that can be checked without keys, in one pass.
//!
//! Each entry names its stream, its revision and the leaf hash of the entry before it in the stream;
//! each sealed section is named by its hash. So an entry altered, removed, inserted or moved shows
//! up here, except where it is the last of its stream and somebody wrote a fitting one: that the tree
//! and its signed checkpoints show (`transparency`). Memory is bounded by the number of streams.

mod finding;
mod opening;
mod remembered;
mod repeats;

pub use self::finding::{Finding, Sign};
pub(crate) use self::remembered::Remembered;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::stream::Stream;
use uuid::Uuid;

use crate::{
    EventLog,
    backend::{ReadError, Stored, leaf},
    codec,
    entry::{self, AsWritten, Header},
    seal,
};

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// How many findings are kept; further ones are counted.
const MOST_FINDINGS: usize = 1_000;

/// What is recorded before anything of a subject is taken away.
const BEGUN: &str = "erasure.begun/1";

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
    let mut check = Check::new(log.clone());
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
        for stored in &some {
            check.take(stored);
        }
        progress(check.next);
    }
}

/// A verification under way, for whoever reads the log for other checks at the same time.
#[derive(Debug)]
pub struct Check {
    log: EventLog,
    next: u64,
    last: HashMap<Stream, Last>,
    /// The first section of each subject that is gone.
    gone: HashMap<Uuid, u64>,
    /// Whose erasure was begun.
    erased: HashSet<Uuid>,
    report: Report,
}

/// The last event of a stream so far.
#[derive(Debug)]
struct Last {
    position: u64,
    revision: u64,
    leaf: [u8; 32],
    at: DateTime<Utc>,
}

impl Check {
    /// Begins before the first event.
    pub fn new(log: EventLog) -> Self {
        Self {
            log,
            next: 0,
            last: HashMap::new(),
            gone: HashMap::new(),
            erased: HashSet::new(),
            report: Report::default(),
        }
    }

    /// Takes the next event in. Answers the hash of its entry as a leaf.
    pub fn take(&mut self, stored: &Stored) -> [u8; 32] {
        let leaf = leaf(&stored.entry);
        let position = stored.position;
        if position > self.next {
            self.found(self.next, Sign::PositionMissing { next: position });
        } else if position < self.next {
            self.found(position, Sign::PositionRepeated);
        }
        self.next = self.next.max(position.saturating_add(1));
        self.report.events = self.report.events.saturating_add(1);
        match entry::read(&stored.entry, AsWritten) {
            Ok((header, data)) => {
                if let Err(sign) = self.readable(header.name, data) {
                    self.found(position, sign);
                }
                if let (Stream::Erasure(subject), BEGUN) = (header.stream, header.name) {
                    self.erased.insert(subject);
                }
                self.in_place(stored, &header, leaf);
                self.section(stored, &header);
            }
            Err(error) => {
                self.found(position, Sign::EntryUnreadable(error.to_string()));
                // What follows in its stream is still checked against these bytes.
                let at = self.last.get(&stored.stream).map_or(DateTime::UNIX_EPOCH, |last| last.at);
                self.remember(stored, at, leaf);
            }
        }
        leaf
    }

    /// Ends the verification.
    pub fn finish(mut self) -> Report {
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

    /// Whether the content is an event, and says nothing twice. That the header says nothing twice
    /// was seen when it was read.
    fn readable(&self, name: &str, data: &str) -> Result<(), Sign> {
        codec::decode_sealed(name, data, self.log.upcasts()).map_err(Sign::EventUnknown)?;
        if repeats::any(data) { Err(Sign::MemberRepeated) } else { Ok(()) }
    }

    fn in_place(&mut self, stored: &Stored, header: &Header<'_>, leaf: [u8; 32]) {
        let position = stored.position;
        let moved = (header.stream, header.revision) != (stored.stream, stored.revision);
        if moved {
            self.found(position, Sign::EntryMoved);
        }
        let last = self.remember(stored, header.at, leaf);
        let (expected, signs) = match &last {
            None => (0, header.previous.map(|_| (position, Sign::BeginningMissing))),
            Some(last) => {
                let altered = header.previous != Some(last.leaf);
                let sign = Sign::EntryAltered { witness: position };
                (last.revision.saturating_add(1), altered.then_some((last.position, sign)))
            }
        };
        let went_back = last.is_some_and(|last| header.at < last.at);
        if stored.revision != expected {
            // What is missing explains why the entry before it is another one.
            self.found(position, Sign::RevisionMissing { expected });
        } else if let Some((at, sign)) = signs.filter(|_| !moved) {
            // An entry from elsewhere says nothing of what stands before it here.
            self.found(at, sign);
        }
        if went_back {
            self.found(position, Sign::TimeWentBack);
        }
    }

    fn section(&mut self, stored: &Stored, header: &Header<'_>) {
        let position = stored.position;
        match (header.sections.as_slice(), stored.sealed.as_deref()) {
            ([], None) => {}
            ([section], sealed) => {
                if !self.last.contains_key(&Stream::Key(section.key_id)) {
                    self.found(position, Sign::KeyUnannounced);
                }
                if let Some(sealed) = sealed {
                    self.report.sealed = self.report.sealed.saturating_add(1);
                    if seal::is_named(section, sealed) {
                        match opening::opens(self.log.keys(), header.id, section, sealed) {
                            Ok(opened) => {
                                let opened = u64::from(opened);
                                self.report.opened = self.report.opened.saturating_add(opened);
                            }
                            Err(sign) => self.found(position, sign),
                        }
                    } else {
                        self.found(position, Sign::SectionAltered);
                    }
                } else {
                    self.report.taken_away = self.report.taken_away.saturating_add(1);
                    self.gone.entry(section.key_id).or_insert(position);
                }
            }
            ([], Some(_)) | ([_, _, ..], _) => self.found(position, Sign::SectionUnnamed),
        }
    }

    /// Answers what was the last of its stream until now.
    fn remember(&mut self, stored: &Stored, at: DateTime<Utc>, leaf: [u8; 32]) -> Option<Last> {
        let Stored { position, stream, revision, .. } = *stored;
        self.last.insert(stream, Last { position, revision, leaf, at })
    }

    fn found(&mut self, position: u64, sign: Sign) {
        if self.report.findings.len() < MOST_FINDINGS {
            self.report.findings.push(Finding { position, sign });
        } else {
            self.report.more = self.report.more.saturating_add(1);
        }
    }
}
