//! The first of what is found in a range of time, in its order: as many as are wanted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::spans::Span;
use crate::{
    dated::Moment,
    ordered::{instant, instant_of, place, position},
    store::Range,
};

/// A place in the order of time: instant, position.
type Place = (DateTime<Utc>, u64);

/// The place of a sight in the order of time, as a key.
pub(super) fn key(of: Moment) -> String {
    format!("{}|{}", instant(of.at), place(of.position))
}

/// The place at which a range begins, or before which it ends: an instant, a key, or what follows a key.
fn bound(text: &str) -> Option<Place> {
    let (text, after) = text.strip_suffix('\0').map_or((text, 0), |text| (text, 1));
    match text.split_once('|') {
        None => Some((instant_of(text)?, after)),
        Some((at, place)) => Some((instant_of(at)?, position(place)?.checked_add(after)?)),
    }
}

/// The first of what was found in a range, in its order: as many as are wanted.
pub(super) struct First<'a, T> {
    range: &'a Range,
    /// From a place, inclusive, to another, exclusive; none where the range is not written so.
    bounds: Option<(Place, Place)>,
    found: BTreeMap<Place, T>,
}

impl<'a, T> First<'a, T> {
    pub(super) fn of(range: &'a Range) -> Self {
        let bounds = bound(&range.from).zip(bound(&range.to));
        Self { range, bounds, found: BTreeMap::new() }
    }

    fn holds(&self, at: Moment) -> bool {
        if let Some((from, to)) = self.bounds {
            let place = (at.at, at.position);
            return from <= place && place < to;
        }
        let key = key(at);
        key >= self.range.from && key < self.range.to
    }

    /// Whether something of a span may be in the range.
    pub(super) fn meets(&self, span: &Span) -> bool {
        self.bounds.is_none_or(|(from, to)| (span.from, 0) < to && (span.to, u64::MAX) >= from)
    }

    pub(super) fn add(&mut self, at: Moment, it: impl FnOnce() -> T) {
        if !self.holds(at) || self.is_behind(at) {
            return;
        }
        self.found.insert((at.at, at.position), it());
        if self.found.len() > self.range.limit {
            drop(if self.range.backwards { self.found.pop_first() } else { self.found.pop_last() });
        }
    }

    /// Whether there are as many as are wanted already, and all of them come before this one.
    fn is_behind(&self, at: Moment) -> bool {
        let place = (at.at, at.position);
        self.found.len() >= self.range.limit
            && if self.range.backwards {
                self.found.first_key_value().is_none_or(|(last, _)| *last > place)
            } else {
                self.found.last_key_value().is_none_or(|(last, _)| *last < place)
            }
    }

    /// Whether nothing of a span, nor of any that is sorted behind it, belongs among them.
    pub(super) fn are_before(&self, span: &Span) -> bool {
        self.found.len() >= self.range.limit
            && if self.range.backwards {
                self.found.first_key_value().is_none_or(|((last, _), _)| *last > span.to)
            } else {
                self.found.last_key_value().is_none_or(|((last, _), _)| *last < span.from)
            }
    }

    pub(super) fn in_order(self) -> Vec<T> {
        if self.range.backwards {
            self.found.into_values().rev().collect()
        } else {
            self.found.into_values().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_are_compared_as_their_keys_are(
            ends in prop::array::uniform2((0_i64..5, 0_u64..4, 0..3_usize)), micros in 0_i64..5, position in 0_u64..4,
        ) {
            let at = |micros| DateTime::from_timestamp_micros(micros).unwrap();
            let [from, to] = ends.map(|(micros, position, how)| {
                let key = key(Moment { position, at: at(micros) });
                match how {
                    0 => instant(at(micros)),
                    1 => key,
                    _ => format!("{key}\0"),
                }
            });
            let range = Range { from, to, backwards: false, limit: 9 };
            let first = First::<()>::of(&range);
            prop_assert!(first.bounds.is_some());
            let moment = Moment { position, at: at(micros) };
            let by_key = key(moment) >= range.from && key(moment) < range.to;
            prop_assert_eq!(first.holds(moment), by_key);
            let span = Span { from: at(micros), to: at(micros) };
            prop_assert!(!by_key || first.meets(&span));
        }
    }

    #[test]
    fn a_range_of_other_keys_is_compared_as_text() {
        let range = Range { from: "/".to_owned(), to: "zz".to_owned(), backwards: false, limit: 9 };
        let mut first = First::of(&range);
        assert!(first.bounds.is_none());
        first.add(Moment { position: 7, at: DateTime::UNIX_EPOCH }, || 7);
        assert_eq!(first.in_order(), [7]);
    }
}
