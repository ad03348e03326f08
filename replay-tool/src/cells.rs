//! Values as cells of a sheet.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{actor::Actor, personal::Personal, recorded::Stamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What stands for a value that was not opened. Of somebody erased, [`crate::erased::marked`] says so instead.
pub(crate) const SEALED: &str = "(sealed)";

/// An instant, in UTC to the microsecond.
pub(crate) fn instant(at: DateTime<Utc>) -> Value {
    Value::String(at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Who acted: their handle, or that it was the system.
pub(crate) fn who(by: Actor) -> Value {
    by.id.map_or_else(|| json!("system"), |id| json!(id))
}

/// In which role.
pub(crate) fn role(by: Actor) -> Value {
    json!(by.role)
}

/// Of which organisation, as it was then.
pub(crate) fn organisation(by: Actor) -> Value {
    json!(by.organisation)
}

/// A set of codes, as an array.
pub(crate) fn codes<T: Serialize>(codes: impl IntoIterator<Item = T>) -> Value {
    Value::Array(codes.into_iter().map(|code| json!(code)).collect())
}

/// A personal text: its words if they could be opened.
pub(crate) fn words(text: &Personal<domain::reason::Text>) -> Value {
    json!(text.known().map_or(SEALED, domain::reason::Text::expose))
}

/// The event and its place: the columns that every sheet begins with.
pub(crate) fn place(stamp: &Stamp) -> [Value; 2] {
    [json!(stamp.position), instant(stamp.at)]
}

/// Any value of the domain as JSON for reading: personal values stand as themselves if they could be
/// opened, else as [`SEALED`].
pub(crate) fn plain<T: Serialize>(value: &T) -> Value {
    unwrapped(json!(value))
}

fn unwrapped(value: Value) -> Value {
    match value {
        Value::Object(mut members) if members.len() == 1 => {
            if let Some(known) = members.remove("$personal") {
                unwrapped(known)
            } else if members.contains_key("$erased") {
                json!(SEALED)
            } else {
                object(members)
            }
        }
        Value::Object(members) => object(members),
        Value::Array(items) => Value::Array(items.into_iter().map(unwrapped).collect()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

fn object(members: Map<String, Value>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name, unwrapped(value))).collect())
}

/// A personal value as a list of accesses gives it.
pub(crate) fn shown<T: Serialize>(value: &domain::access::Value<T>) -> Value {
    let json = json!(value);
    if json.get("erased").is_some() { json!(SEALED) } else { json }
}

/// Any value of the domain as JSON with everything personal left out, known or not.
pub(crate) fn without_personal<T: Serialize>(value: &T) -> Value {
    fn left_out(value: Value) -> Value {
        match value {
            Value::Object(members)
                if members.contains_key("$personal") || members.contains_key("$erased") =>
            {
                json!(SEALED)
            }
            Value::Object(members) => Value::Object(
                members.into_iter().map(|(name, value)| (name, left_out(value))).collect(),
            ),
            Value::Array(items) => Value::Array(items.into_iter().map(left_out).collect()),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
        }
    }
    left_out(json!(value))
}
