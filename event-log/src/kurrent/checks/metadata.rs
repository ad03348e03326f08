//! Metadata of streams: what in it hides events, or lets somebody hide them.

use serde_json::Value;

/// Who passes every access list anyhow.
const ADMINS: &str = "$admins";

/// Members that make events disappear.
const HIDING: [&str; 3] = ["$maxAge", "$maxCount", "$tb"];

/// The first member of a stream's metadata that must not be there.
pub(in crate::kurrent) fn forbidden(metadata: &[u8]) -> Option<&'static str> {
    let metadata: Value = serde_json::from_slice(metadata).unwrap_or(Value::Null);
    let hiding = HIDING.into_iter().find(|member| metadata.get(*member).is_some());
    let granted = || metadata.get("$acl").and_then(|list| granted(list)).map(|(member, _)| member);
    hiding.or_else(granted)
}

/// A right to delete or to hide that an access list gives to others than administrators.
pub(super) fn granted(list: &Value) -> Option<(&'static str, String)> {
    ["$d", "$mw"].into_iter().find_map(|member| {
        let names = names(list.get(member)?);
        let others: Vec<_> = names.into_iter().filter(|name| name != ADMINS).collect();
        (!others.is_empty()).then(|| (member, others.join(", ")))
    })
}

/// Whether an access list names every right that the server would otherwise give to everybody.
pub(super) fn is_complete(list: &Value) -> bool {
    ["$r", "$w", "$d", "$mr", "$mw"].iter().all(|member| {
        list.get(member).is_some_and(|right| !names(right).iter().any(|name| name == "$all"))
    })
}

fn names(right: &Value) -> Vec<String> {
    match right {
        Value::String(name) => vec![name.clone()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}
