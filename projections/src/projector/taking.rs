//! A stretch is taken in by one build: part after part, each folded while the one before is being written.

use std::sync::Arc;

use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{
    FollowError,
    part::{fold, needed},
    stretch::Stretch,
    touched::Touched,
};
use crate::{
    folding::{Changes, Desk, FoldError, Folding},
    store::{ApplyError, Ask, Batch, Build, Checkpoint, Store, document_key},
};

/// After how many events what is kept is written however little it is: after a quarter of those that were folded
/// before, and within these bounds. A process that is killed folds them again. Of a short log there is something to write
/// while the rest is folded; of a long one the papers of the same people are not written more often than need be.
const SHORTEST: u64 = 1 << 18;
const LONGEST: u64 = 1 << 21;

/// How many documents are asked for at once.
const DOCUMENTS: usize = 4_096;

/// Whose desk it is: one build in its store, and who writes to it.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) store: Arc<dyn Store>,
    pub(super) folding: Arc<dyn Folding>,
    pub(super) build: Build,
    pub(super) holder: String,
}

/// A build at work: its desk, and how much of what was folded there is written.
pub(super) struct AtWork {
    place: Place,
    /// None only while it is in use elsewhere, and after that failed.
    desk: Option<Box<dyn Desk>>,
    /// Where the build stands once what is under way is written.
    written: u64,
    folded: Checkpoint,
    under_way: Option<UnderWay>,
    /// What has been touched since the beginning of the log; none if that is not known.
    touched: Option<Touched>,
}

/// Changes that are being written: whether they are there already cannot be known.
struct UnderWay {
    from: u64,
    writing: JoinHandle<Result<(), FollowError>>,
}

impl UnderWay {
    async fn written(self) -> Result<(), FollowError> {
        self.writing.await.map_err(FollowError::Interrupted)?
    }
}

/// Writes down what has changed, and stores it.
async fn store(place: Place, changes: Changes, batch: Batch) -> Result<(), FollowError> {
    let writes = blocking(changes).await?.map_err(|cause| place.failed(cause))?;
    match place.store.apply(Batch { writes, ..batch }).await {
        Ok(()) => Ok(()),
        Err(ApplyError::Store(error)) => Err(error.into()),
        Err(ApplyError::NotHolder) => Err(FollowError::LeaseLost),
        Err(ApplyError::Stale { .. } | ApplyError::NoSuchBuild) => Err(FollowError::Overtaken),
    }
}

impl Place {
    fn failed(&self, cause: FoldError) -> FollowError {
        FollowError::Fold { build: self.build.clone(), cause }
    }
}

/// How much is kept in memory, in bytes of documents.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Of what has changed: then it is written.
    pub(super) changed: usize,
    /// Of everything: then half of it is let go of.
    pub(super) kept: usize,
}

/// When what has changed is written.
#[derive(Clone, Copy)]
pub(super) enum Writes {
    /// After each part, and nothing is kept.
    EachPart,
    /// When there is too much, or a round is over; and at the end of the stretch, if there is a reason.
    Changed { bounds: Bounds, at_the_end: bool },
}

impl AtWork {
    /// With nothing on its desk, where a build stands.
    pub(super) fn at(place: Place, next: u64) -> Self {
        let desk = Some(place.folding.desk());
        let folded = Checkpoint { next, last: None };
        // Where nothing was written yet, nothing can be stored.
        let touched = (next == 0 && place.folding.kept()).then(Touched::none);
        Self { place, desk, written: next, folded, under_way: None, touched }
    }

    /// Up to where events are folded.
    pub(super) const fn folded(&self) -> u64 {
        self.folded.next
    }

    /// Whatever stands for something personal of a subject goes from what is here.
    pub(super) fn forget(&mut self, subject: Uuid) {
        if let Some(desk) = &mut self.desk {
            desk.forget(subject);
        }
    }

    /// Takes a stretch in. Parts are written in order, each after the one before was.
    pub(super) async fn take_in(
        mut self,
        stretch: Arc<Stretch>,
        writes: Writes,
    ) -> Result<Self, FollowError> {
        for number in 0..stretch.parts.len() {
            if let Err(error) = self.take_part(&stretch, number, writes).await {
                self.written().await?;
                return Err(error);
            }
        }
        match writes {
            Writes::EachPart => self.written().await?,
            Writes::Changed { at_the_end: true, bounds } => {
                self.write(bounds.kept / 2).await?;
                self.written().await?;
            }
            Writes::Changed { at_the_end: false, .. } => {}
        }
        Ok(self)
    }

    async fn take_part(
        &mut self,
        stretch: &Arc<Stretch>,
        number: usize,
        writes: Writes,
    ) -> Result<(), FollowError> {
        let Some(part) = stretch.parts.get(number) else { return Ok(()) };
        self.fold(stretch, number).await?;
        self.folded = part.checkpoint;
        match writes {
            Writes::EachPart => self.write(usize::MAX).await,
            Writes::Changed { bounds, .. } if self.is_due(bounds) => {
                self.write(bounds.kept / 2).await
            }
            Writes::Changed { .. } => Ok(()),
        }
    }

    fn is_due(&self, bounds: Bounds) -> bool {
        let load = self.desk.as_ref().map(|desk| desk.load()).unwrap_or_default();
        let round_of = |next: u64| self.place.folding.round().and_then(|of| next.checked_div(of));
        load.changed >= bounds.changed
            || load.here >= bounds.kept
            || self.folded.next.saturating_sub(self.written)
                >= (self.written / 4).clamp(SHORTEST, LONGEST)
            || round_of(self.folded.next) > round_of(self.written)
    }

    /// Begins to write what has changed, once what was begun before is written. Of what is in the store by then, so
    /// many bytes stay here.
    pub(super) async fn write(&mut self, most: usize) -> Result<(), FollowError> {
        self.written().await?;
        if self.folded.next <= self.written {
            return Ok(());
        }
        let work = move |desk: &mut Box<dyn Desk>| {
            desk.tidy(most); // what was written before is in the store now, and can be had from there
            desk.changes()
        };
        let changes = self.at_desk(work).await?.map_err(|cause| self.place.failed(cause))?;
        let batch = Batch {
            build: self.place.build.clone(),
            expected: self.written,
            checkpoint: self.folded,
            holder: self.place.holder.clone(),
            writes: Vec::new(),
        };
        let writing = tokio::spawn(store(self.place.clone(), changes, batch));
        self.under_way = Some(UnderWay { from: self.written, writing });
        self.written = self.folded.next;
        Ok(())
    }

    /// Waits until what is under way is written.
    pub(super) async fn written(&mut self) -> Result<(), FollowError> {
        match self.under_way.take() {
            Some(before) => before.written().await,
            None => Ok(()),
        }
    }

    /// Works at the desk, where that keeps nobody waiting.
    async fn at_desk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Box<dyn Desk>) -> T + Send + 'static,
    ) -> Result<T, FollowError> {
        let Some(mut desk) = self.desk.take() else { return Err(FollowError::Overtaken) };
        let (desk, done) = blocking(move || {
            let done = work(&mut desk);
            (desk, done)
        })
        .await?;
        self.desk = Some(desk);
        Ok(done)
    }

    /// Folds a part, with what it needs of the store.
    async fn fold(&mut self, stretch: &Arc<Stretch>, number: usize) -> Result<(), FollowError> {
        let (folding, events) = (Arc::clone(&self.place.folding), Arc::clone(stretch));
        let mut touched = self.touched.take();
        let work = move |desk: &mut Box<dyn Desk>| {
            (needed(&*folding, &mut **desk, (&events, number), touched.as_mut()), touched)
        };
        let needed;
        (needed, self.touched) = self.at_desk(work).await?;
        for missing in needed.missing.chunks(DOCUMENTS) {
            self.load(missing).await?;
        }
        let (folding, events) = (Arc::clone(&self.place.folding), Arc::clone(stretch));
        let keys = needed.keys;
        self.at_desk(move |desk| fold(&*folding, &mut **desk, &events, number, keys)).await
    }

    /// Puts documents on the desk as they are stored. What is under way does not change these, for what it
    /// changes is here; so it does not matter whether it is written yet. What left with it is waited for.
    async fn load(&mut self, missing: &[String]) -> Result<(), FollowError> {
        let left = |desk: &dyn Desk| missing.iter().any(|key| desk.left(key));
        if self.desk.as_deref().is_some_and(left) {
            self.written().await?;
        }
        let answers = if self.written == 0 {
            // Nothing was written before the first event; if something was, the batch will be refused.
            Vec::new()
        } else {
            let asks = missing.iter().map(|key| Ask::Get(document_key(key))).collect();
            let reply = self.place.store.read(&self.place.build, asks).await?;
            let Some(reply) = reply else { return Err(FollowError::Overtaken) };
            let stands = reply.checkpoint.next;
            let before = self.under_way.as_ref().map(|before| before.from);
            if stands != self.written && before != Some(stands) {
                return Err(FollowError::Overtaken);
            }
            reply.answers
        };
        let Some(desk) = &mut self.desk else { return Err(FollowError::Overtaken) };
        let mut answers = answers.into_iter();
        for key in missing {
            let found = answers.next().and_then(|rows| rows.into_iter().next());
            if let Err(cause) = desk.put(key.clone(), found.as_ref().map(|row| &*row.value)) {
                return Err(self.place.failed(cause));
            }
        }
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FollowError> {
    tokio::task::spawn_blocking(work).await.map_err(FollowError::Interrupted)
}
