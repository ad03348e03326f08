//! Who is held, due, on the way to be erased, or erased; and whom one could ask that about.
//!
//! Read from the log without any key when it is first asked, and followed from there: handles, codes, dates.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound::{Excluded, Unbounded},
};

use domain::{
    child, erasure::Erasure, event::Event, fold::Fold as _, practitioner, recorded::Recorded,
    stream::Stream,
};
use event_log::{EventLog, backend::ReadError};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// How many events are read at once.
const AT_ONCE: usize = 4_096;

/// Every subject, and what has happened towards its erasure. Never older than the log is when asked.
#[derive(Debug)]
pub struct Erasures {
    log: EventLog,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    next: u64,
    subjects: BTreeSet<Uuid>,
    erasures: BTreeMap<Uuid, Erasure>,
}

impl Erasures {
    /// Those of a log, which it has yet to read.
    pub fn of(log: &EventLog) -> Self {
        Self { log: log.without_keys(), seen: Mutex::default() }
    }

    /// Subjects after this one, in the order of their handles, who are not being erased: at most so
    /// many.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn subjects_after(&self, after: Uuid, most: usize) -> Result<Vec<Uuid>, ReadError> {
        let seen = self.caught_up().await?;
        Ok(seen.subjects.range((Excluded(after), Unbounded)).take(most).copied().collect())
    }

    /// Everybody towards whose erasure something has happened.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn all(&self) -> Result<Vec<(Uuid, Erasure)>, ReadError> {
        let seen = self.caught_up().await?;
        Ok(seen.erasures.iter().map(|(subject, erasure)| (*subject, erasure.clone())).collect())
    }

    async fn caught_up(&self) -> Result<MutexGuard<'_, Seen>, ReadError> {
        let mut seen = self.seen.lock().await;
        while seen.next < self.log.length() {
            let events = self.log.read_all(seen.next, AT_ONCE).await?;
            let Some(last) = events.last().map(|last| last.stamp.position) else { break };
            for recorded in events {
                seen.take(recorded);
            }
            seen.next = last.saturating_add(1);
        }
        Ok(seen)
    }
}

impl Seen {
    fn take(&mut self, recorded: Recorded<Event>) {
        let Recorded { stamp, event } = recorded;
        match (stamp.stream, event) {
            (Stream::Child(child), Event::Child(child::Event::RecordCreated { .. })) => {
                self.subjects.insert(child.uuid());
            }
            (
                Stream::Practitioner(person),
                Event::Practitioner(practitioner::Event::Nominated { .. }),
            ) => {
                self.subjects.insert(person.uuid());
            }
            (Stream::Erasure(subject), Event::Erasure(event)) => {
                let erasure = self.erasures.entry(subject).or_default();
                erasure.evolve(&Recorded { stamp, event });
                if erasure.has_begun() {
                    self.subjects.remove(&subject);
                }
            }
            // Nobody becomes known by the rest, and nobody is erased by it.
            (
                _,
                Event::Policy(_)
                | Event::Organisation(_)
                | Event::Practitioner(_)
                | Event::Activity(_)
                | Event::Child(_)
                | Event::Shield(_)
                | Event::Access(_)
                | Event::Investigation(_)
                | Event::Key(_)
                | Event::Audit(_)
                | Event::Erasure(_),
            ) => {}
        }
    }
}
