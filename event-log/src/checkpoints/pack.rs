//! Old checkpoints, many in one file: `<first size>-<last size>.tar`, a POSIX archive (ustar, IEEE Std 1003.1) of
//! the same files under the same names, the smallest size first.
//!
//! The same checkpoints give the same bytes, and no other bytes are taken for them: not even one in the zeros
//! between two files can be altered unseen.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use tar::{Archive, Builder, EntryType, Header};

use super::{CheckpointsError, failed, size_of_file};
use crate::durable;

/// One file of old checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pack {
    path: PathBuf,
    /// The smallest size in it.
    pub(super) first: u64,
    /// The largest size in it.
    pub(super) last: u64,
}

/// A checkpoint's file: its name and its bytes.
pub(super) type File = (String, Vec<u8>);

impl Pack {
    /// The packs in a folder, the smallest sizes first; none if there is no such folder.
    ///
    /// # Errors
    /// When the folder cannot be read, when there is something else in it, or when two packs overlap.
    pub(super) fn all(folder: &Path) -> Result<Vec<Self>, CheckpointsError> {
        let unlisted = |cause| failed("list", folder, cause);
        let files = match fs::read_dir(folder) {
            Ok(files) => files,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(unlisted(cause)),
        };
        let mut packs = Vec::new();
        for file in files {
            let path = file.map_err(unlisted)?.path();
            // What a process that died was writing never bore its name.
            if path.extension() == Some(OsStr::new("unfinished")) {
                continue;
            }
            packs.push(Self::named(&path).ok_or_else(|| damaged(&path))?);
        }
        packs.sort_unstable_by_key(|pack| pack.first);
        let overlap =
            packs.iter().zip(packs.iter().skip(1)).find(|(one, next)| next.first <= one.last);
        match overlap {
            Some((_, next)) => Err(damaged(&next.path)),
            None => Ok(packs),
        }
    }

    fn named(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (first, last) = name.strip_suffix(".tar")?.split_once('-')?;
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last && file_name(first, last) == name).then(|| Self {
            path: path.to_owned(),
            first,
            last,
        })
    }

    /// Puts these files, the smallest size first, into a pack of their own. It is there whole and durable when
    /// this answers.
    ///
    /// # Errors
    /// When it cannot be written, or another one of this name is there.
    pub(super) fn write(folder: &Path, files: &[File]) -> Result<Self, CheckpointsError> {
        let size = |file: Option<&File>| file.and_then(|(name, _)| size_of_file(name));
        let (Some(first), Some(last)) = (size(files.first()), size(files.last())) else {
            return Err(damaged(folder));
        };
        let pack = Self { path: folder.join(file_name(first, last)), first, last };
        archive(files)
            .and_then(|bytes| {
                durable::create_folder(folder)?;
                durable::create(&pack.path, &bytes)?;
                durable::sync_folder(folder)
            })
            .map_err(|cause| failed("write", &pack.path, cause))?;
        Ok(pack)
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        file_name(self.first, self.last)
    }

    /// The files in it, the smallest size first.
    ///
    /// # Errors
    /// When it cannot be read, or is not byte for byte the archive of checkpoints' files that its name says.
    pub(super) fn files(&self) -> Result<Vec<File>, CheckpointsError> {
        let bytes = fs::read(&self.path).map_err(|cause| failed("read", &self.path, cause))?;
        let files = extract(&bytes).ok_or_else(|| damaged(&self.path))?;
        let sizes: Option<Vec<u64>> = files.iter().map(|(name, _)| size_of_file(name)).collect();
        let sizes = sizes.ok_or_else(|| damaged(&self.path))?;
        let as_named = sizes.first() == Some(&self.first) && sizes.last() == Some(&self.last);
        let as_written = archive(&files).is_ok_and(|again| again == bytes);
        if as_named && sizes.is_sorted() && as_written {
            Ok(files)
        } else {
            Err(damaged(&self.path))
        }
    }
}

fn file_name(first: u64, last: u64) -> String {
    format!("{first}-{last}.tar")
}

fn archive(files: &[File]) -> io::Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = Header::new_ustar();
        header.set_path(name)?;
        header.set_entry_type(EntryType::Regular);
        header.set_size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        header.set_mode(0o444);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_cksum();
        archive.append(&header, bytes.as_slice())?;
    }
    archive.into_inner()
}

fn extract(bytes: &[u8]) -> Option<Vec<File>> {
    let mut files = Vec::new();
    for entry in Archive::new(bytes).entries().ok()? {
        let mut entry = entry.ok()?;
        let name = entry.path().ok()?.to_str()?.to_owned();
        let mut content = Vec::new();
        io::Read::read_to_end(&mut entry, &mut content).ok()?;
        files.push((name, content));
    }
    Some(files)
}

fn damaged(path: &Path) -> CheckpointsError {
    CheckpointsError::Damaged { path: path.to_owned(), cause: None }
}
