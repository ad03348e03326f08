//! What is asked of what was seen.

use chrono::{DateTime, Utc};
use domain::identity::{ChildRef, EventId, OrganisationId, PractitionerId};

use super::{AUTHORITY, Document, LISTED, PRACTITIONER, Seen, Sight, TIME, withheld_key};
use crate::{
    dated::{KnownBy, Moment},
    ordered::{handle, instant, position},
    projection::Projection as _,
    reader::{Found, QueryError, Reader, Spoken},
    store::{Ask, Range, beginning_with, between},
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
    fn of(self, index: &str, whose: &str, limit: usize) -> Range {
        let within = if whose.is_empty() { String::new() } else { format!("{whose}/") };
        let bound = |at| format!("{within}{}", instant(at));
        between(index, &bound(self.from), &bound(self.to), limit)
    }
}

/// Everything a practitioner saw in a window, the earliest first.
pub fn by_practitioner(practitioner: PractitionerId, window: Window, limit: usize) -> Range {
    window.of(PRACTITIONER, &handle(practitioner.uuid()), limit)
}

/// Everything that people of an authority saw in a window, the earliest first.
pub fn by_authority(authority: OrganisationId, window: Window, limit: usize) -> Range {
    window.of(AUTHORITY, &handle(authority.uuid()), limit)
}

/// Everything that anybody saw in a window, the earliest first.
pub fn by_anybody(window: Window, limit: usize) -> Range {
    window.of(TIME, "", limit)
}

/// The sights among documents.
pub fn sights(found: Vec<Found<Document>>) -> impl Iterator<Item = Sight> {
    found.into_iter().filter_map(|found| match found.document {
        Document::Sight(sight) => Some(*sight),
        Document::Withheld(_) => None,
    })
}

/// When it turned out that nothing of a disclosure was released after all, if it did by then.
///
/// # Errors
/// See [`QueryError`].
pub async fn withheld(
    reader: &Reader<Seen>,
    disclosure: EventId,
    known_by: KnownBy,
) -> Result<Option<Moment>, QueryError> {
    let noted = reader.get(&withheld_key(disclosure)).await?.value;
    Ok(match noted.and_then(|noted| Seen::as_of(noted, known_by)) {
        Some(Document::Withheld(withheld)) => Some(withheld.known),
        Some(Document::Sight(_)) | None => None,
    })
}

/// How many entries are read at once.
const PAGE: usize = 1_024;

/// The positions of the searches whose lists named a child, in order.
///
/// # Errors
/// See [`QueryError`].
pub async fn listings_of(
    reader: &Reader<Seen>,
    child: ChildRef,
) -> Result<Spoken<Vec<u64>>, QueryError> {
    let mut range = beginning_with(LISTED, &format!("{}|", handle(child.uuid())), PAGE);
    let mut listings = Vec::new();
    loop {
        let spoken = reader.ask(vec![Ask::Rows(range.clone())]).await?;
        let page = spoken.value.first().map(Vec::as_slice).unwrap_or_default();
        let place = |key: &str| key.rsplit_once('|').and_then(|(_, place)| position(place));
        listings.extend(page.iter().filter_map(|row| place(&row.key)));
        match page.last() {
            Some(last) if page.len() == PAGE => range = range.after(&last.key),
            Some(_) | None => break Ok(spoken.map(|_| listings)),
        }
    }
}
