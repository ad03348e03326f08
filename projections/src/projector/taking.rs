//! A stretch is taken in by one build: part after part, each folded while the one before is being written.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::task::JoinHandle;

use super::{
    FollowError,
    stretch::{Part, Stretch, Taken},
};
use crate::{
    folding::{Desk, FoldError, Folding},
    store::{ApplyError, Ask, Batch, Build, Store, Write, document_key},
};

/// How many documents are asked for at once.
const DOCUMENTS: usize = 4_096;

/// Takes a stretch into a build. Parts are written in order, each after the one before was.
pub(super) async fn take_in(
    store: Arc<dyn Store>,
    folding: Arc<dyn Folding>,
    build: Build,
    stretch: Arc<Stretch>,
    holder: String,
) -> Result<(), FollowError> {
    let taking = Taking { store, folding, build, stretch };
    let mut before: Option<UnderWay> = None;
    for (number, part) in taking.stretch.parts.iter().enumerate() {
        let folded = taking.fold(number, part, before.as_ref()).await;
        if let Some(before) = before.take() {
            before.written().await?;
        }
        before = Some(taking.begin_writing(part, &holder, folded?));
    }
    match before {
        Some(last) => last.written().await,
        None => Ok(()),
    }
}

/// One build, and what it takes in.
struct Taking {
    store: Arc<dyn Store>,
    folding: Arc<dyn Folding>,
    build: Build,
    stretch: Arc<Stretch>,
}

/// A part that is being written: whether it is there already cannot be known.
struct UnderWay {
    from: u64,
    /// The documents it changes, by their keys in the store, as they are after it.
    documents: HashMap<String, Option<Vec<u8>>>,
    writing: JoinHandle<Result<(), ApplyError>>,
}

impl UnderWay {
    async fn written(self) -> Result<(), FollowError> {
        match self.writing.await.map_err(FollowError::Interrupted)? {
            Ok(()) => Ok(()),
            Err(ApplyError::Store(error)) => Err(error.into()),
            Err(ApplyError::NotHolder) => Err(FollowError::LeaseLost),
            Err(ApplyError::Stale { .. } | ApplyError::NoSuchBuild) => Err(FollowError::Overtaken),
        }
    }
}

impl Taking {
    fn failed(&self, cause: FoldError) -> FollowError {
        FollowError::Fold { build: self.build.clone(), cause }
    }

    /// What a part changes, after one that may still be on its way into the store.
    async fn fold(
        &self,
        number: usize,
        part: &Part,
        before: Option<&UnderWay>,
    ) -> Result<Vec<Write>, FollowError> {
        let (folding, stretch) = (Arc::clone(&self.folding), Arc::clone(&self.stretch));
        let needed = blocking(move || needed(&*folding, &stretch, number)).await?;
        let mut desk = self.folding.desk();
        let mut missing = Vec::with_capacity(needed.stored.len());
        for key in needed.stored {
            match before.and_then(|before| before.documents.get(&document_key(&key))) {
                Some(now) => {
                    desk.put(key, now.as_deref()).map_err(|cause| self.failed(cause))?;
                }
                None => missing.push(key),
            }
        }
        for missing in missing.chunks(DOCUMENTS) {
            desk = self.load(part.from, before, missing, desk).await?;
        }
        let (folding, stretch) = (Arc::clone(&self.folding), Arc::clone(&self.stretch));
        let fold = move || fold(&*folding, desk, &stretch, number, needed.keys);
        blocking(fold).await?.map_err(|cause| self.failed(cause))
    }

    /// Puts documents on the desk as they were at the beginning of a part. The one before does not change
    /// these, so it does not matter whether it is written yet.
    async fn load(
        &self,
        from: u64,
        before: Option<&UnderWay>,
        missing: &[String],
        mut desk: Box<dyn Desk>,
    ) -> Result<Box<dyn Desk>, FollowError> {
        if from == 0 {
            // Nothing was written before the first event; if something was, the batch will be refused.
            for key in missing {
                desk.put(key.clone(), None).map_err(|cause| self.failed(cause))?;
            }
            return Ok(desk);
        }
        let asks = missing.iter().map(|key| Ask::Get(document_key(key))).collect();
        let reply = self.store.read(&self.build, asks).await?;
        let Some(reply) = reply else { return Err(FollowError::Overtaken) };
        let stands = reply.checkpoint.next;
        if stands != from && before.is_none_or(|before| before.from != stands) {
            return Err(FollowError::Overtaken);
        }
        for (key, found) in missing.iter().zip(reply.answers) {
            let stored = found.first().map(|row| row.value.as_slice());
            desk.put(key.clone(), stored).map_err(|cause| self.failed(cause))?;
        }
        Ok(desk)
    }

    fn begin_writing(&self, part: &Part, holder: &str, writes: Vec<Write>) -> UnderWay {
        let last = part.events.end >= self.stretch.events.len();
        let documents = if last { HashMap::new() } else { documents(&writes) };
        let batch = Batch {
            build: self.build.clone(),
            expected: part.from,
            checkpoint: part.checkpoint,
            holder: holder.to_owned(),
            writes,
        };
        let store = Arc::clone(&self.store);
        let writing = tokio::spawn(async move { store.apply(batch).await });
        UnderWay { from: part.from, documents, writing }
    }
}

fn documents(writes: &[Write]) -> HashMap<String, Option<Vec<u8>>> {
    let ours = writes.iter().filter(|write| write.key().starts_with("d/"));
    let pair = |write: &Write| match write {
        Write::Put { key, value } => (key.clone(), Some(value.clone())),
        Write::Delete { key } => (key.clone(), None),
    };
    ours.map(pair).collect()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FollowError> {
    tokio::task::spawn_blocking(work).await.map_err(FollowError::Interrupted)
}

/// The documents that a part needs.
struct Needed {
    /// The keys that each event touches.
    keys: Vec<Vec<String>>,
    /// Those that may be stored.
    stored: Vec<String>,
}

fn part_of(stretch: &Stretch, number: usize) -> &[Taken] {
    let part = stretch.parts.get(number);
    part.and_then(|part| stretch.events.get(part.events.clone())).unwrap_or_default()
}

fn needed(folding: &dyn Folding, stretch: &Stretch, number: usize) -> Needed {
    let from = stretch.parts.get(number).map_or(0, |part| part.from);
    let mut stored: HashSet<String> = HashSet::new();
    let keys = part_of(stretch, number)
        .iter()
        .map(|taken| match taken {
            Taken::Event(noted) if folding.concerns(noted.recorded.stamp.stream) => {
                let keys = folding.keys(noted);
                for key in &keys {
                    if !folding.begins(key, noted, from) && !stored.contains(key) {
                        stored.insert(key.clone());
                    }
                }
                stored.extend(folding.consults(noted));
                keys
            }
            Taken::Event(_) | Taken::OfNoConcern | Taken::Unreadable { .. } => Vec::new(),
        })
        .collect();
    let mut stored: Vec<String> = stored.into_iter().collect();
    stored.sort_unstable();
    Needed { keys, stored }
}

fn fold(
    folding: &dyn Folding,
    mut desk: Box<dyn Desk>,
    stretch: &Stretch,
    number: usize,
    keys: Vec<Vec<String>>,
) -> Result<Vec<Write>, FoldError> {
    for (taken, keys) in part_of(stretch, number).iter().zip(keys) {
        match taken {
            Taken::Event(noted) if !keys.is_empty() => desk.fold(noted, keys),
            Taken::Unreadable { stream, position, reason } if folding.concerns(*stream) => {
                desk.skip(*position, reason);
            }
            Taken::Event(_) | Taken::OfNoConcern | Taken::Unreadable { .. } => {}
        }
    }
    desk.changes()
}
