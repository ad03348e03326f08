//! The checkpoints that were kept, and what was last signed.

use std::{
    iter::Peekable,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Brought, Found, Place};
use crate::{
    checkpoints::{CURRENT, Checkpoints, CheckpointsError, Every, Kept as File, size_of_file},
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

/// The checkpoints of a folder, and those that somebody brought.
#[derive(Debug)]
pub(super) struct Kept {
    roots: Vec<Root>,
    number: u64,
    published: u64,
    good: Good,
    unread: Option<Unread>,
}

/// Whose signatures are known to be good, by this run or an earlier one: in packs, those of smaller sizes than the
/// one; in files of their own, those of smaller sizes than the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Good {
    packed: u64,
    loose: u64,
}

/// What is still to be looked at, and what it is held against.
#[derive(Debug)]
struct Unread {
    /// None where there is no folder, or it cannot be listed.
    every: Option<Peekable<Every>>,
    folder: PathBuf,
    newest: Newest,
    origin: String,
    keys: Vec<VerifierKey>,
    last_signed: Option<Checkpoint>,
    kept: Vec<(String, Checkpoint)>,
}

impl Good {
    fn of(&mut self, file: &File) -> &mut u64 {
        if file.pack.is_some() { &mut self.packed } else { &mut self.loose }
    }

    fn knows(mut self, file: &File) -> bool {
        size_of_file(&file.name).is_some_and(|size| size < *self.of(file))
    }

    fn saw(&mut self, file: &File) {
        let good = self.of(file);
        *good = size_of_file(&file.name).unwrap_or_default().max(*good);
    }
}

impl Unread {
    /// The next files; none at the end.
    fn next(&mut self, found: &mut Vec<Found>) -> Vec<File> {
        let mut files = Vec::new();
        let every = self.every.iter_mut().flatten();
        for file in every.take(AT_ONCE) {
            match file {
                Ok(file) => files.push(file),
                Err(error) => found.push(unreadable(&self.folder, &error)),
            }
        }
        files
    }

    fn is_over(&mut self) -> bool {
        self.every.as_mut().is_none_or(|every| every.peek().is_none())
    }
}

impl Kept {
    /// Begins with the smallest.
    pub(super) fn begin(
        folder: Option<PathBuf>,
        origin: &str,
        brought: &Brought<'_>,
        found: &mut Vec<Found>,
    ) -> Self {
        let every = folder.as_ref().and_then(|folder| {
            let every = Checkpoints::at(folder.clone()).every();
            every.map_err(|error| found.push(unreadable(folder, &error))).ok()
        });
        let unread = Unread {
            every: every.map(Iterator::peekable),
            folder: folder.unwrap_or_default(),
            newest: Newest::default(),
            origin: origin.to_owned(),
            keys: brought.keys.to_vec(),
            last_signed: brought.last_signed.cloned(),
            kept: brought.kept.to_vec(),
        };
        let (roots, good) = (Vec::new(), Good::default());
        Self { roots, number: 0, published: 0, good, unread: Some(unread) }
    }

    /// Looks at all about the next ones that needs no entries.
    pub(super) fn advance(&mut self, found: &mut Vec<Found>) {
        let Some(mut unread) = self.unread.take() else { return };
        let files = unread.next(found);
        let (good, origin, keys) = (self.good, &*unread.origin, &*unread.keys);
        let judge = |file: &File| {
            let keys = if good.knows(file) { &[] } else { keys };
            judged(file, origin, keys)
        };
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
            self.good.saw(&file);
            unread.newest.saw(file);
        }
        if unread.is_over() {
            self.end(unread, found);
        } else {
            self.unread = Some(unread);
        }
    }

    /// What can be said only when all have been looked at.
    fn end(&mut self, unread: Unread, found: &mut Vec<Found>) {
        let Unread { newest, origin, last_signed, kept, .. } = unread;
        found.extend(newest.is_current(self.published).map(|says| at(CURRENT, says)));
        if let Some(last) = last_signed {
            self.last_signed(&last, &origin, found);
        }
        for (name, Checkpoint { size, root, .. }) in kept {
            self.roots.push(Root { size, hash: root, place: Place::Kept(name) });
        }
        self.roots.sort_by_key(|root| root.size);
    }

    /// Whether all have been looked at.
    pub(super) const fn is_read(&self) -> bool {
        self.unread.is_none()
    }

    /// Up to which size they have been looked at.
    pub(super) fn up_to(&self) -> u64 {
        self.good.packed.max(self.good.loose)
    }

    pub(super) const fn good(&self) -> Good {
        self.good
    }

    /// Signatures that an earlier run saw to be good are not looked at again.
    pub(super) const fn are_good(&mut self, good: Good) {
        self.good = good;
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

    /// The roots to be compared, the smallest size first, once all have been looked at.
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
