//! The checkpoints that were kept, and what was last signed.

use std::{collections::BTreeMap, fs, io, path::Path};

use super::{Brought, Found, Place};
use crate::{
    checkpoints::size_of_file,
    transparency::{Checkpoint, Hash, Signed, tree::Edge},
};

/// The name of the file with the one that is published now.
const CURRENT: &str = "checkpoint";

/// A root that the log must have at some size.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub(super) size: u64,
    hash: Hash,
    place: Place,
}

/// The checkpoints of a folder.
#[derive(Debug)]
pub(super) struct Kept {
    roots: Vec<Root>,
    number: u64,
    published: u64,
}

impl Kept {
    /// Reads every checkpoint, and looks at all about them that needs no entries.
    pub(super) fn read(
        folder: Option<&Path>,
        origin: &str,
        brought: &Brought<'_>,
        found: &mut Vec<Found>,
    ) -> Self {
        let files = folder.map(|folder| files(folder, found)).unwrap_or_default();
        let mut kept = Self { roots: Vec::new(), number: 0, published: 0 };
        for (file, bytes) in &files {
            match judged(file, bytes, origin, brought) {
                Ok(Checkpoint { size, root, .. }) => {
                    kept.number = kept.number.saturating_add(1);
                    kept.published = kept.published.max(size);
                    let place = Place::Checkpoint(file.clone());
                    kept.roots.push(Root { size, hash: root, place });
                }
                Err(says) => found.push(at(file, says)),
            }
        }
        kept.newest(&files, found);
        if let Some(last) = brought.last_signed {
            kept.last_signed(last, origin, found);
        }
        for (name, Checkpoint { size, root, .. }) in brought.kept {
            let place = Place::Kept(name.clone());
            kept.roots.push(Root { size: *size, hash: *root, place });
        }
        kept.roots.sort_by_key(|root| root.size);
        kept
    }

    /// What is published now must be the newest that was kept, byte for byte.
    fn newest(&self, files: &BTreeMap<String, Vec<u8>>, found: &mut Vec<Found>) {
        if files.is_empty() {
            return;
        }
        let current = files.get(CURRENT);
        let newest =
            [format!("{}.latest.note", self.published), format!("{}.note", self.published)];
        if current.is_none() {
            found.push(at(CURRENT, "it is missing".to_owned()));
        } else if !newest.iter().any(|name| files.get(name) == current) {
            let says = format!(
                "it is not the newest that was kept, of size {}: an older one was put in its place, or a file removed",
                self.published
            );
            found.push(at(CURRENT, says));
        }
    }

    fn last_signed(&mut self, last: &Checkpoint, origin: &str, found: &mut Vec<Found>) {
        let mut wrong = |says: String| found.push(Found { place: Place::LastSigned, says });
        if last.origin != origin {
            wrong(format!("it is of the log {:?}", last.origin));
        }
        if last.size < self.published {
            wrong(format!(
                "size {} is said to be the last, and {} was published: an older copy of it",
                last.size, self.published
            ));
        }
        self.roots.push(Root { size: last.size, hash: last.root, place: Place::LastSigned });
    }

    /// The roots to be compared, the smallest size first.
    pub(super) fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// How many checkpoints there are.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The largest size that was published.
    pub(super) const fn published(&self) -> u64 {
        self.published
    }
}

impl Root {
    /// Whether it is this one.
    pub(super) fn is(&self, hash: &Hash) -> bool {
        self.hash == *hash
    }

    /// Compares it with the root over as many entries; answers whether that is the same.
    pub(super) fn compare(&self, edge: &Edge, found: &mut Vec<Found>) -> bool {
        let same = edge.root() == self.hash;
        if !same {
            let says = "its root is not that of the entries: entries before its size were altered, removed or reordered, or the log was forked".to_owned();
            found.push(Found { place: self.place.clone(), says });
        }
        same
    }

    /// There are fewer entries than it covers.
    pub(super) fn is_beyond(&self, entries: u64, found: &mut Vec<Found>) {
        let says = format!(
            "it covers {} entries, and the log has {entries}: the tail was cut, or an older copy put in place",
            self.size
        );
        found.push(Found { place: self.place.clone(), says });
    }
}

/// The files in the folder.
fn files(folder: &Path, found: &mut Vec<Found>) -> BTreeMap<String, Vec<u8>> {
    let read = || -> io::Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for file in fs::read_dir(folder)? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            // What a process that died was writing never bore its name.
            if !name.ends_with(".unfinished") {
                files.insert(name, fs::read(file.path())?);
            }
        }
        Ok(files)
    };
    match read() {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
        Err(error) => {
            found.push(at("", format!("they cannot be read: {error}")));
            BTreeMap::new()
        }
    }
}

/// What a file says, if it is a checkpoint of this log with the signatures of all of its keys.
fn judged(
    file: &str,
    bytes: &[u8],
    origin: &str,
    brought: &Brought<'_>,
) -> Result<Checkpoint, String> {
    let signed = Signed::parse(bytes).map_err(|error| format!("it was overwritten: {error}"))?;
    let checkpoint = signed.checkpoint();
    if checkpoint.origin != origin {
        return Err(format!("it is of the log {:?}", checkpoint.origin));
    }
    if file != CURRENT && size_of_file(file) != Some(checkpoint.size) {
        return Err("it is not of the size that its name says".to_owned());
    }
    if !brought.keys.is_empty() {
        let by = signed.signed_by(brought.keys).map_err(|why| format!("it is forged: {why}"))?;
        let missing = brought.keys.iter().find(|key| by.iter().all(|one| one.key != *key));
        if let Some(key) = missing {
            return Err(format!("the signature of {key:?} was taken out"));
        }
    }
    Ok(checkpoint.clone())
}

fn at(file: &str, says: String) -> Found {
    Found { place: Place::Checkpoint(file.to_owned()), says }
}
