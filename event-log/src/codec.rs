//! Domain events as JSON and back: the only place in the log that knows what an event is.

mod by_name;
mod slots;
pub mod upcast;

use domain::event::Event;
use serde::{Deserializer, de};
use zeroize::Zeroize;

pub use upcast::Upcasts;

use self::by_name::ByName;
use crate::{
    entry::{self, ReadData},
    seal::Wiped,
};

/// Room for an event as JSON. Most have a third of it.
const ROOM: usize = 1_024;

/// An event as JSON, its personal values apart.
#[derive(Debug)]
pub(crate) struct Encoded {
    /// `{"<stored name>":{…}}`, or only the name of an event without content.
    json: Vec<u8>,
    name: std::ops::Range<usize>,
    /// The public content, with slots where personal values were.
    pub(crate) data: String,
    /// The personal values, as a JSON array; none if there was none.
    pub(crate) personal: Option<String>,
}

impl Encoded {
    /// The stored name.
    pub(crate) fn name(&self) -> &str {
        self.json.get(self.name.clone()).and_then(|name| str::from_utf8(name).ok()).unwrap_or("")
    }
}

impl Drop for Encoded {
    fn drop(&mut self) {
        // As slices: byte by byte, as a vector is wiped, it takes a twentieth of an append.
        if let Some(personal) = &mut self.personal {
            personal.as_mut_str().zeroize();
            self.json.as_mut_slice().zeroize();
        }
    }
}

/// An event that cannot be put into JSON as the log expects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event does not come out as its stored name with its content")]
pub struct Unencodable;

/// Writes an event as JSON, and takes the personal values out.
pub(crate) fn encode(event: &Event) -> Result<Encoded, Unencodable> {
    // With room from the beginning: a vector that grows leaves what is personal where it was.
    let mut json = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut json, event).map_err(|_| Unencodable)?;
    let text = str::from_utf8(&json).map_err(|_| Unencodable)?;
    let (before, content) = if let Some(inner) = text.strip_prefix("{\"") {
        (2, inner.strip_suffix('}').ok_or(Unencodable)?)
    } else {
        (1, text.strip_prefix('"').ok_or(Unencodable)?)
    };
    let (name, rest) = content.split_once('"').ok_or(Unencodable)?;
    let content =
        if rest.is_empty() { "null" } else { rest.strip_prefix(':').ok_or(Unencodable)? };
    let (data, personal) = slots::cut(content).ok_or(Unencodable)?;
    let name = before..name.len().saturating_add(before);
    Ok(Encoded { json, name, data, personal })
}

/// The stored name of every event that the directory knows today.
pub fn stored_names() -> Vec<&'static str> {
    Event::CATEGORIES.iter().flat_map(|category| by_name::variants(category)).copied().collect()
}

/// Reads an event as it stands outside the log, its personal values in the open: a sample, a seed.
///
/// # Errors
/// When there is no such event, or the content is not its content. Says where, never what.
pub fn event_from_json(
    name: &str,
    data: &serde_json::value::RawValue,
    upcasts: &Upcasts,
) -> Result<Event, String> {
    typed(name, data.get(), upcasts)
}

/// The subject an event is about, by the first part of its stored name.
pub(crate) fn category(name: &str) -> &str {
    name.split_once('.').map_or(name, |(category, _)| category)
}

/// Reads an event's content as today's domain knows it; an old version is made new first.
#[derive(Clone, Copy)]
pub(crate) struct Typed<'u>(pub(crate) &'u Upcasts);

impl<'de> ReadData<'de> for Typed<'_> {
    type Value = Event;
    const STAMP_ONLY: bool = true;

    fn read<D: Deserializer<'de>>(self, name: &str, deserializer: D) -> Result<Event, D::Error> {
        if self.0.knows(name) {
            let old = serde::Deserialize::deserialize(deserializer)?;
            let (name, data) = self.0.apply(name, old).map_err(de::Error::custom)?;
            known(Event::deserialize_as(category(&name), ByName { name: &name, data }), &name)?
                .map_err(de::Error::custom)
        } else {
            known(Event::deserialize_as(category(name), ByName { name, data: deserializer }), name)?
        }
    }
}

fn known<T, E: de::Error>(read: Option<T>, name: &str) -> Result<T, E> {
    read.ok_or_else(|| E::custom(format_args!("no subject has events named {name}")))
}

/// Puts opened values back into their slots and reads the event.
///
/// # Errors
/// Says where, never what: the values are personal.
pub(crate) fn decode_opened(
    name: &str,
    data: &str,
    personal: &str,
    upcasts: &Upcasts,
) -> Result<Event, String> {
    let whole = slots::splice(data, personal)
        .ok_or("the slots and the sealed values do not fit each other")?;
    let whole = Wiped(whole);
    typed(name, &whole, upcasts)
}

/// Reads the content of an entry, its personal values sealed.
pub(crate) fn decode_sealed(name: &str, data: &str, upcasts: &Upcasts) -> Result<Event, String> {
    let mut deserializer = serde_json::Deserializer::from_str(data);
    // Nothing personal stands in it, so the reason can be told.
    Typed(upcasts).read(name, &mut deserializer).map_err(|error| error.to_string())
}

fn typed(name: &str, data: &str, upcasts: &Upcasts) -> Result<Event, String> {
    if let Some(event) = entry::written_plainly(name, data, Typed(upcasts)) {
        return Ok(event);
    }
    let mut deserializer = serde_json::Deserializer::from_str(data);
    let read = Typed(upcasts).read(name, &mut deserializer);
    let read = read.and_then(|event| deserializer.end().map(|()| event));
    read.map_err(|error| {
        format!("{name} does not decode ({:?}, column {})", error.classify(), error.column())
    })
}
