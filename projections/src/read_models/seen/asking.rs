//! What is asked of what was seen: where it lies, and then the log itself.

use chrono::{DateTime, Utc};
use domain::identity::{OrganisationId, PractitionerId};
use event_log::backend::ReadError;
use serde::de::Error as _;
use uuid::Uuid;

use super::{
    Document, Outline, Seen, Sight,
    first::{First, key},
    spans::Span,
    stretches::{BLOCK, Index, Key, REGION, first},
};
use crate::{
    ordered::instant,
    projection::Projection as _,
    reader::{Found, QueryError, Reader, Spoken},
    store::{Build, Range},
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
    let outlines = outlines(reader, whose, range).await?;
    let positions: Vec<u64> = outlines.iter().map(|found| found.document.known.position).collect();
    let sights = sights(reader, &positions).await?;
    let found = outlines.into_iter().map(|found| found.key).zip(sights);
    Ok(found.map(|(key, document)| Found { key, document }).collect())
}

/// The same, of each what can be said without its event. Of one practitioner or authority, no event is read.
///
/// # Errors
/// See [`QueryError`].
pub async fn outlines(
    reader: &Reader<Seen>,
    whose: Whose,
    range: &Range,
) -> Result<Vec<Found<Outline>>, QueryError> {
    let found = match whose {
        Whose::Anybody => anybodys(reader, range).await?,
        Whose::Practitioner(id) => ones(reader, (Index::Practitioner, id.uuid()), range).await?,
        Whose::Authority(id) => ones(reader, (Index::Authority, id.uuid()), range).await?,
    };
    Ok(found.into_iter().map(|document| Found { key: key(document.known), document }).collect())
}

/// The sights that stand at these positions of the log, in their order.
///
/// # Errors
/// [`QueryError::Log`], also where no sight stands.
pub async fn sights(reader: &Reader<Seen>, positions: &[u64]) -> Result<Vec<Sight>, QueryError> {
    let events = reader.log().open_events(positions).await?;
    let sights = positions.iter().zip(&events).map(|(position, recorded)| {
        recorded.as_ref().and_then(Sight::of).ok_or_else(|| ReadError::Corrupt {
            position: *position,
            finding: "what was seen stood here when it was recorded".to_owned(),
        })
    });
    Ok(sights.collect::<Result<_, _>>()?)
}

/// How many regions are asked at first; then four times as many each time.
const REGIONS: usize = 2;

/// What one practitioner or authority saw.
async fn ones(
    reader: &Reader<Seen>,
    (index, whose): (Index, Uuid),
    range: &Range,
) -> Result<Vec<Outline>, QueryError> {
    let mut first = First::of(range);
    let regions = regions_within(&stretches_within(reader, &first, range.backwards).await?);
    let (mut rest, mut at_once) = (regions.as_slice(), REGIONS);
    while let Some((some, others)) = rest.split_at_checked(at_once.min(rest.len())) {
        if some.first().is_none_or(|region| first.are_before(&region.span)) {
            break;
        }
        let places =
            some.iter().map(|region| Key::places_between(index, region.stretches, whose)).collect();
        let Spoken { value: found, build, .. } = reader.find(places).await?;
        for found in found {
            let Document::Places(places) = &found.document else { continue };
            let outlines = places.outlines(whose).ok_or_else(|| unreadable(&build, &found.key))?;
            for outline in outlines {
                first.add(outline.known, || outline);
            }
        }
        (rest, at_once) = (others, at_once.saturating_mul(4));
    }
    Ok(first.in_order())
}

/// What anybody saw: whole blocks of the log.
async fn anybodys(reader: &Reader<Seen>, range: &Range) -> Result<Vec<Outline>, QueryError> {
    let mut first = First::of(range);
    for (span, stretch) in stretches_within(reader, &first, range.backwards).await? {
        if first.are_before(&span) {
            break;
        }
        for (span, block) in blocks_within(reader, stretch, &first, range.backwards).await? {
            if first.are_before(&span) {
                break;
            }
            let length = usize::try_from(BLOCK).unwrap_or(usize::MAX);
            for stored in reader.log().read_stored(block, length).await? {
                if !Seen::concerns(stored.stream) {
                    continue;
                }
                let sight = match reader.log().decode_stored(&stored) {
                    Ok(recorded) => Sight::of(&recorded),
                    Err(ReadError::Corrupt { .. }) => None, // it is among the skipped
                    Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
                };
                if let Some(sight) = sight {
                    first.add(sight.known, || Outline::of(&sight));
                }
            }
        }
    }
    Ok(first.in_order())
}

/// Some stretches of a region, from one to another, and from when to when what is asked about is there.
#[derive(Clone, Copy)]
struct Region {
    span: Span,
    stretches: (u64, u64),
}

/// The regions of some stretches, in the order of the first stretch of each.
fn regions_within(stretches: &[(Span, u64)]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for (span, stretch) in stretches {
        let place = *places.entry(first(*stretch, REGION)).or_insert(regions.len());
        match regions.get_mut(place) {
            Some(Region { span: whole, stretches: (from, to) }) => {
                whole.from = whole.from.min(span.from);
                whole.to = whole.to.max(span.to);
                (*from, *to) = ((*from).min(*stretch), (*to).max(*stretch));
            }
            None => regions.push(Region { span: *span, stretches: (*stretch, *stretch) }),
        }
    }
    regions
}

/// How many documents of spans are read at once.
const SPANS: usize = 256;

/// The stretches that may hold something of a range of time, in its order, each with its first position.
async fn stretches_within<T>(
    reader: &Reader<Seen>,
    wanted: &First<'_, T>,
    backwards: bool,
) -> Result<Vec<(Span, u64)>, QueryError> {
    let mut page = Range { limit: SPANS, ..Key::stretches() };
    let mut within = Vec::new();
    loop {
        let found = reader.find(vec![page.clone()]).await?.value;
        for found in &found {
            let key = found.key.strip_prefix("d/").and_then(Key::of);
            if let Some(key) = key {
                within.extend(parts(key, &found.document, wanted));
            }
        }
        match found.last() {
            Some(last) if found.len() == SPANS => page = page.after(&last.key),
            Some(_) | None => break,
        }
    }
    Ok(in_order(within, backwards))
}

/// The blocks of a stretch that may hold something of it, in the same way.
async fn blocks_within<T>(
    reader: &Reader<Seen>,
    stretch: u64,
    wanted: &First<'_, T>,
    backwards: bool,
) -> Result<Vec<(Span, u64)>, QueryError> {
    let spans = reader.get(&Key::spans(Index::Blocks, stretch)).await?.value;
    let key = Key { index: Index::Blocks, first: stretch, ending: None };
    let within = spans.iter().flat_map(|spans| parts(key, spans, wanted)).collect();
    Ok(in_order(within, backwards))
}

/// The parts of which a document of spans tells that may hold something, each with its first position.
fn parts<T>(key: Key, document: &Document, wanted: &First<'_, T>) -> Vec<(Span, u64)> {
    let Document::Spans(spans) = document else { return Vec::new() };
    let begins = |part: u64| key.first.saturating_add(part.saturating_mul(key.index.part()));
    let met = spans.parts().filter(|(_, span)| wanted.meets(span));
    met.map(|(part, span)| (span, begins(part))).collect()
}

fn in_order(mut within: Vec<(Span, u64)>, backwards: bool) -> Vec<(Span, u64)> {
    if backwards {
        within.sort_by_key(|(span, first)| std::cmp::Reverse((span.to, *first)));
    } else {
        within.sort_by_key(|(span, first)| (span.from, *first));
    }
    within
}

/// That what is stored of places is none.
pub(super) fn unreadable(build: &Build, key: &str) -> QueryError {
    let cause = serde_json::Error::custom("a place is not written as places are");
    QueryError::Unreadable { build: build.clone(), key: key.to_owned(), cause }
}
