//! Is an exported folder what its checkpoints say? Checked with the folder and nothing else.
//!
//! The tree is rebuilt from the entries. Every hash of every tile, and the root of every checkpoint,
//! must come out again; so each checkpoint is consistent with each other one. The check ends at the
//! first thing that does not fit.
//!
//! Of a folder without the first entries the same is checked from the hashes on: they give every root,
//! and the entries that are there give their hashes.

mod files;
mod findings;
mod saved;
mod signatures;
mod tree;

use std::path::Path;

use self::{
    files::Files,
    findings::found,
    signatures::{Signatures, signed_by_all},
    tree::Tree,
};
pub use self::{
    findings::{Flaw, FolderError, Found, Report},
    saved::NotSaved,
};
use crate::transparency::{Checkpoint, Policy, tree::Edge};

/// Checks a folder under a policy that was had from elsewhere; the one in the folder says only what
/// its maker wants believed. `progress` is told how far it came.
///
/// # Errors
/// See [`FolderError`]: the first thing that does not fit.
pub fn check_folder(
    folder: &Path,
    policy: &Policy,
    mut progress: impl FnMut(Came),
) -> Result<Report, FolderError> {
    let mut check = FolderCheck::begin(folder, policy)?;
    while let Some(came) = check.advance()? {
        progress(came);
    }
    Ok(check.finish())
}

/// How far a check came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// So many of the older checkpoints were looked at.
    Checkpoints(u64),
    /// All checkpoints, and so many entries.
    Entries(u64),
}

/// A check under way, for whoever may be interrupted.
#[derive(Debug)]
pub struct FolderCheck<'a> {
    policy: &'a Policy,
    signatures: Signatures,
    tree: Tree<'a>,
    /// Every checkpoint that was looked at; when all were, the smallest first, and the newest is the last.
    checkpoints: Vec<(String, Checkpoint)>,
    /// How many of their roots were compared; none while not all are known.
    compared: Option<usize>,
    report: Report,
}

impl<'a> FolderCheck<'a> {
    /// Begins with the newest checkpoint. Stricter than the policy: each of the log's keys in it must have signed
    /// every checkpoint, so that no signature can be taken out unseen.
    ///
    /// # Errors
    /// See [`FolderError`]: the first thing that does not fit.
    pub fn begin(folder: &'a Path, policy: &'a Policy) -> Result<Self, FolderError> {
        let files = Files::of(folder);
        let newest = files.checkpoint("checkpoint")?;
        let accepted = policy
            .accept(&newest)
            .map_err(|why| found("checkpoint", None, Flaw::NotAccepted(why)))?;
        let checkpoint = newest.checkpoint().clone();
        signed_by_all("checkpoint", &newest, policy)?;
        let signatures = Signatures::of(&files)?;
        let size = checkpoint.size;
        let report = Report {
            checkpoint,
            log_signatures: accepted.logs.len(),
            witnesses: accepted.witnesses.len(),
            checkpoints: count(signatures.number()).saturating_add(1),
            from: 0,
            tiles: 0,
        };
        let tree = Tree { files, size, from: 0, edge: Edge::default() };
        let checkpoints = Vec::with_capacity(signatures.number().saturating_add(1));
        Ok(Self { policy, signatures, tree, checkpoints, compared: None, report })
    }

    /// How many older checkpoints there are beside the newest.
    pub fn older(&self) -> u64 {
        count(self.signatures.number())
    }

    /// Of how many of these the signatures were checked, by this run or by the one that it goes on from.
    pub fn signed(&self) -> u64 {
        count(self.signatures.good())
    }

    /// How many entries the newest checkpoint covers.
    pub const fn size(&self) -> u64 {
        self.tree.size
    }

    /// How many entries were checked.
    pub const fn next(&self) -> u64 {
        self.tree.edge.size()
    }

    /// Goes on by some hundred checkpoints; after the last by a bundle of entries, or to the next checkpoint.
    /// Answers how far it came, or none at the end.
    ///
    /// # Errors
    /// See [`FolderError`]: the first thing that does not fit.
    pub fn advance(&mut self) -> Result<Option<Came>, FolderError> {
        let compared = if let Some(compared) = self.compared {
            compared
        } else {
            let newest = &self.report.checkpoint;
            let next = self.signatures.advance(&self.tree.files, newest, self.policy)?;
            if let Some(next) = next {
                self.checkpoints.extend(next);
                return Ok(Some(Came::Checkpoints(count(self.signatures.looked_at()))));
            }
            self.all_are_known()?
        };
        let Some((_, next)) = self.checkpoints.get(compared) else { return Ok(None) };
        let entries = self.tree.advance(next.size)?;
        self.compare_roots(compared)?;
        Ok(Some(Came::Entries(entries)))
    }

    /// What a good folder holds, once [`FolderCheck::advance`] has come to the end.
    pub fn finish(self) -> Report {
        self.report
    }

    /// From here on entries are checked, if nothing else is there: from the first, or from where an earlier run
    /// came to.
    fn all_are_known(&mut self) -> Result<usize, FolderError> {
        let Tree { files, size, .. } = &self.tree;
        let from = files.first_entry(*size)?;
        self.report.tiles = files.only_expected(from, *size)?;
        (self.tree.from, self.report.from) = (from, from);
        self.checkpoints.push(("checkpoint".to_owned(), self.report.checkpoint.clone()));
        self.checkpoints.sort_by_key(|(_, checkpoint)| checkpoint.size);
        let next = self.next();
        let before = self.checkpoints.iter().take_while(|(_, c)| c.size < next).count();
        match self.compare_roots(before) {
            // The text that it goes on from may have been altered as well as the folder.
            Err(FolderError::Found(_)) if next > 0 => Err(NotSaved.into()),
            compared => compared,
        }
    }

    /// Compares the roots of all checkpoints of as many entries as there are now; answers how many have been
    /// compared by then.
    fn compare_roots(&mut self, mut compared: usize) -> Result<usize, FolderError> {
        let size = self.tree.edge.size();
        let waiting = self.checkpoints.get(compared..).unwrap_or_default();
        for (file, checkpoint) in waiting.iter().take_while(|(_, c)| c.size == size) {
            self.tree.root_is(file, checkpoint.root)?;
            compared = compared.saturating_add(1);
        }
        self.compared = Some(compared);
        Ok(compared)
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
