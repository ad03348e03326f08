//! From when to when the sights of some parts of the log are, one part after the other.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The first and the last instant of the sights in each part, by its number: those of the stretches of a region, or
/// of the blocks of a stretch. A part without sights has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spans(Vec<Part>);

/// Its number, and the first and the last instant in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part(u64, i64, i64);

/// From an instant to another, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
}

impl Spans {
    /// With one more instant in a part.
    pub(super) fn and(mut self, part: u64, at: DateTime<Utc>) -> Self {
        let at = at.timestamp_micros();
        match self.0.binary_search_by_key(&part, |one| one.0) {
            Ok(place) => {
                if let Some(Part(_, from, to)) = self.0.get_mut(place) {
                    (*from, *to) = ((*from).min(at), (*to).max(at));
                }
            }
            Err(place) => self.0.insert(place, Part(part, at, at)),
        }
        self
    }

    /// How many bytes the parts take.
    pub(super) const fn length(&self) -> usize {
        self.0.len().saturating_mul(size_of::<Part>())
    }

    /// Each part, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = (u64, Span)> + '_ {
        self.0.iter().filter_map(|Part(part, from, to)| {
            let at = DateTime::from_timestamp_micros;
            Some((*part, Span { from: at(*from)?, to: at(*to)? }))
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Part, Spans};

    #[test]
    fn a_part_reaches_from_its_first_instant_to_its_last() {
        let spans = [(2, 30), (2, 10), (5, 7), (2, 20), (0, 9)];
        let spans = spans.into_iter().fold(Spans::default(), |spans, (part, micros)| {
            spans.and(part, DateTime::from_timestamp_micros(micros).unwrap())
        });
        assert_eq!(spans, Spans(vec![Part(0, 9, 9), Part(2, 10, 30), Part(5, 7, 7)]));
        assert_eq!(spans.parts().map(|(part, _)| part).collect::<Vec<_>>(), [0, 2, 5]);
    }
}
