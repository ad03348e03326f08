//! Opening a log in a directory: the events in `DIR/log`, the keys in `DIR/keys`, apart from them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::EventLog;
use crate::{
    codec::Upcasts,
    embedded::{Embedded, Settings, read_only::ReadOnly, refusal},
    keyring::{Keyring, KeyringError},
    keys::Keys,
};

/// What is to be known about a log to open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The log's name, such as `contactpoint.example/audit`: given to a new log for good, bound into
    /// every seal, and compared with that of an existing log.
    pub origin: String,
}

/// Why a log was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The events could not be opened.
    #[error(transparent)]
    Log(#[from] refusal::OpenError),
    /// The keys could not be opened.
    #[error(transparent)]
    Keys(#[from] KeyringError),
    /// There are events and no keys. Going on would record as erased what is only out of reach.
    #[error(
        "the log has events, and there are no keys at {0}: put the keys of this log there, or open \
         the log for reading only"
    )]
    KeysMissing(PathBuf),
}

impl EventLog {
    /// Opens the log in `dir` for reading and writing, or makes a new one. One process at a time.
    ///
    /// # Errors
    /// See [`OpenError`]. Nothing is repaired in passing.
    pub fn open(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        Self::open_with(dir, &Settings::named(options.origin.clone()))
    }

    /// Opens the log in `dir` with settings of the store other than the usual ones.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_with(dir: &Path, settings: &Settings) -> Result<Self, OpenError> {
        // The store first: its lock keeps every other process from the keys as well.
        let backend = Embedded::open(dir, settings)?;
        let log = Self::over(Arc::new(backend), Keys::Absent);
        let keys = dir.join("keys");
        if log.length() > 0 && !Keyring::exists(&keys)? {
            return Err(OpenError::KeysMissing(keys));
        }
        let ring = Keyring::open(&keys, &settings.origin)?;
        Ok(Self::over(Arc::clone(log.backend()), Keys::Ring(Arc::new(ring))))
    }

    /// Opens the log in `dir` for reading only, beside a process that writes it or on a copy. The
    /// keys in `dir` are left alone: personal values are readable as far as `keys` reach.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_read_only(dir: &Path, keys: Keys) -> Result<Self, OpenError> {
        let backend = Arc::new(ReadOnly::open(dir)?);
        Ok(Self::assemble(backend, keys, Upcasts::current(), false))
    }
}
