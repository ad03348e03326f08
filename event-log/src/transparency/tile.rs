//! The tree cut into tiles: where each lies, and what is in it (C2SP tlog-tiles v0.1.0).

use std::fmt::Write as _;

/// How many hashes, or entries, a full tile or bundle holds.
pub const WIDTH: usize = 1 << WIDTH_BITS;

/// How many levels of the tree a tile spans.
pub(super) const WIDTH_BITS: u32 = 8;

/// A tile or entry bundle, by place and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Which kind, and at which level.
    pub row: Row,
    /// Its place in the row, from 0.
    pub index: u64,
    /// How many hashes or entries it holds: 1 to 256.
    pub width: u16,
}

/// A row of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// Hash tiles of a level, 0 to 63.
    Hashes(u8),
    /// Entry bundles.
    Entries,
}

impl Tile {
    /// Its path under the prefix of the log: `tile/0/x001/x234/067`, `tile/entries/000.p/5`.
    pub fn path(&self) -> String {
        let mut path = match self.row {
            Row::Hashes(level) => format!("tile/{level}/"),
            Row::Entries => "tile/entries/".to_owned(),
        };
        let mut groups = vec![self.index % 1_000];
        let mut rest = self.index / 1_000;
        while rest > 0 {
            groups.push(rest % 1_000);
            rest /= 1_000;
        }
        let last = groups.len().saturating_sub(1);
        for (place, group) in groups.iter().rev().enumerate() {
            // Writing to a String cannot fail.
            let _unfailing = if place == last {
                write!(path, "{group:03}")
            } else {
                write!(path, "x{group:03}/")
            };
        }
        if usize::from(self.width) < WIDTH {
            let _unfailing = write!(path, ".p/{}", self.width);
        }
        path
    }

    /// Reads a path under the prefix; anything but the one canonical form is refused.
    pub fn from_path(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("tile/")?;
        let (row, rest) = rest.split_once('/')?;
        let row = match row {
            "entries" => Row::Entries,
            level => Row::Hashes(level.parse().ok().filter(|level| *level <= 63)?),
        };
        let (place, width) = match rest.split_once(".p/") {
            None => (rest, 256),
            Some((place, width)) => (place, width.parse().ok().filter(|w| (1..=255).contains(w))?),
        };
        let index = place.split('/').try_fold(0_u64, |index, group| {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let number: u64 = (digits.len() == 3).then(|| digits.parse().ok())??;
            index.checked_mul(1_000)?.checked_add(number)
        })?;
        let tile = Self { row, index, width };
        (tile.path() == path).then_some(tile)
    }

    /// The tiles of a tree of `size` leaves, and its bundles from the one that holds the entry `first` on.
    pub fn of_part(first: u64, size: u64) -> impl Iterator<Item = Self> {
        let kept = move |tile: &Self| tile.row != Row::Entries || tile.index >= first >> WIDTH_BITS;
        Self::between(0, size).filter(kept)
    }

    /// The tiles and bundles that a tree of `size` leaves has beyond one of `from` leaves: full ones
    /// that were not full before, and the partial ones.
    pub fn between(from: u64, size: u64) -> impl Iterator<Item = Self> {
        let rows = (0..8_u8).map(Row::Hashes).chain([Row::Entries]);
        rows.flat_map(move |row| {
            let shift = match row {
                Row::Hashes(level) => u32::from(level).saturating_mul(8),
                Row::Entries => 0,
            };
            let (before, now) = (
                from.checked_shr(shift).unwrap_or_default(),
                size.checked_shr(shift).unwrap_or_default(),
            );
            let full = (before >> WIDTH_BITS..now >> WIDTH_BITS).map(move |index| Self {
                row,
                index,
                width: 256,
            });
            let partial = u16::try_from(now & 0xff).unwrap_or_default();
            let unfinished = (partial > 0 && now != before).then_some(Self {
                row,
                index: now >> WIDTH_BITS,
                width: partial,
            });
            full.chain(unfinished)
        })
    }
}
