//! Why a log in a file was not opened.

use std::path::PathBuf;

/// Why a log in a file was not opened. Nothing has been changed, and nothing is repaired in
/// passing.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process (or another part of this one) has it open for writing.
    #[error(
        "the log is in use: {path} is held by another writer, and exactly one may write; stop the \
         other, or open the log for reading only"
    )]
    InUse {
        /// The file whose lock is held.
        path: PathBuf,
    },
    /// There is no log, and opening for reading creates none.
    #[error("there is no log at {path}")]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file or folder could not be made, opened or locked.
    #[error("could not {doing} {path}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: std::io::Error,
    },
    /// The storage engine failed.
    #[error("could not {doing} {path}")]
    Engine {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: rusqlite::Error,
    },
    /// The file is a database of something else.
    #[error("{path} is not a log of events: its application id is {found:#010x}")]
    NotALog {
        /// The file.
        path: PathBuf,
        /// The application id it bears.
        found: u32,
    },
    /// The log was written by a version this one does not know.
    #[error("{path} has schema version {found}; this program knows version {known} only")]
    UnknownSchema {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version this program writes and reads.
        known: u32,
    },
    /// Tables or triggers are not what this version creates: somebody changed them.
    #[error("{path}: the definition of {object} is missing or is not as this program made it")]
    SchemaChanged {
        /// The file.
        path: PathBuf,
        /// The table or trigger.
        object: String,
    },
    /// The log bears another name than the one it was asked for by.
    #[error("{path} is the log {found:?}, not {asked:?}")]
    OtherOrigin {
        /// The file.
        path: PathBuf,
        /// The origin it was created with.
        found: String,
        /// The origin it was asked for by.
        asked: String,
    },
    /// What is stored contradicts itself.
    #[error("the log at {path} is damaged at position {position}: {finding}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in the log.
        position: u64,
        /// What was found.
        finding: String,
    },
    /// The file of stream heads has seen events that the log does not have.
    #[error(
        "events are missing: {heads} has seen {seen} events, the log has {length}. If an older \
         copy was put in place on purpose, remove {heads}: it will be built anew"
    )]
    EventsMissing {
        /// The file of stream heads.
        heads: PathBuf,
        /// How many events it has seen.
        seen: u64,
        /// How many the log has.
        length: u64,
    },
    /// The file of stream heads belongs to another log, or to another past of this one.
    #[error(
        "{heads} was made from another log or another past of this one ({finding}). If the log is \
         the right one, remove {heads}: it will be built anew"
    )]
    HeadsOfAnotherLog {
        /// The file of stream heads.
        heads: PathBuf,
        /// What differs.
        finding: &'static str,
    },
    /// A copy with a write-ahead log but without its index cannot be read without changing it.
    #[error(
        "{path} has a write-ahead log but no -shm file beside it, so it cannot be read without \
         being changed: copy all three files, or let a server open and close the log first"
    )]
    CopyIncomplete {
        /// The database file.
        path: PathBuf,
    },
}
