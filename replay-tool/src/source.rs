//! The log that is being looked at, and with what keys.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow};
use event_log::{
    backend::ReadError, embedded::refusal, event_log::EventLog, event_log::OpenError,
    keyring::OfflineKeys, keys::Keys,
};

use crate::{
    cli::Global,
    outcome::Failure,
    unseal::{Server, Wanted},
};

/// A log opened for reading.
pub(crate) struct Source {
    /// None if the log is on a cluster and no folder was named.
    folder: Option<PathBuf>,
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

impl From<OpenError> for Failure {
    /// A log that contradicts itself is an integrity failure; one that is out of reach is not.
    fn from(error: OpenError) -> Self {
        let damaged = match &error {
            OpenError::Log(refusal) => match refusal {
                refusal::OpenError::SchemaChanged { .. }
                | refusal::OpenError::Damaged { .. }
                | refusal::OpenError::EventsMissing { .. }
                | refusal::OpenError::HeadsOfAnotherLog { .. } => true,
                refusal::OpenError::Engine { cause, .. } => is_damage(cause),
                refusal::OpenError::InUse { .. }
                | refusal::OpenError::Absent { .. }
                | refusal::OpenError::File { .. }
                | refusal::OpenError::NotALog { .. }
                | refusal::OpenError::UnknownSchema { .. }
                | refusal::OpenError::OtherOrigin { .. }
                | refusal::OpenError::CopyIncomplete { .. } => false,
            },
            OpenError::Keys(_) | OpenError::KeysMissing(_) => false,
        };
        let error = anyhow!(error).context("the log could not be opened");
        if damaged { Self::Integrity(format!("{error:#}")) } else { Self::Runtime(error) }
    }
}

/// Whether the engine says that the file is no database, or a damaged one.
fn is_damage(cause: &rusqlite::Error) -> bool {
    let damage = [rusqlite::ErrorCode::DatabaseCorrupt, rusqlite::ErrorCode::NotADatabase];
    cause.sqlite_error_code().is_some_and(|code| damage.contains(&code))
}

impl Source {
    /// Opens the log that the arguments name; writes nothing, takes no lock.
    pub(crate) fn open(global: &Global) -> Result<Self, Failure> {
        let keys = keys_of(global)?;
        let log = match (&global.log, &global.data) {
            (Some(address), _) => on_cluster(address, &global.origin, keys)?,
            (None, Some(folder)) => EventLog::open_read_only(folder, keys)?,
            (None, None) => {
                let which = "which log? Give --data DIR, or --log URL for one on a cluster.";
                return Err(Failure::Usage(which.to_owned()));
            }
        };
        Ok(Self { folder: global.data.clone(), log, server: Server::of(global)? })
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> Result<&Path, Failure> {
        self.folder.as_deref().ok_or_else(|| {
            Failure::Usage("its tree lies in a data folder: give --data DIR as well.".to_owned())
        })
    }

    /// The log, readable as far as keys from a file reach.
    pub(crate) const fn log(&self) -> &EventLog {
        &self.log
    }

    /// The log, with the keys of those of these events that hold something sealed, if a server was
    /// named: it has recorded the question before it answers.
    pub(crate) async fn opened_for(&self, events: &Wanted) -> Result<EventLog, Failure> {
        let Some(server) = &self.server else { return Ok(self.log.clone()) };
        let mut sealed = Vec::new();
        for position in events.positions() {
            let header = self.log.header_at(position).await?;
            sealed.extend(header.filter(|header| !header.sections.is_empty()));
        }
        let keys = server.keys_of(&sealed.iter().map(|header| &header.stamp).collect())?;
        Ok(EventLog::over(Arc::clone(self.log.backend()), Keys::Offline(Arc::new(keys))))
    }
}

/// The log on a cluster. It is read to its end before anything is answered from it.
#[cfg(feature = "kurrentdb")]
pub(crate) fn on_cluster(address: &str, origin: &str, keys: Keys) -> Result<EventLog, Failure> {
    use event_log::kurrent::{Settings, refusal};

    let settings = Settings::new(address, origin);
    // A thread of its own: the verbs are asynchronous already, and a runtime cannot wait in another.
    let opened = std::thread::scope(|scope| {
        let opening = scope.spawn(|| {
            let threads = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let threads = threads.map_err(refusal::OpenError::Threads)?;
            threads.block_on(EventLog::read_on_cluster(&settings, keys))
        });
        opening.join().map_err(|_| Failure::Runtime(anyhow!("opening the log ended too early")))
    })?;
    opened.map_err(|error| {
        let damaged = matches!(&error, refusal::OpenError::Read(ReadError::Corrupt { .. }));
        let error = anyhow!(error).context("the log on the cluster could not be opened");
        if damaged { Failure::Integrity(format!("{error:#}")) } else { Failure::Runtime(error) }
    })
}

#[cfg(not(feature = "kurrentdb"))]
pub(crate) fn on_cluster(_address: &str, _origin: &str, _keys: Keys) -> Result<EventLog, Failure> {
    let built = "this program was built without KurrentDB: build it with --features kurrentdb";
    Err(Failure::Runtime(anyhow!(built)))
}

/// The data folder that the arguments name.
pub(crate) fn folder(global: &Global) -> Result<&Path, Failure> {
    global.data.as_deref().ok_or_else(|| Failure::Usage("which log? Give --data DIR.".to_owned()))
}

/// Whether a folder is that of a service: it has a log.
pub(crate) fn is_data_folder(folder: &Path) -> Result<bool, Failure> {
    let log = folder.join("log/events.sqlite");
    log.try_exists().map_err(|cause| Failure::Usage(format!("{}: {cause}", log.display())))
}

/// The keys that the arguments name.
pub(crate) fn keys_of(global: &Global) -> Result<Keys, Failure> {
    let Some(file) = &global.keys else { return Ok(Keys::Absent) };
    global.remark("Keys were taken from a file: this look was not recorded by the service.");
    Ok(Keys::Offline(Arc::new(keys(file)?)))
}

fn keys(file: &Path) -> Result<OfflineKeys, Failure> {
    let bytes = fs::read(file)
        .with_context(|| format!("the keys in {} could not be read", file.display()))?;
    let other = |what: &str| {
        let file = file.display();
        Failure::Usage(format!("{file} {what}. --keys wants {WANTED}"))
    };
    if bytes.starts_with(DATABASE) {
        return Err(other(
            "is a database, the service's own keyring perhaps, which this tool does not open",
        ));
    }
    let json = String::from_utf8(bytes).map_err(|_| other("is not text"))?;
    OfflineKeys::parse(&json).map_err(|error| other(&format!("is {error}")))
}

/// What is meant by a file of keys.
const WANTED: &str =
    "a file of keys that the service gave out: what `POST /events/keys` answers, as JSON.";

/// With what every SQLite database begins (SQLite, "Database File Format", 1.3.1).
const DATABASE: &[u8] = b"SQLite format 3\0";
