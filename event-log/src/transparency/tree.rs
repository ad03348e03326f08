//! The tree as it grows: its right edge, and the hashes that every eighth level stores.

use super::{
    hash::{EMPTY_ROOT, Hash, node},
    tile::{WIDTH, WIDTH_BITS},
};

/// A hash that a tile level has gained by an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The tile level: 0 holds leaves, each above it the roots of full tiles below.
    pub level: u8,
    /// Its place in that level, from 0.
    pub index: u64,
    /// The hash.
    pub hash: Hash,
}

/// The right edge of a tree: all that is needed to append, and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// For each tile level the hashes of its unfinished tile: fewer than 256.
    unfinished: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge of a tree of `size` leaves, from the hashes of the unfinished tile of each level, lowest
    /// first. None if there are more or fewer of them than such a tree has.
    pub fn resume(size: u64, unfinished: Vec<Vec<Hash>>) -> Option<Self> {
        let mut rest = size;
        for tile in &unfinished {
            if u64::try_from(tile.len()).ok()? != rest & 0xff {
                return None;
            }
            rest >>= WIDTH_BITS;
        }
        (rest == 0).then_some(Self { size, unfinished })
    }

    /// The hashes of the unfinished tile of each level, lowest first.
    pub fn unfinished(&self) -> &[Vec<Hash>] {
        &self.unfinished
    }

    /// The hashes of the unfinished tile of each level as hexadecimal text, for whoever keeps an edge in a file.
    pub(crate) fn to_hex(&self) -> Vec<Vec<String>> {
        self.unfinished.iter().map(|level| level.iter().map(hex::encode).collect()).collect()
    }

    /// The edge of a tree of `size` leaves from such text. None if it is not that of such a tree.
    pub(crate) fn from_hex(size: u64, unfinished: &[Vec<String>]) -> Option<Self> {
        let hash = |text: &String| hex::decode(text).ok()?.try_into().ok();
        let level = |level: &Vec<String>| level.iter().map(hash).collect();
        Self::resume(size, unfinished.iter().map(level).collect::<Option<_>>()?)
    }

    /// How many leaves the tree has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash; `store` is told every hash that a tile level gains, lowest first.
    pub fn push(&mut self, leaf: Hash, mut store: impl FnMut(Stored)) {
        let mut rising = leaf;
        let mut index = self.size;
        for level in 0..=u8::MAX {
            let place = usize::from(level);
            if self.unfinished.len() <= place {
                self.unfinished.push(Vec::with_capacity(WIDTH));
            }
            store(Stored { level, index, hash: rising });
            let Some(tile) = self.unfinished.get_mut(place) else { break };
            tile.push(rising);
            if tile.len() < WIDTH {
                break;
            }
            rising = fold(tile);
            tile.clear();
            index >>= WIDTH_BITS;
        }
        self.size = self.size.saturating_add(1);
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        let mut below: Option<Hash> = None;
        for tile in &self.unfinished {
            let mut items = tile.clone();
            items.extend(below);
            below = (!items.is_empty()).then(|| fold(&items));
        }
        below.unwrap_or(EMPTY_ROOT)
    }
}

/// The root over subtrees of equal size, of which only the last may be unfinished.
///
/// RFC 6962 splits at the largest power of two below the number of leaves; with equal subtrees that is
/// the largest power of two below their number, whatever the last one lacks.
fn fold(items: &[Hash]) -> Hash {
    match items {
        [] => EMPTY_ROOT,
        [only] => *only,
        several => {
            let half = several.len().next_power_of_two() / 2;
            let (left, right) = several.split_at(half);
            node(&fold(left), &fold(right))
        }
    }
}

/// Gives the hashes that the tile levels store.
pub trait Hashes {
    /// Why a hash cannot be had.
    type Error;

    /// The hash at a place of a tile level. Only complete subtrees are asked for.
    ///
    /// # Errors
    /// When the hash cannot be had; the computation that asked for it ends with this error.
    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// The root over the leaves `from..to`; `from` must be a multiple of the largest power of two that
/// fits into the span, as it is in every tree and proof.
///
/// # Errors
/// What `hashes` answers when one is missing.
pub fn root_of<H: Hashes>(hashes: &mut H, from: u64, to: u64) -> Result<Hash, H::Error> {
    let size = to.saturating_sub(from);
    if size == 0 {
        return Ok(EMPTY_ROOT);
    }
    if size.is_power_of_two() {
        return subtree(hashes, size.trailing_zeros(), from >> size.trailing_zeros());
    }
    let split = from.saturating_add(below(size));
    Ok(node(&root_of(hashes, from, split)?, &root_of(hashes, split, to)?))
}

/// The largest power of two below `size`, which is at least 2.
pub(super) const fn below(size: u64) -> u64 {
    1 << (u64::BITS - 1).saturating_sub(size.saturating_sub(1).leading_zeros())
}

/// The hash of a complete subtree of `2^level` leaves.
fn subtree<H: Hashes>(hashes: &mut H, level: u32, index: u64) -> Result<Hash, H::Error> {
    if level.is_multiple_of(8) {
        return hashes.hash(u8::try_from(level / 8).unwrap_or(u8::MAX), index);
    }
    let first = index.saturating_mul(2);
    let (lower, second) = (level.saturating_sub(1), first.saturating_add(1));
    Ok(node(&subtree(hashes, lower, first)?, &subtree(hashes, lower, second)?))
}
