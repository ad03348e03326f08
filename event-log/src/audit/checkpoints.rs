//! The checkpoints that were kept, and what was last signed.

use std::path::Path;

use super::{Brought, Found, Place};
use crate::{
    checkpoints::{CURRENT, Checkpoints, CheckpointsError, Kept as File, size_of_file},
    on_all_cores::on_all_cores,
    transparency::{Checkpoint, Hash, Signed, note::VerifierKey, tree::Edge},
};

/// So many files are in memory at once.
const AT_ONCE: usize = 512;

/// Two signatures take a few hundred microseconds.
const WORTH_A_THREAD: usize = 4;

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
        let mut kept = Self { roots: Vec::new(), number: 0, published: 0 };
        if let Some(folder) = folder {
            kept.in_folder(folder, (origin, brought), found);
        }
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

    fn in_folder(
        &mut self,
        folder: &Path,
        (origin, brought): (&str, &Brought<'_>),
        found: &mut Vec<Found>,
    ) {
        let every = match Checkpoints::at(folder.to_owned()).every() {
            Ok(every) => every,
            Err(error) => return found.push(unreadable(folder, &error)),
        };
        let mut newest = Newest::default();
        let mut every = every.peekable();
        while every.peek().is_some() {
            let mut files = Vec::new();
            for file in every.by_ref().take(AT_ONCE) {
                match file {
                    Ok(file) => files.push(file),
                    Err(error) => found.push(unreadable(folder, &error)),
                }
            }
            let judge = |file| judged(file, origin, brought.keys);
            let judged = on_all_cores(&files, WORTH_A_THREAD, judge);
            for (file, judged) in files.into_iter().zip(judged) {
                match judged {
                    Ok(Checkpoint { size, root, .. }) => {
                        self.number = self.number.saturating_add(1);
                        self.published = self.published.max(size);
                        let place = Place::Checkpoint(file.place());
                        self.roots.push(Root { size, hash: root, place });
                    }
                    Err(says) => found.push(at(&file.place(), says)),
                }
                newest.saw(file);
            }
        }
        found.extend(newest.is_current(self.published).map(|says| at(CURRENT, says)));
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

/// What is published now must be the newest that was kept, byte for byte.
#[derive(Debug, Default)]
struct Newest {
    any: bool,
    current: Option<Vec<u8>>,
    /// What was kept of the largest size, the first and the last heartbeat.
    kept: (u64, Vec<Vec<u8>>),
}

impl Newest {
    fn saw(&mut self, file: File) {
        self.any = true;
        if file.name == CURRENT {
            self.current = Some(file.bytes);
        } else if let Some(size) = size_of_file(&file.name) {
            if size > self.kept.0 {
                self.kept = (size, Vec::new());
            }
            if size == self.kept.0 {
                self.kept.1.push(file.bytes);
            }
        }
    }

    /// What is wrong with the one that is published now, if anything is.
    fn is_current(&self, published: u64) -> Option<String> {
        let (size, kept) = &self.kept;
        match &self.current {
            _ if !self.any => None,
            None => Some("it is missing".to_owned()),
            Some(current) if *size == published && kept.contains(current) => None,
            Some(_) => Some(format!(
                "it is not the newest that was kept, of size {published}: an older one was put in its place, or a \
                 file removed"
            )),
        }
    }
}

/// What a file says, if it is a checkpoint of this log with the signatures of all of its keys.
fn judged(file: &File, origin: &str, keys: &[VerifierKey]) -> Result<Checkpoint, String> {
    let signed =
        Signed::parse(&file.bytes).map_err(|error| format!("it was overwritten: {error}"))?;
    let checkpoint = signed.checkpoint();
    if checkpoint.origin != origin {
        return Err(format!("it is of the log {:?}", checkpoint.origin));
    }
    if file.name != CURRENT && size_of_file(&file.name) != Some(checkpoint.size) {
        return Err("it is not of the size that its name says".to_owned());
    }
    if !keys.is_empty() {
        let by = signed.signed_by(keys).map_err(|why| format!("it is forged: {why}"))?;
        let missing = keys.iter().find(|key| by.iter().all(|one| one.key != *key));
        if let Some(key) = missing {
            return Err(format!("the signature of {key:?} was taken out"));
        }
    }
    Ok(checkpoint.clone())
}

/// What stands in the way of reading a file of them, or the folder.
fn unreadable(folder: &Path, error: &CheckpointsError) -> Found {
    let (path, says) = match error {
        CheckpointsError::File { path, cause, .. } => (path, format!("it cannot be read: {cause}")),
        CheckpointsError::Damaged { path, .. } => {
            (path, "it was overwritten, or is not the pack that its name says".to_owned())
        }
    };
    let file = path.strip_prefix(folder).unwrap_or(path);
    at(&file.to_string_lossy(), says)
}

fn at(file: &str, says: String) -> Found {
    Found { place: Place::Checkpoint(file.to_owned()), says }
}
