//! The last event of every stream: in memory for the end of the log, in a file for the rest.
//!
//! A commit touches memory only. A thread of its own writes what has gathered into the file, in
//! bulk (see `persister`), so that memory stays small and opening reads only the end of the log.

use std::{
    collections::HashMap,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    },
    time::Duration,
};

use domain::stream::Stream;

use super::heads_file::HeadsFile;
use crate::recent;

/// Where the last event of a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: u64,
    pub(super) revision: u64,
}

/// Heads that are not in the file yet.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// Since the last bulk was taken.
    pub(super) gathering: HashMap<Stream, Place>,
    /// The bulk that is being written, if one is.
    pub(super) leaving: Arc<HashMap<Stream, Place>>,
    /// How many bulks have reached the file: what the file said is valid only as long as this
    /// stands.
    pub(super) bulk: u64,
    /// The heads of the events before this position are in the file.
    pub(super) complete: u64,
    /// How many events are durable.
    pub(super) length: u64,
}

/// So many bulks may be outstanding, in memory and on opening, before somebody waits for the file.
pub(super) const MANY: u64 = 8;

/// What the file said of a stream, and until when that holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fetched {
    bulk: u64,
    place: Option<Place>,
}

/// The last event of every stream.
#[derive(Debug)]
pub(super) struct Heads {
    recent: RwLock<Recent>,
    file: HeadsFile,
    said: Mutex<Said>,
    /// How many events may gather before a bulk is due.
    tail: u64,
    /// Wakes who waits for a bulk to be due, or for one to be done.
    turn: (Mutex<Turn>, Condvar),
}

/// What the file said lately of streams, since so many bulks had reached it.
#[derive(Debug)]
struct Said {
    bulk: u64,
    of: recent::Recent<Stream, Option<Place>>,
}

/// Of so many streams it is remembered what the file said.
const REMEMBERED: usize = 20_000;

impl Said {
    fn since(bulk: u64) -> Self {
        Self { bulk, of: recent::Recent::new(REMEMBERED) }
    }
}

#[derive(Debug)]
struct Turn {
    due: bool,
    closing: bool,
}

impl Heads {
    pub(super) fn new(recent: Recent, file: HeadsFile, tail: u64) -> Self {
        let due = recent.length.saturating_sub(recent.complete) >= tail;
        let turn = (Mutex::new(Turn { due, closing: false }), Condvar::new());
        let said = Mutex::new(Said::since(recent.bulk));
        Self { recent: RwLock::new(recent), file, said, tail, turn }
    }

    /// How many events are durable.
    pub(super) fn length(&self) -> u64 {
        self.recent().length
    }

    /// The last event of a stream.
    pub(super) fn get(&self, stream: Stream) -> rusqlite::Result<Option<Place>> {
        let bulk = {
            let recent = self.recent();
            if let Some(place) = recent.get(stream) {
                return Ok(Some(place));
            }
            recent.bulk
        };
        self.ask_file(stream, bulk)
    }

    /// What the file says of a stream that had nothing outside it after so many bulks. Until the next one it
    /// says the same: it is asked once.
    fn ask_file(&self, stream: Stream, bulk: u64) -> rusqlite::Result<Option<Place>> {
        {
            let mut said = self.said();
            if said.bulk < bulk {
                *said = Said::since(bulk);
            }
            if said.bulk == bulk
                && let Some(place) = said.of.get(&stream)
            {
                return Ok(place);
            }
        }
        let place = self.file.get(stream)?;
        let mut said = self.said();
        if said.bulk == bulk {
            said.of.put(stream, place);
        }
        Ok(place)
    }

    /// Asks the file ahead of the writer, which then need not.
    pub(super) fn fetch(&self, stream: Stream) -> Option<Fetched> {
        let bulk = {
            let recent = self.recent();
            if recent.complete == 0 || recent.get(stream).is_some() {
                return None;
            }
            recent.bulk
        };
        // If it fails the writer asks again, and answers with the failure.
        self.ask_file(stream, bulk).ok().map(|place| Fetched { bulk, place })
    }

    /// The last event of a stream, for the writer: nobody else moves heads meanwhile.
    pub(super) fn settle(
        &self,
        stream: Stream,
        fetched: Option<Fetched>,
    ) -> rusqlite::Result<Option<Place>> {
        let bulk = {
            let recent = self.recent();
            if let Some(place) = recent.get(stream) {
                return Ok(Some(place));
            }
            if recent.complete == 0 {
                return Ok(None);
            }
            if let Some(fetched) = fetched.filter(|fetched| fetched.bulk == recent.bulk) {
                return Ok(fetched.place);
            }
            recent.bulk
        };
        self.ask_file(stream, bulk)
    }

    /// Takes in the heads of a commit, now durable.
    pub(super) fn moved(&self, heads: impl Iterator<Item = (Stream, Place)>, length: u64) {
        let due = {
            let mut recent = self.recent_mut();
            recent.gathering.extend(heads);
            recent.length = length;
            length.saturating_sub(recent.complete) >= self.tail && recent.leaving.is_empty()
        };
        if due {
            self.turn().due = true;
            self.turn.1.notify_all();
        }
    }

    /// Whether so much has gathered that the writer must let the file catch up first. Waits a
    /// little for it.
    pub(super) fn are_too_many(&self) -> bool {
        let behind = || {
            let recent = self.recent();
            recent.length.saturating_sub(recent.complete) > self.tail.saturating_mul(MANY)
        };
        if !behind() {
            return false;
        }
        let turn = self.turn();
        let (turn, _) = self
            .turn
            .1
            .wait_timeout_while(turn, Duration::from_secs(5), |turn| !turn.closing && behind())
            .unwrap_or_else(PoisonError::into_inner);
        drop(turn);
        behind()
    }

    /// Waits until a bulk is due. None when the log is being closed.
    pub(super) fn wait_until_due(&self) -> Option<()> {
        let mut turn = self
            .turn
            .1
            .wait_while(self.turn(), |turn| !turn.due && !turn.closing)
            .unwrap_or_else(PoisonError::into_inner);
        turn.due = false;
        (!turn.closing).then_some(())
    }

    /// Waits for so long, or until the log is being closed.
    pub(super) fn pause(&self, duration: Duration) {
        let paused = self.turn.1.wait_timeout_while(self.turn(), duration, |turn| !turn.closing);
        drop(paused.unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes what has gathered, to be written: the heads, and up to which position.
    pub(super) fn take_bulk(&self) -> (Arc<HashMap<Stream, Place>>, u64) {
        let mut recent = self.recent_mut();
        recent.leaving = Arc::new(std::mem::take(&mut recent.gathering));
        (Arc::clone(&recent.leaving), recent.length)
    }

    /// The bulk is in the file.
    pub(super) fn bulk_written(&self, complete: u64) {
        {
            let mut recent = self.recent_mut();
            recent.leaving = Arc::default();
            recent.bulk = recent.bulk.saturating_add(1);
            recent.complete = complete;
        }
        // Under the lock, so that nobody checks before and sleeps after.
        let _turn = self.turn();
        self.turn.1.notify_all();
    }

    /// The bulk did not get into the file, or not all of it: it waits for the next.
    pub(super) fn bulk_failed(&self) {
        let mut recent = self.recent_mut();
        let gathered = std::mem::take(&mut recent.gathering);
        let mut heads = HashMap::clone(&recent.leaving);
        heads.extend(gathered);
        recent.gathering = heads;
        recent.leaving = Arc::default();
        // Some of it may be there: what the file said before need no longer hold.
        recent.bulk = recent.bulk.saturating_add(1);
    }

    /// No more bulks by turns; the last one is written by whoever closes.
    pub(super) fn close(&self) {
        self.turn().closing = true;
        self.turn.1.notify_all();
    }

    /// Closes the connections to the file.
    pub(super) fn close_file(&self) {
        self.file.close();
    }

    pub(super) fn recent(&self) -> RwLockReadGuard<'_, Recent> {
        self.recent.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn recent_mut(&self) -> RwLockWriteGuard<'_, Recent> {
        self.recent.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    pub(super) fn get(&self, stream: Stream) -> Option<Place> {
        self.gathering.get(&stream).or_else(|| self.leaving.get(&stream)).copied()
    }
}
