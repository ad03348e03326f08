//! The files of an exported folder.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{Flaw, FolderError, found};
use crate::{
    export::FIRST_ENTRY,
    transparency::{Signed, note, tile::Tile},
};

/// The longest bundle: 256 entries of 65,535 bytes with their lengths.
const LONGEST: u64 = 256 * (65_535 + 2);

#[derive(Debug)]
pub(super) struct Files<'a> {
    folder: &'a Path,
}

impl<'a> Files<'a> {
    pub(super) const fn of(folder: &'a Path) -> Self {
        Self { folder }
    }

    /// The bytes of a file that has to be there.
    pub(super) fn bytes(&self, file: &str, position: Option<u64>) -> Result<Vec<u8>, FolderError> {
        let path = self.folder.join(file);
        let length = match fs::metadata(&path) {
            Ok(about) => about.len(),
            Err(cause) if is_absence(&cause) => {
                return Err(found(file, position, Flaw::Missing));
            }
            Err(cause) => return Err(unreadable(file, cause)),
        };
        if length > LONGEST {
            return Err(found(file, position, Flaw::WrongLength));
        }
        fs::read(path).map_err(|cause| unreadable(file, cause))
    }

    /// The checkpoint in a file that has to be there.
    pub(super) fn checkpoint(&self, file: &str) -> Result<Signed, FolderError> {
        let bytes = self.bytes(file, None)?;
        let none = |why: String| found(file, None, Flaw::NotACheckpoint(why));
        if bytes.len() > note::LONGEST {
            return Err(none(note::Malformed::TooLong.to_string()));
        }
        Signed::parse(&bytes).map_err(|why| none(why.to_string()))
    }

    /// The first entry that is there: that of the log, unless a file says that an earlier part was left out.
    pub(super) fn first_entry(&self, size: u64) -> Result<u64, FolderError> {
        let bytes = match self.bytes(FIRST_ENTRY, None) {
            Ok(bytes) => bytes,
            Err(FolderError::Found(missing)) if missing.flaw == Flaw::Missing => return Ok(0),
            Err(other) => return Err(other),
        };
        let first = std::str::from_utf8(&bytes).ok().and_then(|text| text.trim_end().parse().ok());
        first
            .filter(|first| *first > 0 && *first < size && first % 256 == 0)
            .ok_or_else(|| found(FIRST_ENTRY, None, Flaw::NoBeginning))
    }

    /// The names in a folder; none if it is not there.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, FolderError> {
        let entries = match fs::read_dir(self.folder.join(folder)) {
            Ok(entries) => entries,
            Err(cause) if is_absence(&cause) => return Ok(Vec::new()),
            Err(cause) => return Err(unreadable(folder, cause)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(|cause| unreadable(folder, cause))?.file_name();
            names.push(name.to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Makes sure that there are no tiles but those of a tree of this size with the entries from `first` on;
    /// answers how many those are.
    pub(super) fn only_expected(&self, first: u64, size: u64) -> Result<u64, FolderError> {
        let expected: BTreeSet<PathBuf> =
            Tile::of_part(first, size).map(|tile| PathBuf::from(tile.path())).collect();
        let mut folders = vec![PathBuf::from("tile")];
        while let Some(folder) = folders.pop() {
            for name in self.names(&folder.to_string_lossy())? {
                let path = folder.join(name);
                let file = path.to_string_lossy();
                let about = fs::symlink_metadata(self.folder.join(&path))
                    .map_err(|cause| unreadable(&file, cause))?;
                if about.is_dir() {
                    folders.push(path);
                } else if !expected.contains(&path) {
                    return Err(found(file, None, Flaw::Unexpected));
                }
            }
        }
        Ok(u64::try_from(expected.len()).unwrap_or(u64::MAX))
    }
}

fn is_absence(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn unreadable(file: &str, cause: io::Error) -> FolderError {
    FolderError::Unreadable { file: file.to_owned(), cause }
}
