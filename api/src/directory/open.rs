//! Opening a directory: the log, its keys, the clock, the read models.

use std::{path::Path, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use event_log::{EventLog, Options, backend::ReadError, keyring::KeyringError};
use projections::{
    holder::{FoldedStates, Holder, ReadModelStore},
    marks::NoMarker,
    store::{Embedded, Place, Store, StoreError},
};

use super::{Directory, in_flight::InFlight, recording::Recording};
use tokio::sync::watch;

use crate::{
    cluster::{Cluster, ClusterError},
    configuration::ClockKind,
    erasure::Eraser,
    now::Clock,
    read_models::{self, ReadModels},
};

/// Why a directory cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The log cannot be opened.
    #[error("could not open the log")]
    Log(#[from] event_log::OpenError),
    /// The log on the cluster cannot be opened.
    #[error("could not open the log on the cluster")]
    Cluster(#[from] ClusterError),
    /// It can be read only.
    #[error("the log has no ring of keys here, so nothing can be recorded")]
    ReadOnly,
    /// The keys cannot be used.
    #[error("could not use the keys")]
    Keys(#[from] KeyringError),
    /// The log cannot be read.
    #[error("could not read the log")]
    Read(#[from] ReadError),
    /// The store of read models cannot be opened.
    #[error(transparent)]
    ReadModels(#[from] StoreError),
    /// The key of what is compared in read models is not to be had.
    #[error(transparent)]
    Marks(#[from] NoMarker),
}

/// Where read models are kept, and for how long a process takes the lease to follow the log into them.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Where.
    pub place: Place,
    /// After which time another process takes over from one that has died.
    pub lease: Duration,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { place: Place::DataFolder, lease: read_models::LEASE }
    }
}

impl Directory {
    /// Opens the directory in a data folder; makes it if there is none.
    ///
    /// # Errors
    /// When the log, its keys or the store of read models cannot be used.
    pub async fn open(
        data: &Path,
        options: &Options,
        clock: ClockKind,
        keeping: &Keeping,
    ) -> Result<Self, OpenError> {
        Self::on(EventLog::open(data, options)?, data, clock, keeping).await
    }

    /// Opens the directory whose log is on the cluster, if it is, or else in the data folder.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub async fn open_where(
        cluster: &Cluster,
        data: &Path,
        options: &Options,
        clock: ClockKind,
        keeping: &Keeping,
    ) -> Result<Self, OpenError> {
        match cluster.open(data, &options.origin).await? {
            Some(log) => Self::on(log, data, clock, keeping).await,
            None => Self::open(data, options, clock, keeping).await,
        }
    }

    /// A directory over a log that is open already, with what follows from it in a data folder.
    ///
    /// # Errors
    /// When the log, its keys or the store of read models cannot be used.
    pub async fn on(
        log: EventLog,
        data: &Path,
        clock: ClockKind,
        keeping: &Keeping,
    ) -> Result<Self, OpenError> {
        let store = keeping.place.open(data)?;
        let models = ReadModels::new(&log, store, keeping.place.kind(), keeping.lease)?;
        Self::with(log, models, clock).await
    }

    /// A directory over a log that is open already. Its read models last as long as it does.
    ///
    /// # Errors
    /// When the log cannot be read, or can only be read.
    pub async fn over(log: EventLog, clock: ClockKind) -> Result<Self, OpenError> {
        Self::over_keeping(log, Arc::new(Embedded::temporary()?), clock).await
    }

    /// The same with its read models in a store of one's own.
    ///
    /// # Errors
    /// When the log cannot be read, or can only be read.
    pub async fn over_keeping(
        log: EventLog,
        store: Arc<dyn Store>,
        clock: ClockKind,
    ) -> Result<Self, OpenError> {
        let models = ReadModels::new(&log, store, "embedded", read_models::LEASE)?;
        Self::with(log, models, clock).await
    }

    async fn with(
        log: EventLog,
        read_models: ReadModels,
        clock: ClockKind,
    ) -> Result<Self, OpenError> {
        let length = log.length();
        let last = match length.checked_sub(1) {
            Some(position) => log.header_at(position).await?.map(|header| header.stamp.at),
            None => None,
        };
        let clock = match (clock, last) {
            (ClockKind::Demonstration, Some(last)) => Clock::continuing_after(last),
            (ClockKind::Demonstration | ClockKind::System, last) => Clock::system(last),
        };
        let secret = log.keyring().ok_or(OpenError::ReadOnly)?.secret("request-digest")?;
        let holders: Vec<Arc<dyn Holder>> = vec![
            Arc::new(FoldedStates::of(log.clone())),
            Arc::new(ReadModelStore::of(read_models.store())),
        ];
        Ok(Self {
            eraser: Eraser::new(log.clone(), holders),
            log,
            clock,
            read_models,
            digest_key: hmac::Key::new(hmac::HMAC_SHA256, secret.expose()),
            in_flight: Arc::new(InFlight::default()),
            recording: Recording::default(),
            published: None,
            closing: watch::Sender::new(false),
        })
    }
}
