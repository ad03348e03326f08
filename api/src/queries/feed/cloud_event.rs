//! An event of the log in the JSON of `CloudEvents` 1.0: handles, codes and times.

use domain::{event::Event, recorded::Recorded};
use serde_json::{Map, Value, json};

use super::audience::Notice;

/// The event as it is sent. What is personal in it is left out, whether or not it could be read.
pub(super) fn write(recorded: &Recorded<Event>, notice: Option<Notice>) -> String {
    let stamp = &recorded.stamp;
    let (name, data) = named(&recorded.event);
    let source = stamp.by.organisation.map_or_else(
        || "/system".to_owned(),
        |organisation| format!("/organisations/{organisation}"),
    );
    let mut event = json!({
        "specversion": "1.0",
        "id": stamp.id,
        "source": source,
        "type": kind(&name),
        "subject": stamp.stream,
        "time": stamp.at,
        "datacontenttype": "application/json",
        // Extensions: strings, since the standard's integers end at 2^31.
        "position": stamp.position.to_string(),
        "role": stamp.by.role,
        "data": data,
    });
    if let Value::Object(members) = &mut event {
        members.extend(stamp.by.id.map(|id| ("actor".to_owned(), json!(id))));
        members.extend(stamp.correlation.map(|id| ("correlation".to_owned(), json!(id))));
        members.extend(notice.map(|notice| ("notice".to_owned(), json!(notice))));
    }
    event.to_string()
}

/// `access.record-opened/1` as `uk.gov.contactpoint.access.record-opened.v1`.
fn kind(stored_name: &str) -> String {
    let (name, version) = stored_name.rsplit_once('/').unwrap_or((stored_name, "1"));
    format!("uk.gov.contactpoint.{name}.v{version}")
}

/// The stored name of an event, and its fields without what is personal.
fn named(event: &Event) -> (String, Value) {
    match serde_json::to_value(event) {
        Ok(Value::Object(members)) => {
            let only = members.into_iter().next();
            only.map(|(name, data)| (name, open(data).unwrap_or(Value::Null))).unwrap_or_default()
        }
        Ok(_) | Err(_) => (String::new(), Value::Null),
    }
}

/// A value without personal ones.
fn open(value: Value) -> Option<Value> {
    match value {
        Value::Object(members)
            if members.contains_key("$personal") || members.contains_key("$erased") =>
        {
            None
        }
        Value::Object(members) => {
            let open = members.into_iter().filter_map(|(name, value)| Some((name, open(value)?)));
            Some(Value::Object(open.collect::<Map<String, Value>>()))
        }
        Value::Array(values) => Some(Value::Array(values.into_iter().filter_map(open).collect())),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_is_left_out_wherever_it_stands() {
        let value = json!({
            "code": "audit",
            "text": {"$personal": "A name"},
            "deep": [{"erased": {"$erased": true}, "kept": 1}],
        });
        assert_eq!(open(value), Some(json!({"code": "audit", "deep": [{"kept": 1}]})));
    }

    #[test]
    fn a_type_is_named_after_the_stored_name() {
        assert_eq!(kind("access.record-opened/1"), "uk.gov.contactpoint.access.record-opened.v1");
    }
}
