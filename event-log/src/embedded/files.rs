//! Where the files of a log are, and the lock that lets one process write.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use super::refusal::OpenError;

/// The files of one log, all in `DIR/log`.
#[derive(Clone, Debug)]
pub(super) struct Files {
    folder: PathBuf,
}

impl Files {
    pub(super) fn of(dir: &Path) -> Self {
        Self { folder: dir.join("log") }
    }

    /// The log itself. The only file whose loss is a loss.
    pub(super) fn events(&self) -> PathBuf {
        self.folder.join("events.sqlite")
    }

    /// The last event of every stream: an index, disposable.
    pub(super) fn heads(&self) -> PathBuf {
        self.folder.join("heads.sqlite")
    }

    /// What belongs to the index of heads and must go with it.
    pub(super) fn heads_parts(&self) -> [PathBuf; 3] {
        ["heads.sqlite-wal", "heads.sqlite-shm", "heads.sqlite"].map(|name| self.folder.join(name))
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("writer.lock")
    }

    /// Makes the folder, and makes it durable that it is there.
    pub(super) fn create_folder(&self) -> Result<(), OpenError> {
        let failed = |cause| self.failed("create the folder", cause);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        for folder in self.folder.ancestors().take(2) {
            if !folder.as_os_str().is_empty() {
                sync(folder).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Makes it durable that files were made in the folder.
    pub(super) fn sync_folder(&self) -> Result<(), OpenError> {
        sync(&self.folder).map_err(|cause| self.failed("make durable the folder", cause))
    }

    /// Takes the right to write, or says that another has it. Given up when the file is dropped,
    /// also by a process that dies.
    pub(super) fn take_lock(&self) -> Result<File, OpenError> {
        let path = self.lock();
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = match opened {
            Ok(file) => file,
            Err(cause) => return Err(OpenError::File { doing: "open the lock", path, cause }),
        };
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path }),
            Err(TryLockError::Error(cause)) => {
                Err(OpenError::File { doing: "take the lock", path, cause })
            }
        }
    }

    fn failed(&self, doing: &'static str, cause: std::io::Error) -> OpenError {
        OpenError::File { doing, path: self.folder.clone(), cause }
    }
}

fn sync(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
