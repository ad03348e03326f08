//! The tree of an exported folder, rebuilt from its entries and compared with its tiles.

use super::{Flaw, FolderError, files::Files, found};
use crate::transparency::{
    Hash, bundle, leaf,
    tile::{Row, Tile},
    tree::{Edge, Stored},
};

/// The tree as it is rebuilt.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) files: Files<'a>,
    pub(super) size: u64,
    /// The first entry that is there; it begins a bundle.
    pub(super) from: u64,
    pub(super) edge: Edge,
}

impl Tree<'_> {
    /// Takes in the rest of a bundle, but not beyond `upto`; answers how many entries there are now.
    pub(super) fn advance(&mut self, upto: u64) -> Result<u64, FolderError> {
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

    pub(super) fn root_is(&self, file: &str, root: Hash) -> Result<(), FolderError> {
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
