//! Where sights lie in the log: kept for each stretch of it apart.
//!
//! One index of everybody in order would be written to everywhere at once: each sight touches a page of its
//! own, and what a rebuild writes grows with what is there. So the log is cut into stretches of equal length.
//! A rebuild writes one after the other, each in its order. Whoever asks goes from stretch to stretch, and is
//! told by spans which of them hold the instants in question. Within a stretch a handle has a document for
//! each part of it, so that none grows long by being followed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    dated::{At, KnownBy, Moment},
    ordered::{handle, place, position},
    store::Range,
};

/// How many positions there are in a stretch: as many as a build takes in at once.
const STRETCH: u64 = 32_768;

/// How many positions there are in a part of a stretch.
const PART: u64 = 2_048;

/// How many positions there are in a block, of which a part has eight.
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
    /// From when to when the sights of a stretch are.
    Stretch,
    /// From when to when those of a block are.
    Block,
}

impl Index {
    const fn letter(self) -> char {
        match self {
            Self::Practitioner => 'p',
            Self::Authority => 'a',
            Self::Listed => 'l',
            Self::Stretch => 's',
            Self::Block => 'b',
        }
    }

    const fn of(letter: u8) -> Option<Self> {
        match letter {
            b'p' => Some(Self::Practitioner),
            b'a' => Some(Self::Authority),
            b'l' => Some(Self::Listed),
            b's' => Some(Self::Stretch),
            b'b' => Some(Self::Block),
            _ => None,
        }
    }

    /// How many positions one of its documents tells of.
    const fn length(self) -> u64 {
        match self {
            Self::Practitioner | Self::Authority | Self::Listed => PART,
            Self::Stretch => STRETCH,
            Self::Block => BLOCK,
        }
    }
}

/// What the key of a document of a stretch says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) index: Index,
    /// The first position that the document tells of.
    pub(super) first: u64,
}

impl Key {
    /// The key of the document in which a position is a place of a handle.
    pub(super) fn places(index: Index, position: u64, whose: Uuid) -> String {
        let part = first(position, index.length());
        [&Self::within(index, position, whose), place(part).as_str()].concat()
    }

    /// How the keys of the places of a handle begin, in the stretch of a position.
    fn within(index: Index, position: u64, whose: Uuid) -> String {
        let mut text = String::with_capacity(48);
        text.push(index.letter());
        text.push('/');
        text.push_str(&place(first(position, STRETCH)));
        text.push('/');
        text.push_str(&handle(whose));
        text.push('/');
        text
    }

    /// The places of a handle in the stretch that begins there, in the order of the log.
    pub(super) fn all_places(index: Index, first: u64, whose: Uuid) -> Range {
        let begins = Self::within(index, first, whose);
        documents(&begins, &format!("{begins}~"))
    }

    /// The key of the span of the stretch or the block of a position.
    pub(super) fn span(index: Index, position: u64) -> String {
        let first = first(position, index.length());
        format!("{}/{}", index.letter(), place(first))
    }

    /// The spans of every stretch, in the order of the log.
    pub(super) fn stretches() -> Range {
        let text = |end| format!("{}{end}", Index::Stretch.letter());
        documents(&text('/'), &text('0'))
    }

    /// The spans of the blocks of the stretch that begins there, in the order of the log.
    pub(super) fn blocks(first: u64) -> Range {
        let text = |at| Self::span(Index::Block, at);
        documents(&text(first), &text(first.saturating_add(STRETCH)))
    }

    /// What a key says; none if it is not that of a document of a stretch.
    pub(super) fn of(key: &str) -> Option<Self> {
        let [letter, b'/', ..] = key.as_bytes() else { return None };
        let (_, first) = key.rsplit_once('/')?;
        Some(Self { index: Index::of(*letter)?, first: position(first)? })
    }
}

/// More than the documents of places of a handle, or the spans of blocks, in a stretch.
const MOST: usize = 1_024;

/// A range of documents.
fn documents(from: &str, to: &str) -> Range {
    let all = Range::documents(MOST);
    Range { from: format!("{}{from}", all.from), to: format!("{}{to}", all.from), ..all }
}

const fn first(position: u64, length: u64) -> u64 {
    match position.checked_rem(length) {
        Some(within) => position.saturating_sub(within),
        None => position,
    }
}

/// The first positions of every stretch of a log of some length.
pub(super) fn firsts(length: u64) -> impl Iterator<Item = u64> {
    let stretch = usize::try_from(STRETCH).unwrap_or(usize::MAX);
    (0..length).step_by(stretch)
}

/// The places of a handle in a part of a stretch, in the order of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Places(Vec<At>);

impl Places {
    /// With one more.
    pub(super) fn and(mut self, at: Moment) -> Self {
        self.0.push(At::of(at));
        self
    }

    /// As they were known by then.
    pub(super) fn known_by(mut self, known_by: KnownBy) -> Option<Self> {
        self.0.retain(|place| known_by.reaches(Moment::from(*place)));
        (!self.0.is_empty()).then_some(self)
    }

    /// When and where.
    pub(super) fn moments(&self) -> impl Iterator<Item = Moment> + '_ {
        self.0.iter().copied().map(Moment::from)
    }
}

/// The first and the last instant of the sights in a stretch or a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first.
    pub from: DateTime<Utc>,
    /// The last.
    pub to: DateTime<Utc>,
}

impl Span {
    /// Of one.
    pub(super) const fn at(at: DateTime<Utc>) -> Self {
        Self { from: at, to: at }
    }

    /// With one more.
    pub(super) fn and(self, at: DateTime<Utc>) -> Self {
        Self { from: self.from.min(at), to: self.to.max(at) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{BLOCK, Index, Key, PART, STRETCH, first, firsts};

    proptest! {
        #[test]
        fn a_key_is_read_back(position: u64, bits: u128) {
            let whose = Uuid::from_u128(bits);
            for index in [Index::Practitioner, Index::Authority, Index::Listed] {
                let key = Key { index, first: first(position, PART) };
                prop_assert_eq!(Key::of(&Key::places(index, position, whose)), Some(key));
            }
            for index in [Index::Stretch, Index::Block] {
                let key = Key { index, first: first(position, index.length()) };
                prop_assert_eq!(Key::of(&Key::span(index, position)), Some(key));
            }
        }
    }

    #[test]
    fn every_position_is_in_one_stretch_and_one_block_of_it() {
        let of = |position| (first(position, STRETCH), first(position, BLOCK));
        assert_eq!([of(0), of(BLOCK - 1), of(BLOCK)], [(0, 0), (0, 0), (0, BLOCK)]);
        assert_eq!([of(STRETCH - 1), of(STRETCH)], [(0, STRETCH - BLOCK), (STRETCH, STRETCH)]);
        assert_eq!(firsts(0).collect::<Vec<_>>(), Vec::<u64>::new());
        assert_eq!(firsts(STRETCH).collect::<Vec<_>>(), [0]);
        assert_eq!(firsts(STRETCH + 1).collect::<Vec<_>>(), [0, STRETCH]);
        assert_eq!(Key::of("withheld/x"), None);
    }

    #[test]
    fn ranges_hold_what_is_in_a_stretch_and_nothing_else() {
        let ends = [STRETCH - 1, STRETCH, 2 * STRETCH - 1, 2 * STRETCH];
        let blocks = Key::blocks(STRETCH);
        let span = |at| format!("d/{}", Key::span(Index::Block, at));
        let within = ends.map(span).map(|key| key >= blocks.from && key < blocks.to);
        assert_eq!(within, [false, true, true, false]);
        let whose = Uuid::from_u128(7);
        let places = Key::all_places(Index::Listed, STRETCH, whose);
        let key = |at, whose| format!("d/{}", Key::places(Index::Listed, at, whose));
        let holds = |key: String| key >= places.from && key < places.to;
        assert_eq!(ends.map(|at| holds(key(at, whose))), [false, true, true, false]);
        assert!(!holds(key(STRETCH, Uuid::from_u128(8))), "another's");
        let stretches = Key::stretches();
        let key = format!("d/{}", Key::span(Index::Stretch, u64::MAX));
        assert!(key > stretches.from && key < stretches.to);
    }
}
