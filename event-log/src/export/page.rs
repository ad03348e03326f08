//! The page and the program that go with an export.

use crate::transparency::{
    Checkpoint,
    tile::{Row, Tile},
};

/// A checker that anybody can read.
pub(super) const PROGRAM: &str = include_str!("check.py");

const PAGE: &str = include_str!("CHECKING.md");

/// The page for a folder that begins with the entry `first`.
pub(super) fn page(checkpoint: &Checkpoint, first: u64) -> String {
    let size = checkpoint.size;
    let mut tiles = Tile::of_part(first, size).filter(|tile| tile.row == Row::Hashes(0));
    let tile = tiles.find(|tile| tile.index == first >> 8).map(|tile| tile.path());
    PAGE.replace("{origin}", &checkpoint.origin)
        .replace("{size}", &size.to_string())
        .replace("{first}", &first.to_string())
        .replace("{tile}", &tile.unwrap_or_else(|| "tile/0/000".to_owned()))
}
