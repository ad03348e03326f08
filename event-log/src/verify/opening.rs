//! Keys at hand, held against what the entries commit to.

use domain::identity::EventId;

use super::Sign;
use crate::{
    entry::Section,
    keys::{Keys, NotFound},
    seal::{Place, Refused},
};

/// Whether a section opens, if its key is at hand: with the key that the entry commits to.
pub(super) fn opens(
    keys: &Keys,
    event: EventId,
    section: &Section,
    sealed: &[u8],
) -> Result<bool, Sign> {
    let found = match keys.of(event, section) {
        Ok(None) => return Ok(false),
        Ok(Some(found)) => found,
        Err(NotFound::Ring(why)) => return Err(Sign::SectionUnopened(why.to_string())),
        Err(NotFound::Cipher(why)) => return Err(Sign::SectionUnopened(why.to_string())),
    };
    let place = Place { origin: &found.origin, event, role: section.role, key_id: section.key_id };
    match place.open(&found.key, section, sealed) {
        Ok(_personal) => Ok(true),
        Err(Refused::WrongKey) => Err(Sign::KeyNotCommitted),
        Err(why) => Err(Sign::SectionUnopened(why.to_string())),
    }
}
