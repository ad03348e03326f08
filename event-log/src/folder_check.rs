//! Is an exported folder what its checkpoints say? Checked with the folder and nothing else.
//!
//! The tree is rebuilt from the entries. Every hash of every tile, and the root of every checkpoint,
//! must come out again; so each checkpoint is consistent with each other one. The check ends at the
//! first thing that does not fit.
//!
//! Of a folder without the first entries the same is checked from the hashes on: they give every root,
//! and the entries that are there give their hashes.

mod files;
mod saved;

use std::{fmt, io, path::Path};

use self::files::Files;
pub use self::saved::NotSaved;
use crate::{
    checkpoints::size_of_file,
    transparency::{
        Checkpoint, Hash, Policy, Signed, bundle, leaf,
        policy::NotAccepted,
        tile::{Row, Tile},
        tree::{Edge, Stored},
    },
};

/// What was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file, by its path in the folder.
    pub file: String,
    /// The first position of the log that it concerns, if any.
    pub position: Option<u64>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there.
    Missing,
    /// It is there, and nothing asks for it.
    Unexpected,
    /// It is no signed checkpoint.
    NotACheckpoint(String),
    /// It is a checkpoint of another log or size than it should be.
    OtherCheckpoint,
    /// It is not accepted under the policy.
    NotAccepted(NotAccepted),
    /// A key of the log, by the policy, has not signed it: the line was taken out or overwritten.
    NotSignedBy(String),
    /// Its root is not that of the entries before its size.
    OtherRoot,
    /// It does not say with which bundle the entries begin.
    NoBeginning,
    /// It is cut short, or has too much in it.
    WrongLength,
    /// A hash in it does not follow from what is below it.
    OtherHash,
}

/// Why a folder was not found to be good.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It is not what it says.
    #[error("{0}")]
    Found(Found),
    /// It cannot be read.
    #[error("could not read {file}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
}

/// What a good folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The checkpoint under which it stands.
    pub checkpoint: Checkpoint,
    /// How many of the log's keys signed that.
    pub log_signatures: usize,
    /// How many witnesses cosigned that.
    pub witnesses: usize,
    /// How many checkpoints there are, this one included.
    pub checkpoints: u64,
    /// The first entry that is there.
    pub from: u64,
    /// How many tiles and bundles.
    pub tiles: u64,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(position) = self.position {
            write!(f, ", position {position}")?;
        }
        match &self.flaw {
            Flaw::Missing => f.write_str(": it is missing"),
            Flaw::Unexpected => f.write_str(": nothing asks for this file; it was put there"),
            Flaw::NotACheckpoint(why) => write!(f, ": it was overwritten: {why}"),
            Flaw::OtherCheckpoint => f.write_str(": it belongs to another log or size"),
            Flaw::NotAccepted(why) => write!(f, ": it is forged or not vouched for: {why}"),
            Flaw::NotSignedBy(key) => write!(f, ": the signature of {key} was taken out"),
            Flaw::OtherRoot => f.write_str(
                ": its root is not that of the entries: entries before its size were altered, removed \
                 or reordered, or the log was forked",
            ),
            Flaw::NoBeginning => f.write_str(": it does not say with which bundle the entries begin"),
            Flaw::WrongLength => f.write_str(": it was cut short or extended"),
            Flaw::OtherHash => f.write_str(": the entry or its hash was altered"),
        }
    }
}

impl From<Found> for FolderError {
    fn from(found: Found) -> Self {
        Self::Found(found)
    }
}

fn found(file: impl Into<String>, position: Option<u64>, flaw: Flaw) -> FolderError {
    FolderError::Found(Found { file: file.into(), position, flaw })
}

/// Checks a folder under a policy that was had from elsewhere; the one in the folder says only what
/// its maker wants believed. `progress` is told how many entries were checked.
///
/// # Errors
/// See [`FolderError`]: the first thing that does not fit.
pub fn check_folder(
    folder: &Path,
    policy: &Policy,
    mut progress: impl FnMut(u64),
) -> Result<Report, FolderError> {
    let mut check = FolderCheck::begin(folder, policy)?;
    while let Some(entries) = check.advance()? {
        progress(entries);
    }
    Ok(check.finish())
}

/// A check under way, for whoever may be interrupted.
#[derive(Debug)]
pub struct FolderCheck<'a> {
    tree: Tree<'a>,
    /// Every checkpoint, the smallest first; the newest is the last.
    checkpoints: Vec<(String, Checkpoint)>,
    /// How many of their roots were compared.
    compared: usize,
    report: Report,
}

impl<'a> FolderCheck<'a> {
    /// Begins with what is signed, and with what should not be there. Stricter than the policy: each of the
    /// log's keys in it must have signed every checkpoint, so that no signature can be taken out unseen.
    ///
    /// # Errors
    /// See [`FolderError`]: the first thing that does not fit.
    pub fn begin(folder: &'a Path, policy: &Policy) -> Result<Self, FolderError> {
        let files = Files::of(folder);
        let newest = files.checkpoint("checkpoint")?;
        let accepted = policy
            .accept(&newest)
            .map_err(|why| found("checkpoint", None, Flaw::NotAccepted(why)))?;
        let checkpoint = newest.checkpoint().clone();
        signed_by_all("checkpoint", &newest, policy)?;
        let mut checkpoints = older(&files, &checkpoint, policy)?;
        checkpoints.push(("checkpoint".to_owned(), checkpoint.clone()));
        let size = checkpoint.size;
        let from = files.first_entry(size)?;
        let report = Report {
            checkpoint,
            log_signatures: accepted.logs.len(),
            witnesses: accepted.witnesses.len(),
            checkpoints: u64::try_from(checkpoints.len()).unwrap_or(u64::MAX),
            from,
            tiles: files.only_expected(from, size)?,
        };
        let tree = Tree { files, size, from, edge: Edge::default() };
        let mut check = Self { tree, checkpoints, compared: 0, report };
        check.compare_roots()?;
        Ok(check)
    }

    /// How many entries the newest checkpoint covers.
    pub const fn size(&self) -> u64 {
        self.tree.size
    }

    /// How many entries were checked.
    pub const fn next(&self) -> u64 {
        self.tree.edge.size()
    }

    /// Goes on by a bundle, or to the next checkpoint; answers how many entries were checked, or none at the
    /// end.
    ///
    /// # Errors
    /// See [`FolderError`]: the first thing that does not fit.
    pub fn advance(&mut self) -> Result<Option<u64>, FolderError> {
        let Some((_, next)) = self.checkpoints.get(self.compared) else { return Ok(None) };
        let entries = self.tree.advance(next.size)?;
        self.compare_roots()?;
        Ok(Some(entries))
    }

    /// What a good folder holds, once [`FolderCheck::advance`] has come to the end.
    pub fn finish(self) -> Report {
        self.report
    }

    /// Compares the roots of all checkpoints of as many entries as there are now.
    fn compare_roots(&mut self) -> Result<(), FolderError> {
        let size = self.tree.edge.size();
        let waiting = self.checkpoints.get(self.compared..).unwrap_or_default();
        for (file, checkpoint) in waiting.iter().take_while(|(_, c)| c.size == size) {
            self.tree.root_is(file, checkpoint.root)?;
            self.compared = self.compared.saturating_add(1);
        }
        Ok(())
    }
}

/// The checkpoints that were kept, the smallest first, each signed by a log that the policy believes.
fn older(
    files: &Files<'_>,
    newest: &Checkpoint,
    policy: &Policy,
) -> Result<Vec<(String, Checkpoint)>, FolderError> {
    let mut older = Vec::new();
    for name in files.names("checkpoints")? {
        let file = format!("checkpoints/{name}");
        let Some(size) = size_of_file(&name) else {
            return Err(found(file, None, Flaw::Unexpected));
        };
        let signed = files.checkpoint(&file)?;
        let checkpoint = signed.checkpoint();
        if checkpoint.size != size || size > newest.size || checkpoint.origin != newest.origin {
            return Err(found(file, None, Flaw::OtherCheckpoint));
        }
        signed_by_all(&file, &signed, policy)?;
        older.push((file, checkpoint.clone()));
    }
    older.sort_by_key(|(_, checkpoint)| checkpoint.size);
    Ok(older)
}

/// Whether each key of the log that the policy names signed it. Witnesses are asked for only under the
/// newest checkpoint: not every older one had theirs in time.
fn signed_by_all(file: &str, signed: &Signed, policy: &Policy) -> Result<(), FolderError> {
    match policy.key_that_did_not_sign(signed) {
        Ok(None) => Ok(()),
        Ok(Some(key)) => Err(found(file, None, Flaw::NotSignedBy(format!("{key:?}")))),
        Err(why) => Err(found(file, None, Flaw::NotAccepted(why.into()))),
    }
}

/// The tree as it is rebuilt.
#[derive(Debug)]
struct Tree<'a> {
    files: Files<'a>,
    size: u64,
    /// The first entry that is there; it begins a bundle.
    from: u64,
    edge: Edge,
}

impl Tree<'_> {
    /// Takes in the rest of a bundle, but not beyond `upto`; answers how many entries there are now.
    fn advance(&mut self, upto: u64) -> Result<u64, FolderError> {
        let from = self.edge.size();
        let (index, first) = (from >> 8, usize::try_from(from & 0xff).unwrap_or_default());
        let width = self.width(0, index);
        let leaves = self.hashes(Row::Hashes(0), index, width)?;
        if from >= self.from {
            self.entries_are(Tile { row: Row::Entries, index, width }, &leaves)?;
        }
        let room = usize::try_from(upto.saturating_sub(from)).unwrap_or(usize::MAX);
        let mut upper = Vec::new();
        for leaf in leaves.iter().skip(first).take(room) {
            self.edge.push(*leaf, |stored| {
                if stored.level > 0 {
                    upper.push(stored);
                }
            });
        }
        upper.into_iter().try_for_each(|stored| self.upper(stored))?;
        Ok(self.edge.size())
    }

    /// Compares the entries of a bundle with the hashes that are kept of them.
    fn entries_are(&self, tile: Tile, leaves: &[Hash]) -> Result<(), FolderError> {
        let file = tile.path();
        let begin = tile.index.saturating_mul(256);
        let bytes = self.files.bytes(&file, Some(begin))?;
        let (bundle, malformed) = bundle::read_so_far(&bytes);
        let altered = bundle.iter().zip(leaves).position(|(entry, kept)| leaf(entry) != *kept);
        let whole = altered.unwrap_or_else(|| bundle.len().min(leaves.len()));
        let position = begin.saturating_add(u64::try_from(whole).unwrap_or_default());
        // A length that was altered shows first where the entries are no longer read as they were.
        if malformed.is_some() || (altered.is_none() && bundle.len() != leaves.len()) {
            return Err(found(file, Some(position), Flaw::WrongLength));
        }
        match altered {
            Some(_) => Err(found(file, Some(position), Flaw::OtherHash)),
            None => Ok(()),
        }
    }

    /// Compares a hash above the leaves with its tile.
    fn upper(&self, stored: Stored) -> Result<(), FolderError> {
        let index = stored.index >> 8;
        let row = Row::Hashes(stored.level);
        let width = self.width(stored.level, index);
        let kept = self.hashes(row, index, width)?;
        let place = usize::try_from(stored.index & 0xff).unwrap_or_default();
        if kept.get(place) == Some(&stored.hash) {
            return Ok(());
        }
        let shift = u32::from(stored.level).saturating_mul(8);
        let position = stored.index.checked_shl(shift).unwrap_or_default();
        Err(found(Tile { row, index, width }.path(), Some(position), Flaw::OtherHash))
    }

    fn root_is(&self, file: &str, root: Hash) -> Result<(), FolderError> {
        if self.edge.root() == root { Ok(()) } else { Err(found(file, None, Flaw::OtherRoot)) }
    }

    /// The width of a tile in a tree of this size.
    fn width(&self, level: u8, index: u64) -> u16 {
        let shift = u32::from(level).saturating_mul(8);
        let hashes = self.size.checked_shr(shift).unwrap_or_default();
        let width = hashes.saturating_sub(index.saturating_mul(256)).min(256);
        u16::try_from(width).unwrap_or_default()
    }

    fn hashes(&self, row: Row, index: u64, width: u16) -> Result<Vec<Hash>, FolderError> {
        let file = Tile { row, index, width }.path();
        let level = match row {
            Row::Hashes(level) => u32::from(level),
            Row::Entries => 0,
        };
        let first = index.checked_shl(level.saturating_mul(8).saturating_add(8));
        let bytes = self.files.bytes(&file, first)?;
        let (hashes, surplus) = bytes.as_chunks::<32>();
        if hashes.len() != usize::from(width) || !surplus.is_empty() {
            return Err(found(file, first, Flaw::WrongLength));
        }
        Ok(hashes.to_vec())
    }
}
