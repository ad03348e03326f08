//! The log that is being looked at, and with what keys.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use anyhow::{Context, anyhow};
use domain::identity::EventId;
use event_log::{backend::ReadError, event_log::EventLog, keyring::OfflineKeys, keys::Keys};

use crate::{cli::Global, outcome::Failure, unseal::Server};

/// A log opened for reading.
pub(crate) struct Source {
    log: EventLog,
    server: Option<Server>,
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Corrupt { .. } => {
                Self::Integrity(format!("{error}. Nothing was changed; `replay verify` says more."))
            }
            ReadError::Unavailable { .. } => Self::Runtime(anyhow!(error)),
        }
    }
}

impl Source {
    /// Opens the log that the arguments name; writes nothing, takes no lock.
    pub(crate) fn open(global: &Global) -> Result<Self, Failure> {
        let Some(folder) = &global.data else {
            return Err(Failure::Usage("which log? Give --data DIR.".to_owned()));
        };
        let keys = match &global.keys {
            None => Keys::Absent,
            Some(file) => {
                global.remark(
                    "Keys were taken from a file: this look was not recorded by the service.",
                );
                Keys::Offline(Arc::new(keys(file)?))
            }
        };
        let log = EventLog::open_read_only(folder, keys)
            .with_context(|| format!("the log in {} could not be opened", folder.display()))?;
        Ok(Self { log, server: Server::of(global)? })
    }

    /// The log, readable as far as keys from a file reach.
    pub(crate) const fn log(&self) -> &EventLog {
        &self.log
    }

    /// The log, with the keys of these events if a server was named: it has recorded the question
    /// before it answers.
    pub(crate) fn opened_for(&self, events: &BTreeSet<EventId>) -> Result<EventLog, Failure> {
        let Some(server) = &self.server else { return Ok(self.log.clone()) };
        let keys = server.keys_of(events)?;
        let keys = Keys::Offline(Arc::new(OfflineKeys::of_events(keys)));
        Ok(EventLog::over(Arc::clone(self.log.backend()), keys))
    }
}

fn keys(file: &Path) -> Result<OfflineKeys, Failure> {
    let json = fs::read_to_string(file)
        .with_context(|| format!("the keys in {} could not be read", file.display()))?;
    OfflineKeys::parse(&json)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
}
