//! The read models as a server holds them: where they are kept, who follows the log, how far they are.

mod condition;
mod following;

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use event_log::EventLog;
use projections::{
    abreast::{Abreast, AbreastError},
    known::Known,
    marks::{Marker, NoMarker},
    oversight::Oversight,
    projection::ReadModel,
    projector::{Projector, Settings, Status},
    read_models::{self, Organisations, Seen, search::Seeker},
    reader::{QueryError, Reader},
    store::Store,
};
use uuid::Uuid;

pub use self::condition::Condition;
use self::following::Following;

/// For how long this process takes the lease, unless the operator says otherwise.
pub const LEASE: Duration = Duration::from_secs(10);

/// The read models of one log.
pub struct ReadModels {
    log: EventLog,
    store: Arc<dyn Store>,
    kind: &'static str,
    following: Following,
    oversight: Oversight,
    seeker: Seeker,
    abreast: Abreast,
}

impl fmt::Debug for ReadModels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadModels").field("kept", &self.kind).finish_non_exhaustive()
    }
}

impl ReadModels {
    /// What a store holds of a log. Nobody follows the log into it before [`ReadModels::follow`].
    ///
    /// # Errors
    /// When the log was opened without a ring of keys.
    pub fn new(
        log: &EventLog,
        store: Arc<dyn Store>,
        kind: &'static str,
        lease: Duration,
    ) -> Result<Self, NoMarker> {
        let (settings, known) = (Settings { lease, ..Settings::default() }, read_models::all());
        let marker = Marker::of(log)?;
        let projector =
            Projector::new(log, Arc::clone(&store), known.clone(), settings, Uuid::now_v7())
                .marking(marker.clone(), known);
        let lists = Known::none().and::<Seen>().and::<Organisations>();
        Ok(Self {
            log: log.without_keys(),
            kind,
            oversight: Oversight::of(&projector),
            following: Following::by(projector),
            seeker: Seeker::new(log, Arc::clone(&store), marker.clone(), Uuid::now_v7()),
            abreast: Abreast::new(log, Arc::clone(&store), (marker, lists), Uuid::now_v7()),
            store,
        })
    }

    /// Follows the log in a task of its own, until [`ReadModels::close`]. Call it inside a runtime; a
    /// second call changes nothing.
    pub fn follow(&self) {
        self.following.begin();
    }

    /// Stops following, and gives the lease back.
    pub async fn close(&self) {
        self.following.end().await;
    }

    /// Oversees their builds: to rebuild, compare and switch while this process serves.
    pub const fn oversight(&self) -> &Oversight {
        &self.oversight
    }

    /// Asks one of them.
    pub fn reader<P: ReadModel>(&self) -> Reader<P> {
        Reader::new(Arc::clone(&self.store), &self.log)
    }

    /// Where they are kept.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Asks one of the lists that decisions and screens are made from, which must not be older than the
    /// log is now.
    ///
    /// # Errors
    /// When it is not abreast of the log within some time.
    pub async fn abreast<P: ReadModel>(&self) -> Result<Reader<P>, AbreastError> {
        let reader = self.reader();
        self.abreast.of(&reader).await?;
        Ok(reader)
    }

    /// Asks until there is an answer, where there is none only because a read model is too far behind.
    ///
    /// # Errors
    /// When it stays behind for some time, or the answer is another error.
    pub async fn until<T, F>(&self, ask: impl Fn() -> F) -> Result<T, AbreastError>
    where
        F: Future<Output = Result<T, QueryError>>,
    {
        self.abreast.until(ask).await
    }

    /// Finds the records that a search might find.
    pub const fn seeker(&self) -> &Seeker {
        &self.seeker
    }

    /// What this process does about them, as it said last.
    pub fn status(&self) -> Status {
        self.following.status()
    }

    /// How they are at an instant.
    pub async fn condition(&self, now: DateTime<Utc>) -> Condition {
        Condition::of(&self.log, &*self.store, (self.kind, self.status()), now).await
    }
}
