//! The thread that moves the write-ahead log into the database, so that no commit waits for it.
//!
//! It does so often and little by little, because one great fsync would hold up the commits'
//! small ones. When the write-ahead log has grown to its bound, and nearly all of it has been
//! moved, the writer itself moves the rest between two commits and starts it again from its
//! beginning: a pause that is to be no longer than a commit, since everybody waits for it.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use super::{
    Settings,
    connections::be_patient,
    spells::Doing,
    writer::{Poison, Shared},
};

/// So many pages may be left to the writer: about as many as a commit writes.
const LEFT_TO_WRITER: u64 = 32;

/// So often it is tried to leave no more. Each time there is less: what was written in the meantime.
const PASSES: u32 = 8;

/// How often, and how long each time, the writer waits for readers before it begins the write-ahead log anew. If
/// one is still there, all is moved nonetheless, and it is tried again after the next part.
const READER_TRIES: i32 = 5;
const READER_PAUSE: Duration = Duration::from_micros(200);

/// So long it is waited after a failure.
const PAUSE: Duration = Duration::from_secs(1);

const PAGE: u64 = 16_384;

/// How much has been written and not yet moved, and what the writer is asked to do about it.
#[derive(Debug)]
pub(super) struct Pressure {
    state: Mutex<State>,
    turn: Condvar,
    /// Size of the write-ahead log, in bytes, at which it is started again.
    bound: u64,
    step: u64,
    rest: Duration,
}

#[derive(Debug, Default)]
struct State {
    written: u64,
    restart: bool,
    /// Who waits for the write-ahead log to be emptied: pages from before an erasure lie in it.
    emptying: Vec<oneshot::Sender<bool>>,
    closing: bool,
}

impl Pressure {
    /// A part is moved whenever `moved_bytes` have been written, or a quarter of the bound if that is less.
    pub(super) fn of(settings: &Settings) -> Self {
        let bound = settings.wal_bytes;
        let step = settings.moved_bytes.min(bound / 4);
        let rest = settings.moved_at_rest;
        Self { state: Mutex::default(), turn: Condvar::new(), bound, step, rest }
    }

    /// Tells of a commit of so many bytes.
    pub(super) fn wrote(&self, bytes: u64) {
        let mut state = self.state();
        let before = state.written;
        // A commit writes whole pages.
        state.written = before.saturating_add(bytes).saturating_add(PAGE);
        if before < self.step && state.written >= self.step {
            self.turn.notify_all();
        }
    }

    /// Asks the writer to move everything and empty the write-ahead log. Answers whether it could;
    /// somebody may be reading from it.
    pub(super) fn ask_to_empty(&self) -> oneshot::Receiver<bool> {
        let (done, whether) = oneshot::channel();
        self.state().emptying.push(done);
        whether
    }

    /// The writer's part of that, between two commits.
    pub(super) fn empty_if_asked(&self, db: &Connection, poison: &Poison) {
        let waiting = std::mem::take(&mut self.state().emptying);
        if waiting.is_empty() {
            return;
        }
        let emptied = poison.get().is_none()
            && match empty(db) {
                Ok(emptied) => emptied,
                Err(cause) => {
                    poison_unless_harmless(&cause, poison);
                    false
                }
            };
        for done in waiting {
            // Nobody may wait any more.
            done.send(emptied).ok();
        }
    }

    /// The writer's part: between two commits, if it has been asked to. Answers whether it has.
    pub(super) fn restart_if_asked(&self, db: &mut Connection, poison: &Poison) -> bool {
        if !self.state().restart {
            return false;
        }
        if poison.get().is_none()
            && let Err(cause) = restart(db)
        {
            poison_unless_harmless(&cause, poison);
        }
        self.state().restart = false;
        self.turn.notify_all();
        true
    }

    /// Ends the thread.
    pub(super) fn close(&self) {
        self.state().closing = true;
        self.turn.notify_all();
    }

    /// Waits until there is something to move. None when closing.
    fn wait(&self) -> Option<()> {
        let mut state = self.state();
        loop {
            if state.closing {
                return None;
            }
            let before = state.written;
            if before >= self.step {
                break;
            }
            let (next, timeout) =
                self.turn.wait_timeout(state, self.rest).unwrap_or_else(PoisonError::into_inner);
            state = next;
            // At rest: nothing more has come meanwhile.
            if timeout.timed_out() && state.written > 0 && state.written == before {
                break;
            }
        }
        state.written = 0;
        Some(())
    }

    /// Waits a little after a failure, or until closing.
    fn pause(&self) {
        let paused = self.turn.wait_timeout_while(self.state(), PAUSE, |state| !state.closing);
        drop(paused.unwrap_or_else(PoisonError::into_inner));
    }

    fn ask_for_restart(&self, nudge: impl FnOnce()) {
        self.state().restart = true;
        nudge();
        drop(
            self.turn
                .wait_while(self.state(), |state| state.restart && !state.closing)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts it. It ends when the pressure is closed.
pub(super) fn start(db: Connection, shared: Arc<Shared>) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("log-checkpoint".to_owned()).spawn(move || {
        while shared.pressure.wait().is_some() {
            if shared.poison.get().is_some() {
                // What could not be written is not to be covered up by trying again.
                return;
            }
            if let Err(cause) = relieve(&db, &shared) {
                poison_unless_harmless(&cause, &shared.poison);
                shared.pressure.pause();
            }
        }
    })
}

fn relieve(db: &Connection, shared: &Shared) -> rusqlite::Result<()> {
    let mut watch = shared.spells.watch();
    let mut moved = checkpoint(db, PASSIVE)?;
    watch.did(Doing::Moving);
    let size = moved.pages.saturating_mul(PAGE);
    if size < shared.pressure.bound {
        return Ok(());
    }
    for _ in 1..PASSES {
        if moved.left() <= LEFT_TO_WRITER {
            break;
        }
        moved = checkpoint(db, PASSIVE)?;
        watch.did(Doing::Moving);
    }
    // Great batches, or somebody who reads for long, leave more than that. Then the write-ahead log may grow
    // to twice its bound first.
    if moved.left() <= LEFT_TO_WRITER || size / 2 >= shared.pressure.bound {
        shared.pressure.ask_for_restart(|| shared.queue.nudge());
    }
    Ok(())
}

const PASSIVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Pages in the write-ahead log, and how many of them are in the database by now.
struct Moved {
    pages: u64,
    done: u64,
}

impl Moved {
    const fn left(&self) -> u64 {
        self.pages.saturating_sub(self.done)
    }
}

/// Moves what is left and has the next commit begin at the beginning, unless somebody reads on.
fn restart(db: &mut Connection) -> rusqlite::Result<()> {
    let wait = |tries| {
        thread::sleep(READER_PAUSE);
        tries < READER_TRIES
    };
    db.busy_handler(Some(wait))?;
    let restarted = checkpoint(db, "PRAGMA wal_checkpoint(RESTART)");
    be_patient(db)?;
    restarted.map(drop)
}

/// Moves everything and cuts the write-ahead log to nothing, unless somebody reads from it.
fn empty(db: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 =
        db.prepare_cached("PRAGMA wal_checkpoint(TRUNCATE)")?.query_row([], |row| row.get(0))?;
    Ok(busy == 0)
}

fn checkpoint(db: &Connection, sql: &str) -> rusqlite::Result<Moved> {
    db.prepare_cached(sql)?.query_row([], |row| {
        // -1 if another checkpoint is under way.
        let pages = |column| row.get(column).map(|pages: i64| u64::try_from(pages).unwrap_or(0));
        Ok(Moved { pages: pages(1)?, done: pages(2)? })
    })
}

/// A page that could not be made durable poisons: the system may have forgotten it, and would
/// call a second try a success. No room, or somebody else's turn, loses nothing.
fn poison_unless_harmless(cause: &rusqlite::Error, poison: &Poison) {
    if !is_harmless(cause) {
        let _first_reason = poison.get_or_init(|| format!("moving the log failed: {cause}"));
    }
}

/// Whether nothing is lost, and it can be tried again.
pub(super) fn is_harmless(cause: &rusqlite::Error) -> bool {
    let harmless = [ErrorCode::DiskFull, ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
    cause.sqlite_error_code().is_some_and(|code| harmless.contains(&code))
}
