//! What has happened since the read model last took something in, kept in memory: little, for a moment.

use std::collections::BTreeMap;

use domain::{identity::ChildRef, stream::Stream};
use event_log::{EventLog, backend::ReadError};

use crate::marks::{Marker, Marks, RecordMarks};

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// How many events a tail is told for at most. A read model that is further behind has to catch up.
const LONGEST: u64 = 16_384;

/// The records of which something has happened between two positions, as they stand after it.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Everything from here on is known.
    from: u64,
    /// Up to here, exclusive.
    next: u64,
    records: BTreeMap<ChildRef, (u64, RecordMarks)>,
}

impl Tail {
    /// Comes to know everything from a position to the end of the log. Answers whether it does: not, when
    /// that is too much, or when a position is missing in the log. Whoever follows the log says which.
    pub(super) async fn reach(
        &mut self,
        log: &EventLog,
        marker: &Marker,
        from: u64,
    ) -> Result<bool, ReadError> {
        if from < self.from || self.next < from {
            *self = Self { from, next: from, records: BTreeMap::new() };
        }
        let head = log.length();
        if head.saturating_sub(from) > LONGEST {
            return Ok(false);
        }
        while self.next < head {
            let stored = log.read_stored(self.next, AT_ONCE).await?;
            if !(self.next..).zip(&stored).all(|(expected, stored)| stored.position == expected) {
                return Ok(false);
            }
            let Some(last) = stored.last().map(|last| last.position) else { return Ok(false) };
            for stored in &stored {
                let (Stream::Child(child) | Stream::Shield(child)) = stored.stream else {
                    continue;
                };
                let recorded = log.decode_stored(stored)?;
                if let Marks::Record(marks) = marker.marks(stored, &recorded).await? {
                    self.records.insert(child, (stored.position, *marks));
                }
            }
            self.next = last.saturating_add(1);
        }
        Ok(true)
    }

    /// Forgets what is known elsewhere: everything before a position.
    pub(super) fn forget_before(&mut self, position: u64) {
        if position > self.from {
            self.from = position;
            self.records.retain(|_, (at, _)| *at >= position);
        }
    }

    /// The records that changed, as they stand now.
    pub(super) fn records(&self) -> impl Iterator<Item = (ChildRef, &RecordMarks)> {
        self.records.iter().map(|(child, (_, marks))| (*child, marks))
    }

    /// Whether a record changed.
    pub(super) fn has(&self, child: ChildRef) -> bool {
        self.records.contains_key(&child)
    }
}
