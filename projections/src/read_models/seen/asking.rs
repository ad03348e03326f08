//! What is asked of what was seen: where it lies, and then the log itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::identity::{ChildRef, EventId, OrganisationId, PractitionerId};
use event_log::{EventLog, backend::ReadError};
use uuid::Uuid;

use super::{
    Document, Seen, Sight,
    stretches::{BLOCK, Index, Key, Span, firsts},
    tail::{LONGEST_TAIL, listed_between},
    withheld_key,
};
use crate::{
    dated::{KnownBy, Moment},
    ordered::{instant, place},
    projection::Projection as _,
    reader::{Found, QueryError, Reader, Spoken},
    store::Range,
};

/// From an instant, inclusive, to another, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

impl Window {
    /// The sights in it, the earliest first, at most so many. Its keys are those of [`find`], and no keys of
    /// the store.
    pub fn sights(self, limit: usize) -> Range {
        Range { from: instant(self.from), to: instant(self.to), backwards: false, limit }
    }
}

/// Whose sights are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of anybody.
    Anybody,
    /// Of one practitioner.
    Practitioner(PractitionerId),
    /// Of people of one authority.
    Authority(OrganisationId),
}

/// The place of a sight in the order of time: instant, position.
fn key(of: Moment) -> String {
    format!("{}|{}", instant(of.at), place(of.position))
}

/// The sights of somebody in a range of time ([`Window::sights`]), in its order, each under the key of its
/// place in time. A page that follows begins after that key.
///
/// # Errors
/// See [`QueryError`].
pub async fn find(
    reader: &Reader<Seen>,
    whose: Whose,
    range: &Range,
) -> Result<Vec<Found<Sight>>, QueryError> {
    let found = match whose {
        Whose::Anybody => anybodys(reader, range).await?,
        Whose::Practitioner(id) => ones(reader, (Index::Practitioner, id.uuid()), range).await?,
        Whose::Authority(id) => ones(reader, (Index::Authority, id.uuid()), range).await?,
    };
    Ok(found.into_iter().map(|(key, document)| Found { key, document }).collect())
}

/// The first of what was found in a range, in its order: as many as are wanted.
struct First<'a, T> {
    range: &'a Range,
    found: BTreeMap<String, T>,
}

impl<'a, T> First<'a, T> {
    const fn of(range: &'a Range) -> Self {
        Self { range, found: BTreeMap::new() }
    }

    fn add(&mut self, at: Moment, it: T) {
        let key = key(at);
        if key < self.range.from || key >= self.range.to {
            return;
        }
        self.found.insert(key, it);
        if self.found.len() > self.range.limit {
            drop(if self.range.backwards { self.found.pop_first() } else { self.found.pop_last() });
        }
    }

    /// Whether nothing of a span, nor of any that is sorted behind it, belongs among them.
    fn are_before(&self, span: &Span) -> bool {
        if self.found.len() < self.range.limit {
            return false;
        }
        if self.range.backwards {
            self.found.first_key_value().is_none_or(|(first, _)| *first > after(span))
        } else {
            self.found.last_key_value().is_none_or(|(last, _)| *last < instant(span.from))
        }
    }

    fn in_order(self) -> Vec<(String, T)> {
        let mut all: Vec<_> = self.found.into_iter().collect();
        if self.range.backwards {
            all.reverse();
        }
        all
    }
}

/// After every key of a span.
fn after(span: &Span) -> String {
    format!("{}~", instant(span.to))
}

/// How many stretches are asked at first; then twice as many each time.
const STRETCHES: usize = 4;

/// The sights of one practitioner or authority.
async fn ones(
    reader: &Reader<Seen>,
    (index, whose): (Index, Uuid),
    range: &Range,
) -> Result<Vec<(String, Sight)>, QueryError> {
    let spans = spans_within(reader, Key::stretches(), range).await?;
    let mut first = First::of(range);
    let (mut rest, mut at_once) = (spans.as_slice(), STRETCHES);
    while let Some((some, others)) = rest.split_at_checked(at_once.min(rest.len())) {
        if some.first().is_none_or(|(span, _)| first.are_before(span)) {
            break;
        }
        let places = some.iter().map(|(_, first)| Key::all_places(index, *first, whose)).collect();
        for moment in moments(reader.find(places).await?.value) {
            first.add(moment, moment.position);
        }
        (rest, at_once) = (others, at_once.saturating_mul(2));
    }
    let (keys, positions): (Vec<_>, Vec<_>) = first.in_order().into_iter().unzip();
    Ok(keys.into_iter().zip(sights_at(reader.log(), &positions).await?).collect())
}

/// The sights of anybody: whole blocks of the log.
async fn anybodys(
    reader: &Reader<Seen>,
    range: &Range,
) -> Result<Vec<(String, Sight)>, QueryError> {
    let mut first = First::of(range);
    for (span, stretch) in spans_within(reader, Key::stretches(), range).await? {
        if first.are_before(&span) {
            break;
        }
        for (span, block) in spans_within(reader, Key::blocks(stretch), range).await? {
            if first.are_before(&span) {
                break;
            }
            let block = block..block.saturating_add(BLOCK);
            let length = usize::try_from(BLOCK).unwrap_or(usize::MAX);
            for stored in reader.log().read_stored(block.start, length).await? {
                if !Seen::concerns(stored.stream) {
                    continue;
                }
                let sight = match reader.log().decode_stored(&stored) {
                    Ok(recorded) => Sight::of(&recorded),
                    Err(ReadError::Corrupt { .. }) => None, // it is among the skipped
                    Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
                };
                if let Some(sight) = sight {
                    first.add(sight.known, sight);
                }
            }
        }
    }
    Ok(first.in_order())
}

/// The sights that stand at these positions of the log, in their order.
async fn sights_at(log: &EventLog, positions: &[u64]) -> Result<Vec<Sight>, ReadError> {
    let events = log.open_events(positions).await?;
    let sights = positions.iter().zip(&events).map(|(position, recorded)| {
        recorded.as_ref().and_then(Sight::of).ok_or_else(|| ReadError::Corrupt {
            position: *position,
            finding: "what was seen stood here when it was recorded".to_owned(),
        })
    });
    sights.collect()
}

/// How many spans are read at once.
const SPANS: usize = 4_096;

/// Those of some spans that may hold something of a range of time, in its order, each with its first position.
async fn spans_within(
    reader: &Reader<Seen>,
    spans: Range,
    range: &Range,
) -> Result<Vec<(Span, u64)>, QueryError> {
    let mut page = Range { limit: SPANS, ..spans };
    let mut within = Vec::new();
    loop {
        let found = reader.find(vec![page.clone()]).await?.value;
        for found in &found {
            let key = found.key.strip_prefix("d/").and_then(Key::of);
            let (Some(key), Document::Span(span)) = (key, &found.document) else { continue };
            if instant(span.from) < range.to && after(span) > range.from {
                within.push((*span, key.first));
            }
        }
        match found.last() {
            Some(last) if found.len() == SPANS => page = page.after(&last.key),
            Some(_) | None => break,
        }
    }
    if range.backwards {
        within.sort_by_key(|(span, first)| std::cmp::Reverse((span.to, *first)));
    } else {
        within.sort_by_key(|(span, first)| (span.from, *first));
    }
    Ok(within)
}

/// When it turned out that nothing of these disclosures was released after all, of each in its turn, if it
/// did by then. All are asked about at one instant.
///
/// # Errors
/// See [`QueryError`].
pub async fn withheld(
    reader: &Reader<Seen>,
    disclosures: impl Iterator<Item = EventId>,
    known_by: KnownBy,
) -> Result<Vec<Option<Moment>>, QueryError> {
    let keys: Vec<String> = disclosures.map(withheld_key).collect();
    let noted = reader.get_all(&keys).await?.value;
    Ok(noted.into_iter().map(|noted| since(noted, known_by)).collect())
}

fn since(noted: Option<Document>, known_by: KnownBy) -> Option<Moment> {
    match noted.and_then(|noted| Seen::as_of(noted, known_by)) {
        Some(Document::Withheld(withheld)) => Some(withheld.known),
        Some(Document::Places(_) | Document::Span(_)) | None => None,
    }
}

/// The positions of the searches whose lists named a child, in order: every one that is in the log when this
/// is asked. What the read model has yet to take in is read in the log.
///
/// # Errors
/// See [`QueryError`]; [`QueryError::TooFarBehind`] when that is too much.
pub async fn listings_of(reader: &Reader<Seen>, child: ChildRef) -> Result<Vec<u64>, QueryError> {
    let wanted = reader.log().length();
    let stretches = firsts(wanted);
    let places = stretches.map(|first| Key::all_places(Index::Listed, first, child.uuid()));
    let Spoken { value: found, build, next, .. } = reader.find(places.collect()).await?;
    if wanted.saturating_sub(next) > LONGEST_TAIL {
        return Err(QueryError::TooFarBehind { build, next, wanted });
    }
    let mut listings: Vec<u64> = moments(found).map(|moment| moment.position).collect();
    listings.extend(listed_between(reader.log(), child, (next, wanted)).await?);
    Ok(listings)
}

/// Where and when, of documents of places.
fn moments(found: Vec<Found<Document>>) -> impl Iterator<Item = Moment> {
    found.into_iter().flat_map(|found| match found.document {
        Document::Places(places) => places.moments().collect(),
        Document::Withheld(_) | Document::Span(_) => Vec::new(),
    })
}
