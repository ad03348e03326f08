//! Every checkpoint that was ever published, kept for ever: the newest in one file each, old ones packed.
//!
//! `<size>.note` is the first that was signed at that size: what it covers existed by then.
//! `<size>.latest.note` is the last heartbeat at that size: until then nothing more existed. `checkpoint`
//! is the one that is published now. `packed` holds the packs.

mod every;
mod pack;
mod packing;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use self::pack::Pack;
pub use self::{
    every::{Every, Kept},
    packing::Packing,
};
use crate::{
    durable::{self, Readers},
    transparency::{Signed, checkpoint::NotACheckpoint},
};

/// The name of the file with the one that is published now.
pub const CURRENT: &str = "checkpoint";

/// The name of the folder of packs.
const PACKS: &str = "packed";

/// The folder of the checkpoints.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    folder: PathBuf,
}

/// A checkpoint cannot be kept or had.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointsError {
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
    /// A file holds no checkpoint, or that of another size than its name says.
    #[error("{path} does not hold the checkpoint that it should")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why not, if it is no checkpoint at all.
        #[source]
        cause: Option<NotACheckpoint>,
    },
}

/// The name of the file that holds the first checkpoint of a size.
pub fn file_name(size: u64) -> String {
    format!("{size}.note")
}

/// The name of the file that holds the last heartbeat of a size.
pub fn latest_file_name(size: u64) -> String {
    format!("{size}.latest.note")
}

/// The size that the name of a checkpoint's file speaks of.
pub fn size_of_file(name: &str) -> Option<u64> {
    let stem = name.strip_suffix(".note")?;
    let stem = stem.strip_suffix(".latest").unwrap_or(stem);
    let size = stem.parse().ok()?;
    (file_name(size) == name || latest_file_name(size) == name).then_some(size)
}

impl Checkpoints {
    /// The checkpoints in this folder; it need not be there yet.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The checkpoint that is published now; none before the first.
    ///
    /// # Errors
    /// See [`CheckpointsError`].
    pub fn current(&self) -> Result<Option<Signed>, CheckpointsError> {
        read(&self.folder.join(CURRENT))
    }

    /// The first checkpoint of this size; none if none was published.
    ///
    /// # Errors
    /// See [`CheckpointsError`].
    pub fn of_size(&self, size: u64) -> Result<Option<Signed>, CheckpointsError> {
        let name = file_name(size);
        if let Some(signed) = read(&self.folder.join(&name))? {
            self.is_of_size(&name, &signed, size)?;
            return Ok(Some(signed));
        }
        let packs = self.packs()?;
        let pack = packs.iter().find(|pack| (pack.first..=pack.last).contains(&size));
        let files = pack.map(Pack::files).transpose()?.unwrap_or_default();
        let Some((_, bytes)) = files.into_iter().find(|(packed, _)| *packed == name) else {
            return Ok(None);
        };
        let signed = parse(&self.folder.join(&name), &bytes)?;
        self.is_of_size(&name, &signed, size)?;
        Ok(Some(signed))
    }

    fn is_of_size(&self, name: &str, signed: &Signed, size: u64) -> Result<(), CheckpointsError> {
        if signed.checkpoint().size == size {
            Ok(())
        } else {
            Err(CheckpointsError::Damaged { path: self.folder.join(name), cause: None })
        }
    }

    /// The smallest size beyond a position of which there is a checkpoint: the first that covers its entry.
    ///
    /// # Errors
    /// See [`CheckpointsError`].
    pub fn first_beyond(&self, position: u64) -> Result<Option<u64>, CheckpointsError> {
        let loose = self.loose_sizes()?;
        let packs = self.packs()?;
        let pack = packs.iter().find(|pack| position < pack.last);
        let packed = pack.map(Pack::files).transpose()?.unwrap_or_default();
        let packed = packed.iter().filter_map(|(name, _)| size_of_file(name));
        Ok(packed.chain(loose).find(|size| position < *size))
    }

    /// The sizes of which there is a checkpoint, ascending.
    ///
    /// # Errors
    /// See [`CheckpointsError`].
    pub fn sizes(&self) -> Result<Vec<u64>, CheckpointsError> {
        let mut sizes = self.loose_sizes()?;
        for pack in self.packs()? {
            sizes.extend(pack.files()?.iter().filter_map(|(name, _)| size_of_file(name)));
        }
        sizes.sort_unstable();
        sizes.dedup();
        Ok(sizes)
    }

    /// The sizes that have a file of their own, ascending.
    fn loose_sizes(&self) -> Result<Vec<u64>, CheckpointsError> {
        let names = self.loose()?;
        let first = |name: &String| size_of_file(name).filter(|size| file_name(*size) == *name);
        Ok(names.iter().filter_map(first).collect())
    }

    fn packs(&self) -> Result<Vec<Pack>, CheckpointsError> {
        Pack::all(&self.folder.join(PACKS))
    }

    /// Keeps a checkpoint and publishes it. A file of the first of its size stays as it is.
    ///
    /// # Errors
    /// See [`CheckpointsError`].
    pub fn publish(&self, signed: &Signed) -> Result<(), CheckpointsError> {
        durable::create_folder(&self.folder)
            .map_err(|cause| failed("make", &self.folder, cause))?;
        let size = signed.checkpoint().size;
        let first = self.folder.join(file_name(size));
        let there = first.try_exists().map_err(|cause| failed("look for", &first, cause))?;
        let kept = if there { self.folder.join(latest_file_name(size)) } else { first };
        write(&kept, signed)?;
        write(&self.folder.join(CURRENT), signed)
    }

    /// Puts a checkpoint with more signatures in the place of the same one with fewer.
    ///
    /// # Errors
    /// See [`CheckpointsError`].
    pub fn add_signatures(&self, signed: &Signed) -> Result<(), CheckpointsError> {
        let size = signed.checkpoint().size;
        for name in [file_name(size), latest_file_name(size), CURRENT.to_owned()] {
            let path = self.folder.join(name);
            let fewer = read(&path)?.filter(|kept| is_part_of(kept, signed));
            if fewer.is_some() {
                write(&path, signed)?;
            }
        }
        Ok(())
    }

    /// The bytes of the file of this name; none if it is not there.
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, CheckpointsError> {
        let path = self.folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(failed("read", &path, cause)),
        }
    }
}

fn write(path: &Path, signed: &Signed) -> Result<(), CheckpointsError> {
    durable::replace(path, signed.to_string().as_bytes(), Readers::Anybody)
        .map_err(|cause| failed("write", path, cause))
}

/// Whether everything that one says stands in the other.
fn is_part_of(kept: &Signed, signed: &Signed) -> bool {
    let signatures = signed.note().signatures();
    kept.checkpoint() == signed.checkpoint()
        && kept.note().signatures().iter().all(|signature| signatures.contains(signature))
}

fn read(path: &Path) -> Result<Option<Signed>, CheckpointsError> {
    match fs::read(path) {
        Ok(bytes) => parse(path, &bytes).map(Some),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed("read", path, cause)),
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Signed, CheckpointsError> {
    Signed::parse(bytes)
        .map_err(|cause| CheckpointsError::Damaged { path: path.to_owned(), cause: Some(cause) })
}

fn failed(doing: &'static str, path: &Path, cause: io::Error) -> CheckpointsError {
    CheckpointsError::File { doing, path: path.to_owned(), cause }
}
