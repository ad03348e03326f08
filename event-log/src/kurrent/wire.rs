//! What travels: names of streams, entries byte for byte, sealed sections as custom metadata.

use domain::stream::Stream;
use eventstore_client::{EventData, ResolvedEvent};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::append::{AppendError, NewEvent};

/// What the names of our streams begin with; the log's order is that of these streams in `$all`.
pub(super) const PREFIX: &str = "cp-";

/// The names of streams on the server.
#[derive(Clone, Debug)]
pub(super) struct Names {
    prefix: String,
}

/// The first byte of custom metadata that holds a sealed section. Without it an empty section could
/// not be told from none.
const SEALED: u8 = 1;

/// The most bytes in one append that every server takes with its usual settings, less some room for
/// what the protocol adds.
pub(super) const LONGEST_APPEND: usize = 1_048_576 - 65_536;

/// A place in `$all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) commit: u64,
    pub(super) prepare: u64,
}

/// An event as the server gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) revision: u64,
    pub(super) at: At,
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) entry: Vec<u8>,
    pub(super) sealed: Option<Vec<u8>>,
    /// When the server says it was written: 100 ns ticks since 1970.
    pub(super) created: Option<u64>,
}

impl Names {
    pub(super) fn with(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    pub(super) fn prefix(&self) -> String {
        self.prefix.clone()
    }

    /// The name of a stream on the server.
    pub(super) fn of(&self, stream: Stream) -> String {
        format!("{}{stream}", self.prefix)
    }

    /// The stream of this name, if it is one of the log's.
    pub(super) fn stream(&self, name: &str) -> Option<Stream> {
        name.strip_prefix(&self.prefix)?.parse().ok()
    }

    /// The stream whose first event says which installation this is. It is no part of the log.
    pub(super) fn genesis(&self) -> String {
        format!("{}genesis", self.prefix)
    }

    /// The stream that says who signs the log. It is no part of it, and does not begin as its streams do.
    pub(super) fn signer(&self) -> String {
        format!("signer-{}log", self.prefix)
    }

    /// The stream in which the servers' rings of keys say what they do. It is no part of the log either.
    pub(super) fn keys(&self) -> String {
        format!("keys-{}log", self.prefix)
    }

    /// An event that was read; none if its stream's name or its metadata cannot be ours.
    pub(super) fn found(&self, event: &ResolvedEvent) -> Option<Found> {
        let event = event.get_original_event();
        // The client does not check what it calls text.
        let name = std::str::from_utf8(event.stream_id().as_bytes()).ok()?.to_owned();
        let sealed = match event.custom_metadata.split_first() {
            None => None,
            Some((&SEALED, sealed)) => Some(sealed.to_vec()),
            // Only the log's own events are framed.
            Some(_) if self.stream(&name).is_none() => None,
            Some(_) => return None,
        };
        Some(Found {
            name,
            revision: event.revision,
            at: At { commit: event.position.commit, prepare: event.position.prepare },
            id: event.id,
            kind: event.event_type.clone(),
            entry: event.data.to_vec(),
            sealed,
            created: event.metadata.get("created").and_then(|ticks| ticks.parse().ok()),
        })
    }
}

#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(default, borrow)]
    r#type: Option<std::borrow::Cow<'a, str>>,
}

/// The events as they are sent.
///
/// # Errors
/// When one is no JSON object, has white space round it, or all of them are too long together.
pub(super) fn proposed(events: &[NewEvent]) -> Result<Vec<EventData>, AppendError> {
    let bytes = events.iter().fold(0_usize, |bytes, event| {
        let sealed = event.sealed.as_ref().map_or(0, |sealed| sealed.len().saturating_add(1));
        bytes.saturating_add(event.entry.len()).saturating_add(sealed)
    });
    if bytes > LONGEST_APPEND {
        return Err(AppendError::Unstorable(
            "an append has more than 983,040 bytes, which is what KurrentDB takes in one",
        ));
    }
    events.iter().map(one).collect()
}

fn one(event: &NewEvent) -> Result<EventData, AppendError> {
    let malformed =
        || AppendError::Unstorable("an entry is not a JSON object without white space round it");
    let entry = std::str::from_utf8(&event.entry).map_err(|_| malformed())?;
    let typed: Typed<'_> = serde_json::from_str(entry).map_err(|_| malformed())?;
    // Not serialised anew: the bytes that were hashed are the bytes that are stored.
    let raw: &RawValue = serde_json::from_str(entry).map_err(|_| malformed())?;
    if raw.get() != entry {
        return Err(malformed());
    }
    let kind = typed.r#type.as_deref().unwrap_or("entry");
    let mut data = EventData::json(kind, &raw).map_err(|_| malformed())?.id(event.id.uuid());
    if let Some(sealed) = &event.sealed {
        let mut custom = Vec::with_capacity(sealed.len().saturating_add(1));
        custom.push(SEALED);
        custom.extend_from_slice(sealed);
        data = data.metadata(custom.into());
    }
    Ok(data)
}
