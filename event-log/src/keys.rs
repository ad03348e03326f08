//! With what keys a log is read: the ring itself, a file of some, or none.

use std::sync::Arc;

use domain::identity::EventId;
use uuid::Uuid;

use crate::{
    entry::Section,
    keyring::{Keyring, KeyringError, OfflineKeys},
    seal::{Place, Refused, Secret, SubjectKey},
};

/// With what keys a log is read.
#[derive(Clone, Debug)]
pub enum Keys {
    /// None: every personal value reads as erased.
    Absent,
    /// All there are: the server's own.
    Ring(Arc<Keyring>),
    /// Those of a file.
    Offline(Arc<OfflineKeys>),
}

/// The key of one event, and the log it belongs to.
pub(crate) struct Found {
    pub(crate) origin: String,
    pub(crate) key: Secret,
}

/// Why a key could not be had.
#[derive(Debug)]
pub(crate) enum NotFound {
    Ring(KeyringError),
    Cipher(Refused),
}

impl Keys {
    /// The key of an event's section, if it is to be had.
    pub(crate) fn of(&self, event: EventId, section: &Section) -> Result<Option<Found>, NotFound> {
        let place = |origin| Place { origin, event, role: section.role, key_id: section.key_id };
        match self {
            Self::Absent => Ok(None),
            Self::Ring(ring) => {
                let Some(subject) = ring.key(section.key_id).map_err(NotFound::Ring)? else {
                    return unless_unknown(ring, section.key_id);
                };
                let key = place(ring.origin()).key(&subject).map_err(NotFound::Cipher)?;
                Ok(Some(Found { origin: ring.origin().to_owned(), key }))
            }
            Self::Offline(keys) => {
                if let Some(found) = keys.event(event, section.role) {
                    let (origin, key) = (found.origin.clone(), found.key.clone());
                    return Ok(Some(Found { origin, key }));
                }
                let Some((origin, subject)) = keys.subject(section.key_id) else {
                    return Ok(None);
                };
                let subject = SubjectKey::of(subject.clone()).map_err(NotFound::Cipher)?;
                let key = place(origin).key(&subject).map_err(NotFound::Cipher)?;
                Ok(Some(Found { origin: origin.to_owned(), key }))
            }
        }
    }

    /// The ring, for whoever writes.
    pub(crate) fn ring(&self) -> Option<&Arc<Keyring>> {
        match self {
            Self::Ring(ring) => Some(ring),
            Self::Absent | Self::Offline(_) => None,
        }
    }
}

/// A key that is gone has left a tombstone. One of which a ring among several knows nothing is another
/// server's, and out of reach: that must not pass for an erasure.
fn unless_unknown(ring: &Keyring, subject: Uuid) -> Result<Option<Found>, NotFound> {
    match ring.state(subject) {
        Ok(None) if ring.is_one_of_several() => Err(NotFound::Ring(KeyringError::NoKey(subject))),
        Ok(_) => Ok(None),
        Err(error) => Err(NotFound::Ring(error)),
    }
}
