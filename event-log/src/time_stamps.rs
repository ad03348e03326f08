//! Time-stamps of checkpoints (RFC 3161): what somebody else's clock says, beside ours.
//!
//! A checkpoint has no time, and a witness's cosignature has the witness's. A time-stamping authority signs that
//! it saw a hash at a time, whatever it is the hash of. Stamped is the text of a checkpoint without its
//! signatures: it follows from the size alone, and stays the same when cosignatures come in. So the time-stamp of a size says
//! that all entries before it existed by then.

mod authority;

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

pub use self::authority::{Authority, NotAnAuthority, NotStamped, request};
use crate::{
    checkpoints::{Checkpoints, CheckpointsError},
    durable,
};

/// The name of the folder, beside that of the checkpoints and in an export.
pub const FOLDER: &str = "time-stamps";

/// A folder of time-stamps: `<size>.tsr`, each the answer of an authority as it came (`TimeStampResp`, RFC 3161
/// section 2.4.2), which `openssl ts` reads.
#[derive(Clone, Debug)]
pub struct TimeStamps {
    folder: PathBuf,
}

/// A time-stamp cannot be kept or had.
#[derive(Debug, thiserror::Error)]
pub enum TimeStampsError {
    /// A file cannot be read or written.
    #[error("could not {doing} {path}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// The checkpoint that was stamped cannot be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointsError),
}

/// One time-stamp, and what came of checking it.
#[derive(Debug)]
pub struct Checked {
    /// The size of the checkpoint.
    pub size: u64,
    /// When all entries before it existed, by the authority's clock; or what is wrong.
    pub at: Result<DateTime<Utc>, Flaw>,
}

/// What is wrong with a time-stamp.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// There is no checkpoint of that size.
    #[error("no checkpoint of {0} entries is kept that it could be of")]
    OfNothing(u64),
    /// It is not one of the authority, or not of this checkpoint.
    #[error(transparent)]
    NotStamped(#[from] NotStamped),
}

impl TimeStamps {
    /// The time-stamps in this folder; it need not be there yet.
    pub const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps the answer of an authority, whole and durable. One that is there already is never overwritten.
    ///
    /// # Errors
    /// When it cannot be written, or another one of this size is there.
    pub fn keep(&self, size: u64, answer: &[u8]) -> Result<(), TimeStampsError> {
        let path = self.path(size);
        durable::create_folder(&self.folder)
            .and_then(|()| durable::create(&path, answer))
            .and_then(|()| durable::sync_folder(&self.folder))
            .map_err(|cause| failed("write", &path, cause))
    }

    /// The time-stamp of the checkpoint of this size; none if it has none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of_size(&self, size: u64) -> Result<Option<Vec<u8>>, TimeStampsError> {
        let path = self.path(size);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(failed("read", &path, cause)),
        }
    }

    /// The sizes that have a time-stamp, ascending.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sizes(&self) -> Result<Vec<u64>, TimeStampsError> {
        let unlisted = |cause| failed("list", &self.folder, cause);
        let files = match fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(unlisted(cause)),
        };
        let mut sizes = Vec::new();
        for file in files {
            let path = file.map_err(unlisted)?.path();
            let size = path.file_stem().and_then(OsStr::to_str).and_then(|size| size.parse().ok());
            sizes.extend(size.filter(|size| self.path(*size) == path));
        }
        sizes.sort_unstable();
        Ok(sizes)
    }

    /// Checks every time-stamp against the checkpoint that it should be of, the smallest size first.
    ///
    /// # Errors
    /// When a file cannot be read. What is wrong with a time-stamp is said in its place.
    pub fn check(
        &self,
        checkpoints: &Checkpoints,
        authority: &Authority,
    ) -> Result<Vec<Checked>, TimeStampsError> {
        let mut checked = Vec::new();
        for size in self.sizes()? {
            // It was there when the folder was listed.
            let answer = self.of_size(size)?.unwrap_or_default();
            let at = match checkpoints.of_size(size)? {
                Some(signed) => {
                    authority.time_of(&answer, signed.note().text()).map_err(Flaw::from)
                }
                None => Err(Flaw::OfNothing(size)),
            };
            checked.push(Checked { size, at });
        }
        Ok(checked)
    }

    fn path(&self, size: u64) -> PathBuf {
        self.folder.join(format!("{size}.tsr"))
    }
}

fn failed(doing: &'static str, path: &Path, cause: io::Error) -> TimeStampsError {
    TimeStampsError::File { doing, path: path.to_owned(), cause }
}
