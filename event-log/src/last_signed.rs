//! What the log last signed, kept apart from the log: so that neither two writers nor a restored
//! backup make it sign two histories.
//!
//! The file lies with the signing keys, on another volume and in another backup than the events.
//! It is compared with the tree, and moved on durably, *before* a signature is made: a crash in
//! between leaves a size that was never published, which later signatures still agree with.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use crate::{
    durable::{self, Readers},
    transparency::{Checkpoint, EMPTY_ROOT, Hash},
};

/// The file that says what was last signed.
#[derive(Clone, Debug)]
pub struct LastSigned {
    path: PathBuf,
}

/// What was last signed, held so that nobody else signs meanwhile.
#[derive(Debug)]
pub struct Held<'a> {
    file: &'a LastSigned,
    last: Checkpoint,
    lock: File,
}

/// Why the log does not sign. Each is a reason to stop and to call somebody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The log is shorter than what was signed: rolled back, or restored from an older backup.
    #[error(
        "the log has {size} entries, and {} were signed with root {}: it was rolled back, or \
         restored from an older backup", signed.size, hex::encode(signed.root)
    )]
    RolledBack {
        /// What was last signed.
        signed: Checkpoint,
        /// How many entries there are.
        size: u64,
        /// The root over them.
        root: Hash,
    },
    /// At the size that was signed the log has another root: it was rewritten, or another wrote on
    /// from the same beginning.
    #[error(
        "over the first {} entries the log has root {}, and {} was signed: there are two histories",
        signed.size, hex::encode(root), hex::encode(signed.root)
    )]
    Forked {
        /// What was last signed.
        signed: Checkpoint,
        /// The root over as many entries.
        root: Hash,
    },
    /// What was signed is another log.
    #[error("what was last signed is the log {signed}, and this is {origin}")]
    OtherLog {
        /// The log that was signed.
        signed: String,
        /// This log.
        origin: String,
    },
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LastSignedError {
    /// It cannot be read or written.
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
    /// It is not there. Without it nobody knows what must not be contradicted.
    #[error("{0} is missing: what was signed last must be known before anything is signed")]
    Missing(PathBuf),
    /// It does not say what was signed.
    #[error("{0} does not say what was signed last")]
    Damaged(PathBuf),
    /// Another has moved it meanwhile.
    #[error("{0} was changed by another writer")]
    Moved(PathBuf),
}

impl LastSigned {
    /// The file at this path.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Says that nothing was signed yet. One that says more is left as it is.
    pub(crate) fn init(&self, origin: &str) -> Result<(), LastSignedError> {
        if self.path.try_exists().map_err(|cause| self.failed("look for", cause))? {
            return Ok(());
        }
        let nothing = Checkpoint { origin: origin.to_owned(), size: 0, root: EMPTY_ROOT };
        self.write(&nothing)
    }

    /// What was last signed.
    ///
    /// # Errors
    /// When the file is missing, or says nothing.
    pub fn read(&self) -> Result<Checkpoint, LastSignedError> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(LastSignedError::Missing(self.path.clone()));
            }
            Err(cause) => return Err(self.failed("read", cause)),
        };
        Checkpoint::parse(&text).map_err(|_| LastSignedError::Damaged(self.path.clone()))
    }

    /// Takes the right to sign, and reads what was signed last. Waits for another who has it.
    ///
    /// # Errors
    /// When the file is missing, or says nothing.
    pub fn hold(&self) -> Result<Held<'_>, LastSignedError> {
        let lock = self.lock_file();
        let mut options = OpenOptions::new();
        let opened = options.create(true).truncate(false).write(true).open(&lock);
        let file = opened.map_err(|cause| self.failed("lock", cause))?;
        file.lock().map_err(|cause| self.failed("lock", cause))?;
        Ok(Held { file: self, last: self.read()?, lock: file })
    }

    fn lock_file(&self) -> PathBuf {
        let mut lock = self.path.clone().into_os_string();
        lock.push(".lock");
        lock.into()
    }

    fn write(&self, checkpoint: &Checkpoint) -> Result<(), LastSignedError> {
        durable::replace(&self.path, checkpoint.to_string().as_bytes(), Readers::Anybody)
            .map_err(|cause| self.failed("write", cause))
    }

    fn failed(&self, doing: &'static str, cause: io::Error) -> LastSignedError {
        LastSignedError::File { doing, path: self.path.clone(), cause }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Held<'_> {
    /// Not left to the closing of the file, which can fail and would then hold this process up for ever.
    fn drop(&mut self) {
        drop(self.lock.unlock());
    }
}

impl Held<'_> {
    /// What was last signed.
    pub const fn last(&self) -> &Checkpoint {
        &self.last
    }

    /// Whether `next` may be signed; `before` is the root over as many entries as were last signed,
    /// none if the tree has fewer.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn compare(&self, next: &Checkpoint, before: Option<Hash>) -> Result<(), Refused> {
        let signed = self.last.clone();
        if next.origin != signed.origin {
            let origin = next.origin.clone();
            return Err(Refused::OtherLog { signed: signed.origin, origin });
        }
        let Some(root) = before.filter(|_| next.size >= signed.size) else {
            return Err(Refused::RolledBack { signed, size: next.size, root: next.root });
        };
        if root == signed.root { Ok(()) } else { Err(Refused::Forked { signed, root }) }
    }

    /// Says, durably, that `next` is what is signed now.
    ///
    /// # Errors
    /// When another has changed the file, or it cannot be written.
    pub fn move_on(&self, next: &Checkpoint) -> Result<(), LastSignedError> {
        if self.file.read()? != self.last {
            return Err(LastSignedError::Moved(self.file.path.clone()));
        }
        if *next == self.last { Ok(()) } else { self.file.write(next) }
    }
}
