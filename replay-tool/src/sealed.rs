//! What stands for values that no key at hand opens, though nobody says that they were erased.
//!
//! Reading: the log says of an erasure in the subject's erasure stream; a value that cannot be opened is taken for
//! erased only where that stream says so, and for sealed everywhere else.

use serde_json::Value;

use crate::{cells::SEALED, cli::Global};

/// As the service shows a value whose key has been destroyed.
const DESTROYED: &str = r#"{"erased":true}"#;
/// As the tool shows one whose key is not at hand.
const NOT_OPENED: &str = r#"{"sealed":true}"#;

/// A screen's text as it is shown where nobody was erased. Text with every value opened is not changed: inside
/// a JSON string the quotation marks of what is replaced would stand escaped.
pub(crate) fn not_erased(screen: &str) -> String {
    screen.replace(DESTROYED, NOT_OPENED)
}

/// Whether a screen's text has sealed values.
pub(crate) fn stands_in(screen: &str) -> bool {
    screen.contains(NOT_OPENED)
}

/// Whether a document, or a cell, has sealed values.
pub(crate) fn within(value: &Value) -> bool {
    match value {
        Value::String(text) => text == SEALED,
        Value::Array(items) => items.iter().any(within),
        Value::Object(members) => members.values().any(within),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Says what sealed means, and how to unseal, where an answer has sealed values.
pub(crate) fn explain(global: &Global, any: bool) {
    if any {
        global.remark(
            "Some values are sealed, not erased: no key for them is at hand here. `--unseal-via URL --token T \
             --reason TEXT` asks the running service for the keys, which records that; `--keys FILE` takes keys \
             that it gave out.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_like_it_are_left_alone() {
        let said =
            serde_json::json!({ "name": { "given": DESTROYED, "surname": "x" } }).to_string();
        assert_eq!(not_erased(&said), said);
        assert!(!stands_in(&not_erased(&said)));
        assert_eq!(
            not_erased(&format!(r#"{{"name":{DESTROYED}}}"#)),
            r#"{"name":{"sealed":true}}"#
        );
    }

    #[test]
    fn it_is_found_however_deep() {
        assert!(within(&serde_json::json!({ "a": [{ "b": SEALED }] })));
        assert!(!within(&serde_json::json!({ "a": [{ "b": "not (sealed)" }] })));
    }
}
