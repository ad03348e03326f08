//! Why the log on a cluster was not opened, and what is to be done about it.

use super::{checks::Refusal, index::IndexError};
use crate::backend::ReadError;

/// Why the log was not opened. Nothing was written, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The connection string cannot be understood.
    #[error(
        "the address of the log is no connection string of KurrentDB: kurrentdb://HOST:2113?tls=true"
    )]
    Connection,
    /// The log needs threads of its own.
    #[error("no threads could be started for the log")]
    Threads(#[source] std::io::Error),
    /// The local index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The server cannot be reached, or what it says contradicts itself.
    #[error("the log on the cluster cannot be read")]
    Read(#[from] ReadError),
    /// The cluster is not to be trusted with the log.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no log yet, and none is to be begun.
    #[error("there is no log on this server")]
    Absent,
    /// The server refuses our login.
    #[error(
        "the server refuses our login, or it may not read and write our streams: check the user, and \
         the access lists in docs/operations.md"
    )]
    Denied,
    /// The log has another name.
    #[error("the log on this server is {found:?}, not {asked:?}: is this the right cluster?")]
    OtherOrigin {
        /// Its name.
        found: String,
        /// What was asked for.
        asked: String,
    },
    /// The server's first event is not the one this server knew.
    #[error(
        "the first event of this installation is not the one that was there before ({known}): the \
         database was wiped or swapped. Do not write to it. Find out what happened; only then remove \
         the index folder"
    )]
    OtherInstallation {
        /// The event that was there before.
        known: uuid::Uuid,
    },
    /// What stands first cannot be read.
    #[error("the first event of this installation cannot be understood")]
    Genesis,
}
