//! Where the sights of some people, or the listings of some children, lie in a stretch of the log.
//!
//! Those whose handles end alike share a document. A stretch of the log shows a few sights of each of many: a
//! document of each would be many times as many documents, most of whose bytes would be keys.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::outline::{Done, HINT, Kind, Outline, code, done, read};
use crate::{
    dated::{KnownBy, Moment},
    ordered::{handle, instant_of, number_of, push, push_handle, push_instant},
};

/// Digits of a place within its stretch, of an instant, of what was done, of whose and of which kind it is, of the
/// hint. Of kinds there are no more than looks in a stretch, and children listed by each.
const WIDTHS: [u32; 5] = [3, 11, 1, 4, HINT];

/// How many bytes a place takes.
const LENGTH: usize = 22;

/// How many bytes a handle takes.
const HANDLE: usize = 22;

/// Where the sights of some handles lie in a stretch, in the order of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The first position of the stretch.
    #[serde(rename = "f")]
    first: u64,
    /// Whose they are and of which kind, each once, in the order in which they came, with a space before each.
    #[serde(rename = "k")]
    kinds: String,
    /// The places: [`LENGTH`] bytes each.
    #[serde(rename = "o")]
    noted: String,
}

/// What is noted of a place.
#[derive(Clone, Copy)]
pub(super) struct Noted<'a> {
    pub(super) known: Moment,
    pub(super) done: Done,
    /// None of a listing.
    pub(super) kind: Option<&'a str>,
    pub(super) hint: u64,
}

impl Places {
    /// None yet, in the stretch that begins there.
    pub(super) fn beginning(first: u64) -> Self {
        Self { first, ..Self::default() }
    }

    /// How many bytes of text there are.
    pub(super) const fn length(&self) -> usize {
        self.kinds.len().saturating_add(self.noted.len())
    }

    /// With one more of a handle. The same again changes nothing.
    pub(super) fn and(mut self, whose: Uuid, noted: &Noted<'_>) -> Self {
        let [within, _, what, which, hint] = WIDTHS;
        let number = self.kind(whose, noted.kind.unwrap_or_default());
        let mut place = String::with_capacity(LENGTH);
        push(&mut place, noted.known.position.saturating_sub(self.first), within);
        push_instant(&mut place, noted.known.at);
        push(&mut place, code(noted.done), what);
        push(&mut place, number, which);
        push(&mut place, noted.hint, hint);
        if !self.ends_with(&place) {
            self.noted.push_str(&place);
        }
        self
    }

    /// Whether a place is among those of its event, which are the last.
    fn ends_with(&self, place: &str) -> bool {
        let (within, _) = place.as_bytes().split_at(place.len().min(3));
        let last = self.noted.as_bytes().rchunks(LENGTH).take_while(|one| one.starts_with(within));
        last.into_iter().any(|one| one == place.as_bytes())
    }

    /// The number of a kind of somebody, which is kept if it is new.
    fn kind(&mut self, whose: Uuid, kind: &str) -> u64 {
        let mut text = String::with_capacity(HANDLE.saturating_add(kind.len()));
        push_handle(&mut text, whose);
        text.push_str(kind);
        let mut next = 0;
        for (number, one) in (0_u64..).zip(each_kind(&self.kinds)) {
            if one == text {
                return number;
            }
            next = number.saturating_add(1);
        }
        self.kinds.push(' ');
        self.kinds.push_str(&text);
        next
    }

    /// As they were known by then.
    pub(super) fn known_by(mut self, known_by: KnownBy) -> Option<Self> {
        let (mut kept, mut kinds) = (String::with_capacity(self.noted.len()), 0);
        for (text, place) in self.each().flatten() {
            if known_by.reaches(place.known) {
                kept.push_str(text);
                kinds = kinds.max(place.kind.saturating_add(1));
            }
        }
        // Kinds are in the order in which they came.
        let end = self.kinds.match_indices(' ').map(|(at, _)| at).nth(kinds);
        self.kinds.truncate(end.unwrap_or(self.kinds.len()));
        self.noted = kept;
        (!self.noted.is_empty()).then_some(self)
    }

    /// What is noted of a handle, in the order of the log; none if that cannot be read.
    pub(super) fn outlines(&self, whose: Uuid) -> Option<Vec<Outline>> {
        let handle = handle(whose);
        let mut kinds: Vec<Option<Arc<Kind>>> = Vec::new();
        for kind in each_kind(&self.kinds) {
            let its = kind.strip_prefix(handle.as_str());
            kinds.push(match its {
                Some(its) => Some(Arc::new(read(its)?)),
                None => None,
            });
        }
        let mut outlines = Vec::new();
        for place in self.each() {
            let (_, Place { known, done: (deed, outcome), kind, hint }) = place?;
            if let Some(kind) = kinds.get(kind)? {
                outlines.push(Outline { known, deed, outcome, kind: Arc::clone(kind), hint });
            }
        }
        Some(outlines)
    }

    /// The positions of a handle, in the order of the log; none if they cannot be read.
    pub(super) fn positions(&self, whose: Uuid) -> Option<Vec<u64>> {
        let handle = handle(whose);
        let its: Vec<bool> =
            each_kind(&self.kinds).map(|kind| kind.starts_with(handle.as_str())).collect();
        let mut positions = Vec::new();
        for place in self.each() {
            let (_, place) = place?;
            if *its.get(place.kind)? {
                positions.push(place.known.position);
            }
        }
        Some(positions)
    }

    /// Each place, with its bytes; none of what is no place.
    fn each(&self) -> impl Iterator<Item = Option<(&str, Place)>> {
        let (first, mut rest) = (self.first, self.noted.as_str());
        std::iter::from_fn(move || {
            let (text, others) = rest.split_at_checked(LENGTH).unwrap_or((rest, ""));
            rest = others;
            (!text.is_empty()).then(|| Some((text, Place::read(first, text)?)))
        })
    }
}

fn each_kind(kinds: &str) -> impl Iterator<Item = &str> {
    kinds.split(' ').skip(1)
}

/// A place, as it is stored.
struct Place {
    known: Moment,
    done: Done,
    kind: usize,
    hint: u64,
}

impl Place {
    fn read(first: u64, text: &str) -> Option<Self> {
        let mut rest = (text.len() == LENGTH).then_some(text)?;
        let [within, at, what, kind, hint] = WIDTHS.map(|width| {
            let width = usize::try_from(width).unwrap_or_default();
            let (part, others) = rest.split_at_checked(width).unwrap_or(("/", "/"));
            rest = others;
            part
        });
        let position = first.checked_add(number_of(within)?)?;
        let known = Moment { position, at: instant_of(at)? };
        let kind = usize::try_from(number_of(kind)?).ok()?;
        Some(Self { known, done: done(number_of(what)?)?, kind, hint: number_of(hint)? })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::{
        super::outline::{Deed, Outcome},
        *,
    };

    fn noted(kind: Option<&str>, position: u64, micros: i64) -> Noted<'_> {
        let at = DateTime::from_timestamp_micros(micros).unwrap();
        let done = (Deed::Opened, Outcome::Refused);
        Noted { known: Moment { position, at }, done, kind, hint: 7 }
    }

    proptest! {
        #[test]
        fn what_was_noted_is_told_again(
            happened in prop::collection::vec((0_u128..4, 0_u64..32_768, 0..1_000_000_000_i64, 0..10_u64, 0..6_usize, 0..1_u64 << 18), 0..40),
        ) {
            let first = 65_536;
            let words = ["p.audit", "m.", "s.", "o-----------------------.x", "t.y", "a.z"];
            let (mut places, mut expected) = (Places::beginning(first), Vec::new());
            for (whose, within, micros, what, kind, hint) in happened {
                let kind = words[kind];
                let mut noted = noted(Some(kind), first | within, micros);
                (noted.done, noted.hint) = (done(what).unwrap(), hint);
                places = places.and(Uuid::from_u128(whose), &noted);
                let (deed, outcome) = noted.done;
                let kind = Arc::new(read(kind).unwrap());
                let outline = Outline { known: noted.known, deed, outcome, kind, hint };
                let of_this = |(_, one): &&(u128, Outline)| one.known.position == noted.known.position;
                let same = (whose, outline);
                if !expected.iter().rev().take_while(of_this).any(|one| *one == same) {
                    expected.push(same);
                }
            }
            let stored = serde_json::to_vec(&places).unwrap();
            let places: Places = serde_json::from_slice(&stored).unwrap();
            for whose in 0..4 {
                let of = expected.iter().filter(|(of, _)| *of == whose);
                let of: Vec<Outline> = of.map(|(_, outline)| outline.clone()).collect();
                let whose = Uuid::from_u128(whose);
                let positions = of.iter().map(|outline| outline.known.position).collect();
                prop_assert_eq!(places.positions(whose), Some(positions));
                prop_assert_eq!(places.outlines(whose), Some(of));
            }
        }
    }

    #[test]
    fn as_they_were_known_is_as_they_were() {
        let whose = Uuid::from_u128(1);
        let before = Places::beginning(0).and(whose, &noted(Some("p.a"), 3, 30));
        let after = before.clone().and(whose, &noted(Some("p.b"), 4, 40));
        let after = after.and(Uuid::from_u128(2), &noted(Some("p.c"), 5, 50));
        assert_eq!(after.clone().known_by(KnownBy::Position(3)), Some(before));
        assert_eq!(after.clone().known_by(KnownBy::Position(2)), None);
        assert_eq!(after.clone().known_by(KnownBy::Now), Some(after));
    }

    #[test]
    fn a_listing_is_noted_once_of_each_child() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let noted = noted(None, 3, 30);
        let places = [one, other, one, other, one];
        let places =
            places.into_iter().fold(Places::beginning(0), |places, of| places.and(of, &noted));
        assert_eq!(
            (places.positions(one), places.positions(other)),
            (Some(vec![3]), Some(vec![3]))
        );
    }

    #[test]
    fn what_is_no_place_is_not_passed_over() {
        let whose = Uuid::from_u128(1);
        let good = Places::beginning(0).and(whose, &noted(Some("p.a"), 3, 30));
        let cut = good.noted.get(..21).unwrap().to_owned();
        let wrong = [cut, good.noted.replace('-', "/"), good.noted.replace('7', "77")];
        for places in wrong {
            let places = Places { noted: places, ..good.clone() };
            assert_eq!(
                (places.positions(whose), places.outlines(whose)),
                (None, None),
                "{places:?}"
            );
        }
        let places = Places { kinds: String::new(), ..good };
        assert_eq!((places.positions(whose), places.outlines(whose)), (None, None), "{places:?}");
    }
}
