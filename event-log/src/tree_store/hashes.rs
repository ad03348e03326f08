//! Single hashes out of stored tiles, each tile read once.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{TreeError, read_tile};
use crate::transparency::{Hash, tree::Hashes};

pub(super) struct StoredHashes<'a> {
    db: &'a Connection,
    tiles: HashMap<(u8, u64), Vec<u8>>,
}

impl<'a> StoredHashes<'a> {
    pub(super) fn new(db: &'a Connection) -> Self {
        Self { db, tiles: HashMap::new() }
    }

    pub(super) fn get(&mut self, level: u8, index: u64) -> Result<Hash, TreeError> {
        let tile = (level, index >> 8);
        if !self.tiles.contains_key(&tile) {
            // A proof needs some tiles of each level; whoever reads them in order needs the last.
            if self.tiles.len() >= 64 {
                self.tiles.clear();
            }
            self.tiles.insert(tile, read_tile(self.db, level, tile.1)?);
        }
        let place = usize::try_from(index & 0xff).unwrap_or_default();
        let (hashes, _) = self.tiles.get(&tile).map(|tile| tile.as_chunks()).unwrap_or_default();
        hashes.get(place).copied().ok_or(TreeError::Damaged { level, index: tile.1 })
    }
}

impl Hashes for StoredHashes<'_> {
    type Error = TreeError;

    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, TreeError> {
        self.get(level, index)
    }
}
