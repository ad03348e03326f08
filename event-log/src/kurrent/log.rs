//! The event log over a cluster: the events there, the keys in a folder that its servers share.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Kurrent, Settings, refusal};
use crate::{
    event_log::EventLog,
    keyring::{Keyring, KeyringError},
    keys::Keys,
};

/// Why the log on a cluster was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The events.
    #[error(transparent)]
    Log(#[from] refusal::OpenError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyringError),
    /// There are events and no keys. Going on would record as erased what is only out of reach.
    #[error("the log has events, and there are no keys at {0}: put the keys of this log there")]
    KeysMissing(PathBuf),
}

impl EventLog {
    /// Opens the log on a cluster for reading and writing. Any number of processes may, if they use
    /// the same folder of keys.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_on_cluster(settings: &Settings, keys: &Path) -> Result<Self, OpenError> {
        let log = Self::over(Arc::new(Kurrent::open(settings).await?), Keys::Absent);
        if log.length() > 0 && !Keyring::exists(keys) {
            return Err(OpenError::KeysMissing(keys.to_owned()));
        }
        let ring = Keyring::open_shared(keys, &settings.origin)?;
        Ok(Self::over(Arc::clone(log.backend()), Keys::Ring(Arc::new(ring))))
    }

    /// Opens the log on a cluster for reading only.
    ///
    /// # Errors
    /// See [`refusal::OpenError`].
    pub async fn read_on_cluster(
        settings: &Settings,
        keys: Keys,
    ) -> Result<Self, refusal::OpenError> {
        let settings = Settings { begin: false, expected: None, ..settings.clone() };
        Ok(Self::over(Arc::new(Kurrent::open(&settings).await?), keys))
    }
}
