//! Which searches listed a child.

use domain::identity::ChildRef;

use super::{
    Document, Seen,
    asking::unreadable,
    stretches::{Index, Key, regions},
    tail::{LONGEST_TAIL, listed_between},
};
use crate::reader::{QueryError, Reader, Spoken};

/// The positions of the searches whose lists named a child, in order: every one that is in the log when this
/// is asked. What the read model has yet to take in is read in the log.
///
/// # Errors
/// See [`QueryError`]; [`QueryError::TooFarBehind`] when that is too much.
pub async fn listings_of(reader: &Reader<Seen>, child: ChildRef) -> Result<Vec<u64>, QueryError> {
    let wanted = reader.log().length();
    let places = regions(wanted)
        .map(|stretches| Key::places_between(Index::Listed, stretches, child.uuid()));
    let Spoken { value: found, build, next, .. } = reader.find(places.collect()).await?;
    if wanted.saturating_sub(next) > LONGEST_TAIL {
        return Err(QueryError::TooFarBehind { build, next, wanted });
    }
    let mut listings = Vec::new();
    for found in found {
        if let Document::Places(places) = &found.document {
            let positions = places.positions(child.uuid());
            listings.extend(positions.ok_or_else(|| unreadable(&build, &found.key))?);
        }
    }
    listings.extend(listed_between(reader.log(), child, (next, wanted)).await?);
    Ok(listings)
}
