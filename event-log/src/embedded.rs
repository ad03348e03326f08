//! The log in a file: SQLite with one table in order of position, and no index on the commit path.
//!
//! In `DIR/log`: `events.sqlite` is the log; `heads.sqlite` says where every stream ends and can
//! be removed at any time while the log is closed; `writer.lock` is held by the one process that
//! writes. The decision and its figures are in `docs/adr/0002-embedded-log-on-sqlite.md`.

mod answers;
mod checkpointer;
pub(crate) mod connections;
mod contract;
pub mod examined;
mod files;
mod heads;
mod heads_file;
mod persister;
mod queue;
pub mod read_only;
mod reader;
mod reading;
mod recover;
pub mod refusal;
mod schema;
pub mod spells;
mod writer;

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
    thread::JoinHandle,
    time::Duration,
};

use domain::stream::Stream;
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use self::{
    checkpointer::Pressure,
    connections::{Access, KEPT, Pool, close_settled, length, open_reading, open_writing, settle},
    files::Files,
    heads::{Heads, MANY},
    heads_file::{HeadsFile, HeadsWriter},
    queue::{AppendWork, Closed, EraseWork, Queue, Work},
    reader::{Trouble, sealed_back},
    refusal::OpenError,
    schema::About,
    spells::{Spell, Spells},
    writer::{Poison, Shared},
};
use crate::append::{Append, AppendError, Appended};

/// What can be set about a log in a file. The defaults suit a server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name of the log, such as `contactpoint.example/audit`. Given to a new log for good;
    /// compared with an existing one.
    pub origin: String,
    /// How many bytes may wait to be written, before appends wait outside.
    pub queue_bytes: u32,
    /// How many bytes one transaction takes at most (one append more may be in it).
    pub batch_bytes: usize,
    /// How many events gather before their streams' heads are written to the file of heads. Opening
    /// after a crash reads about so many, or a few times that after sustained load.
    pub tail_events: u64,
    /// The size at which the write-ahead log is started again, in bytes.
    pub wal_bytes: u64,
    /// How many bytes are written before the next part of the write-ahead log is moved into the database.
    pub moved_bytes: u64,
    /// After how long without a commit all of the write-ahead log is moved, however little it is.
    pub moved_at_rest: Duration,
    /// The most pages of 16 KiB the log may have; none for as many as the disk has room for.
    pub most_pages: Option<u32>,
    /// Who is told what the log's threads do and when: a measurement. Costs some microseconds a commit.
    pub spells: Option<Sender<Spell>>,
}

impl Settings {
    /// The defaults, with this name.
    pub fn named(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            queue_bytes: 64 * 1024 * 1024,
            batch_bytes: 4 * 1024 * 1024,
            tail_events: 250_000,
            wal_bytes: 64 * 1024 * 1024,
            moved_bytes: 512 * 1024,
            moved_at_rest: Duration::from_secs(1),
            most_pages: None,
            spells: None,
        }
    }
}

/// The log in a file, open for writing. Dropped or closed, it writes what waits and lets go.
pub struct Embedded {
    shared: Arc<Shared>,
    pool: Pool,
    about: About,
    running: Mutex<Option<Running>>,
}

/// What ends with the log.
struct Running {
    writer: JoinHandle<Connection>,
    persister: JoinHandle<()>,
    checkpointer: JoinHandle<()>,
    /// Let go last of all.
    _lock: File,
}

/// How often it is tried to empty the write-ahead log while somebody reads from it.
const EMPTYING_TRIES: u32 = 500;

/// The writer ended before it answered.
#[derive(Debug, thiserror::Error)]
#[error("the writer ended before it answered")]
struct NoAnswer;

impl Embedded {
    /// Opens the log in `dir`, or creates it. Compares what is stored with itself before anything
    /// is written.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path, settings: &Settings) -> Result<Self, OpenError> {
        let files = Files::of(dir);
        files.create_folder()?;
        let lock = files.take_lock()?;
        let path = files.events();
        let engine =
            |doing| move |cause| OpenError::Engine { doing, path: Files::of(dir).events(), cause };
        refuse_foreign(&path)?;
        let mut db = open_writing(&path).map_err(engine("open"))?;
        if schema::is_empty(&db).map_err(engine("read"))? {
            schema::create(&mut db, &settings.origin).map_err(engine("create the tables of"))?;
            files.sync_folder()?;
        }
        let about = schema::verify(&db, &path)?;
        if about.origin != settings.origin {
            let (found, asked) = (about.origin, settings.origin.clone());
            return Err(OpenError::OtherOrigin { path, found, asked });
        }
        if let Some(most) = settings.most_pages {
            db.pragma_update(None, "max_page_count", most).map_err(engine("bound"))?;
        }
        let (mut index, known) = HeadsWriter::open(&files, &about.log)?;
        let tail = settings.tail_events;
        let recent =
            recover::recover(&db, &files, &known, Some(&mut index), tail.saturating_mul(MANY))?;
        start_on_firm_ground(&db).map_err(engine("move the write-ahead log of"))?;
        let length = watch::Sender::new(recent.length);
        let heads = Arc::new(Heads::new(recent, HeadsFile::own(&files), tail));
        let shared = Arc::new(Shared {
            queue: Queue::new(settings.queue_bytes),
            heads,
            pressure: Pressure::of(settings),
            poison: Poison::new(),
            length,
            batch: settings.batch_bytes,
            spells: Spells::to(settings.spells.clone()),
        });
        let reading = open_reading(&path, Access::Own).map_err(engine("open"))?;
        let moving = open_writing(&path).map_err(engine("open"))?;
        let thread =
            |cause| OpenError::File { doing: "start a thread for", path: files.events(), cause };
        let running = Running {
            persister: persister::start(Arc::clone(&shared), index, reading).map_err(thread)?,
            checkpointer: checkpointer::start(moving, Arc::clone(&shared)).map_err(thread)?,
            writer: writer::start(db, Arc::clone(&shared)).map_err(thread)?,
            _lock: lock,
        };
        let pool = Pool::own(path).keeping(KEPT);
        Ok(Self { shared, pool, about, running: Mutex::new(Some(running)) })
    }

    /// The name the log was created with.
    pub fn origin(&self) -> &str {
        &self.about.origin
    }

    /// Why the log takes no more events, if a write to disk failed.
    pub fn poisoned(&self) -> Option<&str> {
        self.shared.poison.get().map(String::as_str)
    }

    /// Writes what waits, brings the files into order and lets go of them. Blocks until done.
    /// Appends that come later are answered `Unavailable`.
    pub fn close(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(running) = running else { return };
        self.shared.queue.close();
        let db = running.writer.join();
        // Readers' connections first: the last to close a file brings it into order, and only one
        // that writes can.
        self.shared.heads.close_file();
        self.pool.close();
        self.shared.heads.close();
        self.shared.pressure.close();
        // A thread that panicked has nothing to bring into order; the next opening does.
        drop((running.persister.join(), running.checkpointer.join()));
        if let Ok(db) = db
            && self.shared.poison.get().is_none()
        {
            close_settled(db);
        }
    }

    async fn put(&self, append: Arc<Append>) -> Result<Appended, AppendError> {
        append.check()?;
        answer_to(self.enqueue(append).await?).await
    }

    async fn enqueue(&self, append: Arc<Append>) -> Result<Answered, AppendError> {
        let closed = || AppendError::Unavailable(Box::new(Closed));
        let bytes = append.events.iter().fold(0_usize, |bytes, event| {
            let sealed = event.sealed.as_ref().map_or(0, Vec::len);
            bytes.saturating_add(event.entry.len()).saturating_add(sealed)
        });
        let share = self.shared.queue.room_for(bytes).await.ok_or_else(closed)?;
        let heads = &self.shared.heads;
        let streams = append.guards.iter().map(|guard| guard.stream);
        let fetched = std::iter::once(append.stream)
            .chain(streams)
            .filter_map(|stream| heads.fetch(stream).map(|said| (stream, said)))
            .collect();
        let (answer, answered) = oneshot::channel();
        let work = AppendWork { append, fetched, answer, bytes, _share: Some(share) };
        self.shared.queue.put(Work::Append(work)).map_err(|_| closed())?;
        Ok(answered)
    }

    /// In the queue one after the other: so the writer commits many at once, in their order.
    async fn put_in_order(&self, appends: Vec<Append>) -> Result<u64, (usize, AppendError)> {
        // What could not be stored is found before anything after it is written.
        for (index, append) in appends.iter().enumerate() {
            append.check().map_err(|cause| (index, cause))?;
        }
        let mut answers = Vec::with_capacity(appends.len());
        for (index, append) in appends.into_iter().enumerate() {
            answers.push(self.enqueue(Arc::new(append)).await.map_err(|cause| (index, cause))?);
        }
        let mut next = self.shared.heads.length();
        for (index, answered) in answers.into_iter().enumerate() {
            let appended = answer_to(answered).await.map_err(|cause| (index, cause))?;
            next = appended.last_position.saturating_add(1);
        }
        Ok(next)
    }

    async fn erase(&self, stream: Stream) -> Result<u64, AppendError> {
        let engine = |trouble: Trouble| {
            AppendError::Unavailable(Box::new(trouble.when(|| format!("the end of {stream}"))))
        };
        let mut next = reading::find(&self.shared.heads, stream).map_err(engine)?;
        let mut erased = 0_u64;
        while let Some(place) = next {
            let (positions, further) =
                self.pool.with(|db| sealed_back(db, stream, place)).map_err(engine)?;
            if !positions.is_empty() {
                let (answer, answered) = oneshot::channel();
                let work = Work::Erase(EraseWork { positions, answer });
                let closed = |closed| AppendError::Unavailable(Box::new(closed));
                self.shared.queue.put(work).map_err(closed)?;
                let unknown = |_| AppendError::Unknown(Box::new(NoAnswer));
                erased = erased.saturating_add(answered.await.map_err(unknown)??);
            }
            next = further;
        }
        self.empty_write_ahead_log().await?;
        Ok(erased)
    }

    /// What was erased still stands in the write-ahead log, in pages from before. Readers come and go.
    async fn empty_write_ahead_log(&self) -> Result<(), AppendError> {
        for _ in 0..EMPTYING_TRIES {
            let emptied = self.shared.pressure.ask_to_empty();
            self.shared.queue.nudge();
            if emptied.await.map_err(|_| AppendError::Unknown(Box::new(NoAnswer)))? {
                return Ok(());
            }
            if let Some(reason) = self.shared.poison.get() {
                return Err(AppendError::Poisoned(reason.clone()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(AppendError::Unavailable(
            "the write-ahead log is being read and cannot be emptied".into(),
        ))
    }
}

/// What an earlier process wrote and perhaps could not make durable is written once more, to where it
/// belongs, before anything is built on it. With no room for that the write-ahead log stays.
fn start_on_firm_ground(db: &Connection) -> rusqlite::Result<()> {
    match settle(db) {
        Err(cause) if cause.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) => Ok(()),
        settled => settled.map(drop),
    }
}

/// A file that is not a log is refused before the engine changes anything in it.
fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    let engine = |cause| OpenError::Engine { doing: "read", path: path.to_owned(), cause };
    if length(path)?.unwrap_or_default() == 0 {
        return Ok(());
    }
    let db = open_reading(path, Access::Own).map_err(engine)?;
    match schema::is_empty(&db) {
        Ok(true) => Ok(()),
        Ok(false) => schema::verify(&db, path).map(drop),
        // Its making was interrupted before there was a write-ahead log. Only who may write can take
        // back what was begun.
        Err(cause) if is_begun(&cause) => Ok(()),
        Err(cause) => Err(engine(cause)),
    }
}

fn is_begun(cause: &rusqlite::Error) -> bool {
    cause
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK)
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.close();
    }
}

/// What the writer will answer.
type Answered = oneshot::Receiver<Result<Appended, AppendError>>;

async fn answer_to(answered: Answered) -> Result<Appended, AppendError> {
    answered.await.unwrap_or_else(|_| Err(AppendError::Unknown(Box::new(NoAnswer))))
}
