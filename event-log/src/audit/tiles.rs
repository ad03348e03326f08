//! The stored tiles beside the tree as it is rebuilt.

use std::{collections::HashMap, path::Path};

use super::{Found, Place};
use crate::{
    transparency::{
        tile::{Row, Tile},
        tree::Stored,
    },
    tree_store::{TreeError, TreeStore},
};

/// The stored tiles, as long as nothing was found in them.
#[derive(Debug)]
pub(super) struct Tiles {
    tree: Option<TreeStore>,
    /// The tree, once something was found in it, for whoever asks what that looks like.
    parted: Option<TreeStore>,
    /// The first position whose entry is not the one that came into the tree.
    differs_at: Option<u64>,
    size: u64,
    /// So many entries are those that came into the tree.
    agreed: u64,
    /// The tile at hand of each level, by its index.
    at_hand: HashMap<u8, (u64, Vec<u8>)>,
}

impl Tiles {
    /// None if there are none: they follow from the entries, and may have been thrown away.
    pub(super) fn open(folder: Option<&Path>, found: &mut Vec<Found>) -> Self {
        let tree = match folder.map(TreeStore::open_read_only).transpose() {
            Ok(tree) => tree.flatten(),
            Err(error) => {
                found.push(says(error.to_string()));
                None
            }
        };
        let size = tree.as_ref().map_or(0, TreeStore::size);
        Self { tree, parted: None, differs_at: None, size, agreed: size, at_hand: HashMap::new() }
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// So many entries, from the first, are those that came into the stored tree.
    pub(super) const fn agreed(&self) -> u64 {
        self.agreed
    }

    /// Compares a hash of the rebuilt tree with the stored one, if the stored tree reaches so far.
    pub(super) fn compare(&mut self, hash: Stored, found: &mut Vec<Found>) {
        let shift = u32::from(hash.level).saturating_mul(8);
        let complete = self.size.checked_shr(shift).unwrap_or_default();
        if hash.index >= complete {
            return;
        }
        let position = Place::Position(hash.index.checked_shl(shift).unwrap_or_default());
        let stored = self.stored(hash);
        let differs = matches!(stored, Some(Ok(false)));
        let says = match stored {
            None | Some(Ok(true)) => return,
            Some(Ok(false)) => {
                let (level, index) = (hash.level, hash.index);
                format!(
                    "hash {index} of level {level} of the stored tree is another: the entry or the tree was altered"
                )
            }
            Some(Err(error)) => error.to_string(),
        };
        if hash.level == 0 && differs {
            // What that looks like is said at the end.
            self.differs_at = Some(hash.index);
        } else {
            found.push(Found { place: position, says });
        }
        // One is enough: what is above it is another, too. Below an upper hash the leaves agreed.
        let below = hash.index.saturating_add(u64::from(hash.level > 0));
        self.agreed = self.agreed.min(below.checked_shl(shift).unwrap_or_default());
        self.parted = self.tree.take();
    }

    /// The first position whose entry is not the one that came into the tree.
    pub(super) const fn differs_at(&self) -> Option<u64> {
        self.differs_at
    }

    /// The tree in which something was found.
    pub(super) const fn kept(&self) -> Option<&TreeStore> {
        self.parted.as_ref()
    }

    fn stored(&mut self, hash: Stored) -> Option<Result<bool, TreeError>> {
        let tree = self.tree.as_ref()?;
        let index = hash.index >> 8;
        let known = self.at_hand.get(&hash.level).is_some_and(|(at, _)| *at == index);
        if !known {
            match tree.stored_tile(hash.level, index) {
                Ok(tile) => drop(self.at_hand.insert(hash.level, (index, tile))),
                Err(error) => return Some(Err(error)),
            }
        }
        let (_, tile) = self.at_hand.get(&hash.level)?;
        let (hashes, _) = tile.as_chunks::<32>();
        let place = usize::try_from(hash.index & 0xff).unwrap_or_default();
        Some(Ok(hashes.get(place) == Some(&hash.hash)))
    }

    /// Compares their number with what a tree of this size has, and its size with that of the log and of
    /// the published checkpoint.
    pub(super) fn finish(&self, entries: u64, published: u64, found: &mut Vec<Found>) {
        let Some(tree) = &self.tree else { return };
        if self.size > entries {
            found.push(Found {
                place: Place::Position(entries),
                says: format!("the log ends here, and its tree has {} entries: the tail was cut, or an older copy put in place", self.size),
            });
        }
        if self.size < published {
            let size = self.size;
            found.push(says(format!("they reach {size} entries, and {published} were published: an older copy (they can be removed, and follow from the entries)")));
        }
        let asked = Tile::between(0, self.size).filter(|tile| tile.row != Row::Entries).count();
        match tree.tiles() {
            Ok(tiles) if u64::try_from(asked).is_ok_and(|asked| asked == tiles) => {}
            Ok(tiles) => found.push(says(format!("there are {tiles}, and {asked} are asked for"))),
            Err(error) => found.push(says(error.to_string())),
        }
        found.extend(wrong_widths(tree, self.size));
    }
}

/// Tiles that hold more than the tree asks for.
fn wrong_widths(tree: &TreeStore, size: u64) -> Option<Found> {
    Tile::between(0, size).find_map(|tile| {
        let Row::Hashes(level) = tile.row else { return None };
        let length = tree.stored_tile(level, tile.index).ok()?.len();
        let wrong = length != usize::from(tile.width).saturating_mul(32);
        wrong.then(|| says(format!("tile {} of level {level} has {length} bytes", tile.index)))
    })
}

const fn says(says: String) -> Found {
    Found { place: Place::Tiles, says }
}
