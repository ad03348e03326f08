//! The read models as a server holds them: where they are kept, who follows the log, how far they are.

mod condition;
mod following;

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use event_log::EventLog;
use projections::{
    projection::Projection,
    projector::{Projector, Settings, Status},
    read_models,
    reader::Reader,
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
}

impl fmt::Debug for ReadModels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadModels").field("kept", &self.kind).finish_non_exhaustive()
    }
}

impl ReadModels {
    /// What a store holds of a log. Nobody follows the log into it before [`ReadModels::follow`].
    pub fn new(log: &EventLog, store: Arc<dyn Store>, kind: &'static str, lease: Duration) -> Self {
        let settings = Settings { lease, ..Settings::default() };
        let projector =
            Projector::new(log, Arc::clone(&store), read_models::all(), settings, Uuid::now_v7());
        Self { log: log.without_keys(), store, kind, following: Following::by(projector) }
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

    /// Asks one of them.
    pub fn reader<P: Projection>(&self) -> Reader<P> {
        Reader::new(Arc::clone(&self.store), &self.log)
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
