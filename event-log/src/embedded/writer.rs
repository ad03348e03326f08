//! The one thread that writes: everything that waits goes into one transaction and one fsync.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
    thread::{self, JoinHandle},
};

use domain::{recorded::ReliedOn, stream::Stream};
use rusqlite::{
    CachedStatement, Connection, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use tokio::sync::watch;

use super::{
    answers::{Failure, Ready, refuse, unavailable},
    checkpointer::Pressure,
    heads::{Fetched, Heads, Place},
    queue::{Queue, Work},
    schema::stored,
    spells::{Doing, Spells, Watch},
};
use crate::append::{Append, AppendError, Appended};

/// Why the log takes no more events, once it does not.
pub(super) type Poison = OnceLock<String>;

/// What the writer shares with others.
pub(super) struct Shared {
    pub(super) queue: Queue,
    pub(super) heads: Arc<Heads>,
    pub(super) pressure: Pressure,
    pub(super) poison: Poison,
    pub(super) length: watch::Sender<u64>,
    /// The most bytes of one transaction (one append more may be in it).
    pub(super) batch: usize,
    pub(super) spells: Spells,
}

/// Starts it. It ends when the queue is closed and empty, and gives back its connection.
pub(super) fn start(
    mut db: Connection,
    shared: Arc<Shared>,
) -> std::io::Result<JoinHandle<Connection>> {
    thread::Builder::new().name("log-writer".to_owned()).spawn(move || {
        let _abandon = AbandonOnPanic(Arc::clone(&shared));
        let mut pending = HashMap::new();
        while let Some(batch) = shared.queue.take(shared.batch) {
            if !batch.is_empty() {
                write(&db, &shared, batch, &mut pending);
            }
            let mut watch = shared.spells.watch();
            if shared.pressure.restart_if_asked(&mut db, &shared.poison) {
                watch.did(Doing::Restarting);
            }
            shared.pressure.empty_if_asked(&db, &shared.poison);
        }
        db
    })
}

/// Nobody waits for a writer that is gone.
struct AbandonOnPanic(Arc<Shared>);

impl Drop for AbandonOnPanic {
    fn drop(&mut self) {
        self.0.queue.abandon();
    }
}

/// Writes everything in the batch in one transaction, then answers.
fn write(db: &Connection, shared: &Shared, batch: Vec<Work>, pending: &mut HashMap<Stream, Place>) {
    if let Some(reason) = shared.poison.get() {
        return refuse(batch, || AppendError::Poisoned(reason.clone()));
    }
    if shared.heads.are_too_many() {
        return refuse(batch, || AppendError::Unavailable("stream heads cannot be stored".into()));
    }
    pending.clear();
    let mut transaction = Transaction {
        db,
        heads: &shared.heads,
        pending,
        before: shared.heads.length(),
        next: shared.heads.length(),
        bytes: 0,
    };
    let mut ready = Vec::with_capacity(batch.len());
    let mut work = batch.into_iter();
    let mut watch = shared.spells.watch();
    let result = transaction.run(&mut work, &mut ready, &mut watch);
    let (length, bytes) = (transaction.next, transaction.bytes);
    match result {
        Ok(()) => {
            shared.heads.moved(pending.drain(), length);
            shared.length.send_if_modified(|announced| {
                let grown = *announced < length;
                *announced = length;
                grown
            });
            ready.into_iter().for_each(Ready::give);
            shared.pressure.wrote(bytes);
            watch.did(Doing::Answering);
        }
        Err(failure) => {
            failure.poison(&shared.poison);
            for ready in ready {
                ready.fail(&failure);
            }
            refuse(work.collect(), || failure.unwritten());
        }
    }
}

struct Transaction<'a> {
    db: &'a Connection,
    heads: &'a Heads,
    /// Heads as they will be once this is committed.
    pending: &'a mut HashMap<Stream, Place>,
    before: u64,
    next: u64,
    bytes: u64,
}

impl Transaction<'_> {
    fn run(
        &mut self,
        work: &mut impl Iterator<Item = Work>,
        ready: &mut Vec<Ready>,
        watch: &mut Watch<'_>,
    ) -> Result<(), Failure> {
        self.execute("BEGIN IMMEDIATE").map_err(|cause| Failure::before(&cause))?;
        let filled = self.fill(work, ready);
        watch.did(Doing::Filling);
        match filled {
            Ok(()) => {
                let committed = self.execute("COMMIT");
                watch.did(Doing::Committing);
                committed.map_err(|cause| {
                    self.roll_back();
                    Failure::during(&cause)
                })
            }
            Err(cause) => {
                self.roll_back();
                Err(Failure::before(&cause))
            }
        }
    }

    fn fill(
        &mut self,
        work: &mut impl Iterator<Item = Work>,
        ready: &mut Vec<Ready>,
    ) -> rusqlite::Result<()> {
        let mut insert = self.db.prepare_cached("INSERT INTO event VALUES (?1,?2,?3,?4,?5,?6)")?;
        for work in work {
            match work {
                Work::Append(work) => match self.judge(&work.append, &work.fetched) {
                    Ok(head) => {
                        let inserted = self.insert(&mut insert, &work.append, head);
                        let (answer, failed) = match inserted {
                            Ok(appended) => (Ok(appended), None),
                            Err(cause) => (Err(unavailable("not written")), Some(cause)),
                        };
                        ready.push(Ready::Append(work, answer));
                        if let Some(cause) = failed {
                            return Err(cause);
                        }
                    }
                    Err(refused) => ready.push(Ready::Append(work, Err(refused))),
                },
                Work::Erase(work) => {
                    let erased = self.erase(&work.positions);
                    ready.push(Ready::Erase(work, *erased.as_ref().unwrap_or(&0)));
                    erased?;
                }
            }
        }
        Ok(())
    }

    /// Whether the stream and every guarded stream stand where the decision left them. Answers
    /// the head of the stream.
    fn judge(
        &self,
        append: &Append,
        fetched: &[(Stream, Fetched)],
    ) -> Result<Option<Place>, AppendError> {
        let head = |stream| {
            if let Some(place) = self.pending.get(&stream) {
                return Ok(Some(*place));
            }
            let fetched = fetched.iter().find(|(of, _)| *of == stream).map(|(_, said)| *said);
            let failed = |cause| AppendError::Unavailable(Box::new(cause));
            self.heads.settle(stream, fetched).map_err(failed)
        };
        let Append { stream, expected, guards, .. } = append;
        let place = head(*stream)?;
        let actual = place.map(|place| place.revision);
        if actual != *expected {
            let (stream, expected) = (*stream, *expected);
            return Err(AppendError::Conflict { stream, expected, actual });
        }
        for ReliedOn { stream, revision } in guards {
            if head(*stream)?.map(|place| place.revision) != *revision {
                let guard = ReliedOn { stream: *stream, revision: *revision };
                return Err(AppendError::GuardMoved { guard, written: None });
            }
        }
        Ok(place)
    }

    fn insert(
        &mut self,
        insert: &mut CachedStatement<'_>,
        append: &Append,
        head: Option<Place>,
    ) -> rusqlite::Result<Appended> {
        let name = append.stream.to_string();
        let first_position = self.next;
        let first_revision = head.map_or(0, |head| head.revision.saturating_add(1));
        let mut previous = head;
        for event in &append.events {
            let place = Place {
                position: self.next,
                revision: previous.map_or(0, |head| head.revision.saturating_add(1)),
            };
            insert.raw_bind_parameter(1, stored(place.position))?;
            insert.raw_bind_parameter(2, name.as_str())?;
            insert.raw_bind_parameter(3, stored(place.revision))?;
            insert.raw_bind_parameter(4, previous.map(|head| stored(head.position)))?;
            insert.raw_bind_parameter(5, Text(&event.entry))?;
            insert.raw_bind_parameter(6, event.sealed.as_deref())?;
            insert.raw_execute()?;
            previous = Some(place);
            self.next = self.next.saturating_add(1);
            let sealed = event.sealed.as_ref().map_or(0, Vec::len);
            let bytes = event.entry.len().saturating_add(sealed).saturating_add(ROW);
            self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        }
        if let Some(head) = previous {
            self.pending.insert(append.stream, head);
        }
        let last_position = self.next.saturating_sub(1);
        Ok(Appended { first_position, first_revision, last_position })
    }

    fn erase(&mut self, positions: &[u64]) -> rusqlite::Result<u64> {
        let sql = "UPDATE event SET sealed = NULL WHERE position = ?1 AND sealed IS NOT NULL";
        let mut update = self.db.prepare_cached(sql)?;
        let mut erased = 0_u64;
        for position in positions {
            let rows = update.execute([stored(*position)])?;
            erased = erased.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
            self.bytes = self.bytes.saturating_add(PAGE);
        }
        Ok(erased)
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.db.prepare_cached(sql)?.execute([]).map(drop)
    }

    /// Back to where the transaction began. If even that fails the engine has already done so
    /// (it does on its own after most failures), or the next `BEGIN` fails and poisons.
    fn roll_back(&mut self) {
        self.next = self.before;
        let _already_rolled_back = self.execute("ROLLBACK");
    }
}

/// Roughly what a row takes beyond its entry and sealed section, and the size of a page.
const ROW: usize = 64;
const PAGE: u64 = 16_384;

/// Bytes known to be text, bound as text without being looked at again.
struct Text<'a>(&'a [u8]);

impl ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0)))
    }
}
