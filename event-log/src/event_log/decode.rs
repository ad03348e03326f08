//! What is stored, read as what happened.

use domain::{event::Event, recorded::Recorded};

use crate::{
    backend::{Lent, ReadError},
    codec::{self, Typed, Upcasts},
    entry::{self, AsWritten, Header, Section},
    keys::{Keys, NotFound},
    seal::{EventKey, Place},
};

/// The finding that what stands at this position is damaged.
pub(super) fn corrupt(stored: Lent<'_>, finding: impl std::fmt::Display) -> ReadError {
    ReadError::Corrupt { position: stored.position, finding: finding.to_string() }
}

/// The header of what is stored, checked against the place where it stands.
pub(super) fn header(stored: Lent<'_>) -> Result<(Header<'_>, &str), ReadError> {
    let (header, data) =
        entry::read(stored.entry, AsWritten).map_err(|error| corrupt(stored, error))?;
    in_place(stored, &header)?;
    Ok((header, data))
}

/// Reads an event; personal values whose key is not to be had are erased.
pub(super) fn decode(
    stored: Lent<'_>,
    keys: &Keys,
    upcasts: &Upcasts,
) -> Result<Recorded<Event>, ReadError> {
    let Some(sealed) = stored.sealed.filter(|_| !matches!(keys, Keys::Absent)) else {
        return decode_public(stored, upcasts);
    };
    // The content is looked at once it is opened, and not twice.
    let (header, data) = match entry::read_header(stored.entry) {
        Some((header, data)) => (in_place(stored, &header).map(|()| header)?, data),
        None => header(stored)?,
    };
    let [section] = header.sections.as_slice() else {
        return Err(corrupt(stored, "there is a sealed section that the entry does not name"));
    };
    let found = keys.of(header.id, section).map_err(|error| cannot_open(stored, error))?;
    let Some(found) = found else { return decode_public(stored, upcasts) };
    let personal = place(&found.origin, &header, section)
        .open(&found.key, section, sealed)
        .map_err(|error| corrupt(stored, error))?;
    let event = codec::decode_opened(header.name, data, &personal, upcasts)
        .map_err(|error| corrupt(stored, error))?;
    let position = stored.position;
    Ok(Recorded { stamp: header.stamp(position), event })
}

/// Reads an event in one pass, without what is personal in it.
fn decode_public(stored: Lent<'_>, upcasts: &Upcasts) -> Result<Recorded<Event>, ReadError> {
    let (header, event) =
        entry::read(stored.entry, Typed(upcasts)).map_err(|error| corrupt(stored, error))?;
    in_place(stored, &header)?;
    Ok(Recorded { stamp: header.stamp(stored.position), event })
}

/// The key that opens this event and no other; none if it has nothing sealed, or the key is gone.
pub(super) fn event_key(stored: Lent<'_>, keys: &Keys) -> Result<Option<EventKey>, ReadError> {
    let (header, _) = header(stored)?;
    let Some(section) = header.sections.first() else { return Ok(None) };
    let found = keys.of(header.id, section).map_err(|error| cannot_open(stored, error))?;
    Ok(found.map(|found| EventKey {
        origin: found.origin,
        event: header.id,
        role: section.role,
        key: found.key,
    }))
}

fn place<'a>(origin: &'a str, header: &Header<'_>, section: &Section) -> Place<'a> {
    Place { origin, event: header.id, role: section.role, key_id: section.key_id }
}

fn in_place(stored: Lent<'_>, header: &Header<'_>) -> Result<(), ReadError> {
    if header.stream == stored.stream && header.revision == stored.revision {
        Ok(())
    } else {
        Err(corrupt(stored, "the entry was written for another place in another stream"))
    }
}

fn cannot_open(stored: Lent<'_>, error: NotFound) -> ReadError {
    match error {
        NotFound::Ring(cause) => ReadError::Unavailable {
            doing: "looking up the key of an event".to_owned(),
            cause: Box::new(cause),
        },
        NotFound::Cipher(error) => corrupt(stored, error),
    }
}
