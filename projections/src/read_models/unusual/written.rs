//! How papers are written: acts and searches packed into one line of text each list, for a paper has many.
//!
//! An act is the handle of its event and its instant, 33 characters; a search is an act with a mark or a dot for
//! each of its terms.

use std::fmt::Display;

use domain::{
    identity::EventId,
    unusual::{Act, sequence::Asked},
};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::{
    marks::Mark,
    ordered::{handle, handle_of, instant, instant_of, place, position},
};

/// Of a handle, of an instant, of a mark.
const WIDTHS: (usize, usize, usize) = (22, 11, 11);

/// How many terms a search has a place for.
const TERMS: usize = 6;

/// Where nothing was asked for.
const NOTHING: char = '.';

/// What is left of a line that is being read.
struct Line<'a>(&'a str);

impl<'a> Line<'a> {
    fn take(&mut self, width: usize) -> Option<&'a str> {
        let (taken, rest) = self.0.split_at_checked(width)?;
        self.0 = rest;
        Some(taken)
    }

    fn act(&mut self) -> Option<Act> {
        let event = EventId::new(handle_of(self.take(WIDTHS.0)?)?);
        let at = instant_of(self.take(WIDTHS.1)?)?;
        Some(Act { event, at })
    }

    /// The next term, put where it belongs; none if there is neither a mark nor a dot.
    fn term(&mut self, into: &mut Vec<Option<Mark>>) -> Option<()> {
        if let Some(rest) = self.0.strip_prefix(NOTHING) {
            self.0 = rest;
            into.push(None);
        } else {
            into.push(Some(Mark::of_bits(position(self.take(WIDTHS.2)?)?)));
        }
        Some(())
    }

    fn search(&mut self) -> Option<Asked<Mark>> {
        let act = self.act()?;
        let mut terms = Vec::with_capacity(TERMS);
        for _ in 0..TERMS {
            self.term(&mut terms)?;
        }
        Some(Asked { act, terms })
    }

    /// As many as there are.
    fn all<T>(mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        while !self.0.is_empty() {
            all.push(one(&mut self)?);
        }
        Some(all)
    }
}

fn write(act: &Act, line: &mut String) {
    line.push_str(&handle(act.event.uuid()));
    line.push_str(&instant(act.at));
}

fn wrong<E: Error>(line: impl Display) -> E {
    E::custom(format_args!("not a line of acts: {line}"))
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<std::borrow::Cow<'de, str>, D::Error> {
    std::borrow::Cow::deserialize(from)
}

/// A list of acts.
pub(super) mod acts {
    use super::{Act, Deserializer, Line, Serializer, WIDTHS, text, write, wrong};

    pub(in super::super) fn serialize<S: Serializer>(
        acts: &[Act],
        into: S,
    ) -> Result<S::Ok, S::Error> {
        let width = WIDTHS.0.saturating_add(WIDTHS.1);
        let mut line = String::with_capacity(acts.len().saturating_mul(width));
        for act in acts {
            write(act, &mut line);
        }
        into.serialize_str(&line)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Act>, D::Error> {
        let line = text(from)?;
        Line(&line).all(Line::act).ok_or_else(|| wrong(&line))
    }
}

/// An act, or none: a list of one, or of none.
pub(super) mod act {
    use super::{Act, Deserializer, Serializer, acts};

    #[expect(clippy::ref_option, reason = "as serde calls it")]
    pub(in super::super) fn serialize<S: Serializer>(
        act: &Option<Act>,
        into: S,
    ) -> Result<S::Ok, S::Error> {
        acts::serialize(act.as_slice(), into)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Act>, D::Error> {
        acts::deserialize(from).map(|acts| acts.into_iter().next())
    }
}

/// A list of searches.
pub(super) mod searches {
    use super::{
        Asked, Deserializer, Line, Mark, NOTHING, Serializer, TERMS, place, text, write, wrong,
    };

    pub(in super::super) fn serialize<S: Serializer>(
        searches: &[Asked<Mark>],
        into: S,
    ) -> Result<S::Ok, S::Error> {
        let mut line = String::with_capacity(searches.len().saturating_mul(100));
        for search in searches {
            write(&search.act, &mut line);
            let terms = search.terms.iter().copied().chain(std::iter::repeat(None));
            for term in terms.take(TERMS) {
                match term {
                    Some(mark) => line.push_str(&place(mark.bits())),
                    None => line.push(NOTHING),
                }
            }
        }
        into.serialize_str(&line)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Asked<Mark>>, D::Error> {
        let line = text(from)?;
        Line(&line).all(Line::search).ok_or_else(|| wrong(&line))
    }
}

#[cfg(test)]
mod tests {
    use domain::unusual::{Act, sequence::Asked};
    use serde::{Deserialize, Serialize};
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Paper {
        #[serde(with = "act")]
        last: Option<Act>,
        #[serde(with = "acts")]
        looks: Vec<Act>,
        #[serde(with = "searches")]
        searches: Vec<Asked<Mark>>,
    }

    fn done(number: u128) -> Act {
        let at = "2009-06-22T10:00:00.000001Z".parse().unwrap();
        Act { event: EventId::new(Uuid::from_u128(number)), at }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mark = |bits| Some(Mark::of_bits(bits));
        let terms = vec![mark(0), None, mark(u64::MAX), None, None, mark(7)];
        let asked = |number| Asked { act: done(number), terms: terms.clone() };
        for paper in [
            Paper { last: None, looks: vec![], searches: vec![] },
            Paper {
                last: Some(done(1)),
                looks: vec![done(u128::MAX), done(0)],
                searches: vec![asked(3), asked(4)],
            },
        ] {
            let text = serde_json::to_string(&paper).unwrap();
            assert_eq!(serde_json::from_str::<Paper>(&text).unwrap(), paper, "{text}");
        }
    }

    #[test]
    fn a_line_that_is_cut_off_or_holds_something_else_is_refused() {
        let text = |last: &str| format!(r#"{{"last":"{last}","looks":"","searches":""}}"#);
        let line = format!("{}{}", handle(Uuid::nil()), instant(done(0).at));
        assert!(serde_json::from_str::<Paper>(&text(&line)).is_ok());
        for wrong in [&line[1..], &line.replace('-', "/"), "é"] {
            assert!(serde_json::from_str::<Paper>(&text(wrong)).is_err(), "{wrong}");
        }
    }
}
