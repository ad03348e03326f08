//! The event log over a cluster: the events there, the keys in a ring of this server's own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{Kurrent, Settings, key_stream::KurrentKeyStream, refusal};
use crate::{
    event_log::EventLog,
    keyring::{Keyring, KeyringError, replicated::stream::KeyStream},
    keys::Keys,
};

/// How often it is asked what other servers did to keys.
const FOLLOWED: Duration = Duration::from_millis(250);

/// How long a destruction waits for the other servers' rings before it is left to be asked for again.
const PATIENCE: Duration = Duration::from_secs(5);

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
    /// Nobody would follow the other servers' rings.
    #[error("no thread could be started to follow the keys of the other servers")]
    Follower(#[source] std::io::Error),
}

impl EventLog {
    /// Opens the log on a cluster for reading and writing. Any number of processes may, each with a ring
    /// of its own in the folder `keys`: the first one's is made, or is one that was alone until then, and
    /// the others' are copies ([`Keyring::copy`]).
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_on_cluster(settings: &Settings, keys: &Path) -> Result<Self, OpenError> {
        let log = Self::over(Arc::new(Kurrent::open(settings).await?), Keys::Absent);
        let stream = Arc::new(KurrentKeyStream::at(settings)?);
        let (dir, origin, fresh) = (keys.to_owned(), settings.origin.clone(), log.length() == 0);
        let opened = tokio::task::spawn_blocking(move || {
            let founded = !stream.read(0, 1).map_err(KeyringError::from)?.is_empty();
            if !fresh && !founded && !Keyring::exists(&dir)? {
                return Err(OpenError::KeysMissing(dir));
            }
            Ok(Keyring::open_among_others(&dir, &origin, stream, PATIENCE)?)
        });
        let ring = Arc::new(opened.await.unwrap_or_else(|ended| {
            Err(KeyringError::Unavailable { doing: "opening the keys", cause: ended.into() }.into())
        })?);
        let log = Self::over(Arc::clone(log.backend()), Keys::Ring(Arc::clone(&ring)));
        log.forget_what_is_destroyed_elsewhere(&ring);
        Keyring::keep_following(&ring, FOLLOWED).map_err(OpenError::Follower)?;
        Ok(log)
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
