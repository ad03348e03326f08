//! How the log is cut up, and the keys of what is kept of each part of it.
//!
//! One index of everybody in order would be written to everywhere at once: each sight touches a page of its
//! own, and what a rebuild writes grows with what is there. One for each short stretch makes whoever asks go
//! through hundreds of them. So documents tell of a stretch, and their keys are in the order of regions of
//! many stretches, then of handles: a rebuild writes several stretches at once, each document once, and whoever asks
//! reads one range in each region, or none where spans say that its instants are elsewhere.

use uuid::Uuid;

use crate::{
    ordered::{place, position, push},
    store::Range,
};

/// How many positions there are in a stretch: as many as a build takes in at once.
pub(super) const STRETCH: u64 = 32_768;

/// How many positions there are in a region.
pub(super) const REGION: u64 = 1_048_576;

/// How many positions there are in a block.
pub(super) const BLOCK: u64 = 256;

/// What documents of a stretch tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    /// Who looked.
    Practitioner,
    /// Of which organisation whoever looked was.
    Authority,
    /// Whom a search listed. Whatever else was seen of a child is in the child's own stream.
    Listed,
    /// From when to when the sights of each stretch of a region are.
    Stretches,
    /// From when to when those of each block of a stretch are.
    Blocks,
}

impl Index {
    const fn letter(self) -> char {
        match self {
            Self::Practitioner => 'p',
            Self::Authority => 'a',
            Self::Listed => 'l',
            Self::Stretches => 's',
            Self::Blocks => 'b',
        }
    }

    const fn of(letter: u8) -> Option<Self> {
        match letter {
            b'p' => Some(Self::Practitioner),
            b'a' => Some(Self::Authority),
            b'l' => Some(Self::Listed),
            b's' => Some(Self::Stretches),
            b'b' => Some(Self::Blocks),
            _ => None,
        }
    }

    /// How many positions one of its documents tells of.
    const fn length(self) -> u64 {
        match self {
            Self::Practitioner | Self::Authority | Self::Listed | Self::Blocks => STRETCH,
            Self::Stretches => REGION,
        }
    }

    /// How many positions there are in each part that such a document of spans tells of.
    pub(super) const fn part(self) -> u64 {
        match self {
            Self::Practitioner | Self::Authority | Self::Listed | Self::Stretches => STRETCH,
            Self::Blocks => BLOCK,
        }
    }
}

/// How many digits at the end of a handle say with which others it shares a document.
const ALIKE: u32 = 2;

/// How a handle ends: one of 4,096 ways.
pub(super) fn ending(whose: Uuid) -> u64 {
    whose.as_u64_pair().1 & 0xFFF
}

/// What the key of a document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) index: Index,
    /// The first position that the document tells of.
    pub(super) first: u64,
    /// How the handles end that it tells of, if it tells of any.
    pub(super) ending: Option<u64>,
}

impl Key {
    /// The key of the document in which a position is a place of a handle.
    pub(super) fn places(index: Index, position: u64, whose: Uuid) -> String {
        let mut text = Self::within(index, position, whose);
        text.push_str(&place(first(position, index.length())));
        text
    }

    /// How the keys of the places of a handle begin, in the region of a position.
    fn within(index: Index, position: u64, whose: Uuid) -> String {
        let mut text = String::with_capacity(32);
        text.push(index.letter());
        text.push('/');
        text.push_str(&place(first(position, REGION)));
        text.push('/');
        push(&mut text, ending(whose), ALIKE);
        text.push('/');
        text
    }

    /// The places of a handle from one stretch of a region to another, both inclusive, in the order of the log.
    pub(super) fn places_between(index: Index, (from, to): (u64, u64), whose: Uuid) -> Range {
        documents(
            &Self::places(index, from, whose),
            &format!("{}~", Self::places(index, to, whose)),
        )
    }

    /// The key of the spans of a position.
    pub(super) fn spans(index: Index, position: u64) -> String {
        let first = first(position, index.length());
        format!("{}/{}", index.letter(), place(first))
    }

    /// The spans of every stretch, in the order of the log.
    pub(super) fn stretches() -> Range {
        let text = |end| format!("{}{end}", Index::Stretches.letter());
        documents(&text('/'), &text('0'))
    }

    /// What a key says; none if it is not that of a document of a part of the log.
    pub(super) fn of(key: &str) -> Option<Self> {
        let [letter, b'/', ..] = key.as_bytes() else { return None };
        let (before, first) = key.rsplit_once('/')?;
        let ending = before.rsplit_once('/').and_then(|(_, ending)| position(ending));
        Some(Self { index: Index::of(*letter)?, first: position(first)?, ending })
    }
}

/// More than the documents of places that end alike, in a region.
const MOST: usize = 1_024;

/// A range of documents.
fn documents(from: &str, to: &str) -> Range {
    let all = Range::documents(MOST);
    Range { from: format!("{}{from}", all.from), to: format!("{}{to}", all.from), ..all }
}

/// Where the part of the log begins that a position is in.
pub(super) const fn first(position: u64, length: u64) -> u64 {
    match position.checked_rem(length) {
        Some(within) => position.saturating_sub(within),
        None => position,
    }
}

/// The first and the last stretch of every region of a log of some length.
pub(super) fn regions(length: u64) -> impl Iterator<Item = (u64, u64)> {
    let region = usize::try_from(REGION).unwrap_or(usize::MAX);
    let last = |first: u64| first.saturating_add(REGION.saturating_sub(STRETCH));
    (0..length).step_by(region).map(move |first| (first, last(first)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{BLOCK, Index, Key, REGION, STRETCH, ending, first, regions};

    proptest! {
        #[test]
        fn a_key_is_read_back(position: u64, bits: u128) {
            let whose = Uuid::from_u128(bits);
            for index in [Index::Practitioner, Index::Authority, Index::Listed] {
                let key = Key { index, first: first(position, STRETCH), ending: Some(ending(whose)) };
                prop_assert_eq!(Key::of(&Key::places(index, position, whose)), Some(key));
            }
            for index in [Index::Stretches, Index::Blocks] {
                let key = Key { index, first: first(position, index.length()), ending: None };
                prop_assert_eq!(Key::of(&Key::spans(index, position)), Some(key));
            }
        }
    }

    #[test]
    fn every_position_is_in_one_block_of_one_stretch_of_one_region() {
        let of = |position| [REGION, STRETCH, BLOCK].map(|length| first(position, length));
        assert_eq!([of(0), of(BLOCK - 1), of(BLOCK)], [[0; 3], [0; 3], [0, 0, BLOCK]]);
        assert_eq!(of(STRETCH - 1), [0, 0, STRETCH - BLOCK]);
        assert_eq!(of(REGION - 1), [0, REGION - STRETCH, REGION - BLOCK]);
        assert_eq!(of(REGION), [REGION; 3]);
        assert_eq!(regions(0).count(), 0);
        let last = REGION - STRETCH;
        assert_eq!(regions(REGION).collect::<Vec<_>>(), [(0, last)]);
        let two = [(0, last), (REGION, REGION + last)];
        assert_eq!(regions(REGION + 1).collect::<Vec<_>>(), two);
        assert_eq!(Key::of("withheld/x"), None);
    }

    #[test]
    fn ranges_hold_what_is_between_two_stretches_and_nothing_else() {
        let ends = [STRETCH - 1, STRETCH, 3 * STRETCH - 1, 3 * STRETCH];
        let whose = Uuid::from_u128(7);
        let places = Key::places_between(Index::Listed, (STRETCH, 2 * STRETCH), whose);
        let key = |at, whose| format!("d/{}", Key::places(Index::Listed, at, whose));
        let holds = |key: String| key >= places.from && key < places.to;
        assert_eq!(ends.map(|at| holds(key(at, whose))), [false, true, true, false]);
        assert!(!holds(key(STRETCH, Uuid::from_u128(8))), "another's");
        assert!(holds(key(STRETCH, Uuid::from_u128(7 + (1 << 12)))), "one that ends alike");
        let stretches = Key::stretches();
        let key = format!("d/{}", Key::spans(Index::Stretches, u64::MAX));
        assert!(key > stretches.from && key < stretches.to);
    }
}
