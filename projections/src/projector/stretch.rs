//! A stretch of the log, read once, and taken in by one build.

use std::{collections::HashMap, sync::Arc};

use event_log::{
    EventLog,
    backend::{ReadError, Stored},
};
use tokio::task::JoinHandle;

use super::FollowError;
use crate::{
    folding::{Desk, FoldError, Folding},
    marks::{Marker, Marks},
    projection::Noted,
    store::{ApplyError, Ask, Batch, Build, Checkpoint, Store, document_key},
};

/// How many documents are asked for at once.
const DOCUMENTS: usize = 4_096;

/// An event, or why there is none to be had at its position.
enum Taken {
    Event(Box<Noted>),
    Unreadable { position: u64, reason: String },
}

/// Which stretch is wanted: at most so many events from a position, with marks or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) from: u64,
    pub(super) limit: usize,
    pub(super) marked: bool,
}

impl Wanted {
    /// Whether it does in the place of another: it may be shorter.
    pub(super) const fn serves(self, other: Self) -> bool {
        self.from == other.from && self.limit <= other.limit && (self.marked || !other.marked)
    }
}

/// A stretch that is being read before its turn has come.
pub(super) struct Ahead {
    pub(super) wanted: Wanted,
    reading: JoinHandle<Result<Stretch, FollowError>>,
}

impl Ahead {
    pub(super) fn begin(log: &EventLog, marker: Option<&Marker>, wanted: Wanted) -> Self {
        let (log, marker) = (log.clone(), marker.cloned());
        let reading =
            tokio::spawn(async move { Stretch::read(&log, marker.as_ref(), wanted).await });
        Self { wanted, reading }
    }

    pub(super) async fn read(self) -> Result<Stretch, FollowError> {
        self.reading.await.map_err(FollowError::Interrupted)?
    }
}

/// Consecutive events.
pub(super) struct Stretch {
    from: u64,
    events: Vec<Taken>,
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
        Wanted { from, limit, marked: _ }: Wanted,
    ) -> Result<Self, FollowError> {
        let stored = log.read_stored(from, limit).await?;
        without_gap(from, &stored)?;
        let last = log.header_at(from.saturating_add(wide(stored.len())).saturating_sub(1)).await?;
        let last = last.map(|header| header.stamp.id);
        let next = from.saturating_add(wide(stored.len()));
        let (log, marker) = (log.clone(), marker.cloned());
        let runtime = tokio::runtime::Handle::current();
        let events = tokio::task::spawn_blocking(move || {
            let mut events = decode(&log, &stored)?;
            if let Some(marker) = marker {
                runtime.block_on(mark(&marker, &stored, &mut events))?;
            }
            Ok::<_, FollowError>(events)
        });
        let events = events.await.map_err(FollowError::Interrupted)??;
        Ok(Self { from, events, checkpoint: Checkpoint { next, last } })
    }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn without_gap(from: u64, stored: &[Stored]) -> Result<(), FollowError> {
    if stored.is_empty() {
        return Err(FollowError::Gap { expected: from, found: None });
    }
    for (expected, stored) in (from..).zip(stored) {
        if stored.position != expected {
            return Err(FollowError::Gap { expected, found: Some(stored.position) });
        }
    }
    Ok(())
}

/// Events that cannot be read are kept as such: one of them must not stop what the others tell.
fn decode(log: &EventLog, stored: &[Stored]) -> Result<Vec<Taken>, FollowError> {
    let mut events = Vec::with_capacity(stored.len());
    for stored in stored {
        events.push(match log.decode_stored(stored) {
            Ok(recorded) => Taken::Event(Box::new(Noted { recorded, marks: Marks::Nothing })),
            Err(ReadError::Corrupt { position, finding }) => {
                tracing::error!(position, finding, "an event cannot be read, and is skipped");
                Taken::Unreadable { position, reason: finding }
            }
            Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
        });
    }
    Ok(events)
}

/// Adds the marks. An event that is read without keys and not with them is damaged, and skipped.
async fn mark(marker: &Marker, stored: &[Stored], events: &mut [Taken]) -> Result<(), FollowError> {
    for (stored, taken) in stored.iter().zip(events) {
        let Taken::Event(noted) = taken else { continue };
        match marker.marks(stored, &noted.recorded).await {
            Ok(marks) => noted.marks = marks,
            Err(ReadError::Corrupt { position, finding }) => {
                tracing::error!(position, finding, "an event cannot be opened, and is skipped");
                *taken = Taken::Unreadable { position: stored.position, reason: finding };
            }
            Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The keys that each event of a stretch touches.
type Keys = Vec<Vec<String>>;

/// Takes a stretch into a build.
pub(super) async fn take_in(
    store: Arc<dyn Store>,
    folding: Arc<dyn Folding>,
    build: Build,
    stretch: Arc<Stretch>,
    holder: String,
) -> Result<(), FollowError> {
    let mut desk = folding.desk();
    let (keys, missing, new) = {
        let stretch = Arc::clone(&stretch);
        blocking(move || wanted(&*folding, &stretch)).await?
    };
    for key in new {
        desk.put(key, None).map_err(|cause| failed(&build, cause))?;
    }
    for missing in missing.chunks(DOCUMENTS) {
        let loaded = load(&*store, &build, stretch.from, missing, desk).await?;
        desk = loaded;
    }
    let fold = {
        let stretch = Arc::clone(&stretch);
        move || fold(desk, &stretch, &keys)
    };
    let writes = blocking(fold).await?.map_err(|cause| failed(&build, cause))?;
    let batch =
        Batch { build, expected: stretch.from, checkpoint: stretch.checkpoint, holder, writes };
    match store.apply(batch).await {
        Ok(()) => Ok(()),
        Err(ApplyError::Store(error)) => Err(error.into()),
        Err(ApplyError::NotHolder) => Err(FollowError::LeaseLost),
        Err(ApplyError::Stale { .. } | ApplyError::NoSuchBuild) => Err(FollowError::Overtaken),
    }
}

fn failed(build: &Build, cause: FoldError) -> FollowError {
    FollowError::Fold { build: build.clone(), cause }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FollowError> {
    tokio::task::spawn_blocking(work).await.map_err(FollowError::Interrupted)
}

/// The keys of each event, and which documents are needed for them all: those that may be stored, and
/// those that cannot be yet.
fn wanted(folding: &dyn Folding, stretch: &Stretch) -> (Keys, Vec<String>, Vec<String>) {
    let mut needed: HashMap<String, bool> = HashMap::new();
    let keys: Keys = stretch
        .events
        .iter()
        .map(|taken| match taken {
            Taken::Event(noted) => {
                let keys = folding.keys(noted);
                for key in &keys {
                    if !needed.contains_key(key) {
                        needed.insert(key.clone(), folding.begins(key, noted));
                    }
                }
                for key in folding.consults(noted) {
                    needed.entry(key).or_insert(false);
                }
                keys
            }
            Taken::Unreadable { .. } => Vec::new(),
        })
        .collect();
    let (new, stored): (Vec<_>, Vec<_>) = needed.into_iter().partition(|(_, begins)| *begins);
    let only_keys = |pairs: Vec<(String, bool)>| pairs.into_iter().map(|(key, _)| key).collect();
    let mut stored: Vec<String> = only_keys(stored);
    stored.sort_unstable();
    (keys, stored, only_keys(new))
}

/// Puts documents on the desk as they were at the beginning of the stretch.
async fn load(
    store: &dyn Store,
    build: &Build,
    from: u64,
    missing: &[String],
    mut desk: Box<dyn Desk>,
) -> Result<Box<dyn Desk>, FollowError> {
    if from == 0 {
        // Nothing was written before the first event; if something was, the batch will be refused.
        for key in missing {
            desk.put(key.clone(), None).map_err(|cause| failed(build, cause))?;
        }
        return Ok(desk);
    }
    let asks = missing.iter().map(|key| Ask::Get(document_key(key))).collect();
    let Some(reply) = store.read(build, asks).await? else { return Err(FollowError::Overtaken) };
    if reply.checkpoint.next != from {
        return Err(FollowError::Overtaken);
    }
    for (key, found) in missing.iter().zip(reply.answers) {
        let stored = found.first().map(|row| row.value.as_slice());
        desk.put(key.clone(), stored).map_err(|cause| failed(build, cause))?;
    }
    Ok(desk)
}

fn fold(
    mut desk: Box<dyn Desk>,
    stretch: &Stretch,
    keys: &Keys,
) -> Result<Vec<crate::store::Write>, FoldError> {
    for (taken, keys) in stretch.events.iter().zip(keys) {
        match taken {
            Taken::Event(noted) => desk.fold(noted, keys),
            Taken::Unreadable { position, reason } => desk.skip(*position, reason),
        }
    }
    desk.changes()
}
