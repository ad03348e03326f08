//! Members that stand twice in one object, at any depth: two readers could read two things in it.

use std::borrow::Cow;

/// Whether some object has a member twice. The text must be JSON.
pub(super) fn any(json: &str) -> bool {
    // Of all objects that are open, the innermost last.
    let mut members: Vec<Cow<'_, str>> = Vec::new();
    let mut begun: Vec<usize> = Vec::new();
    let mut rest = json;
    while let Some((mark, after)) = mark(rest) {
        rest = after;
        match mark {
            b'{' => begun.push(members.len()),
            b'}' => members.truncate(begun.pop().unwrap_or_default()),
            _ => {
                let (text, after) = text(rest);
                rest = after;
                // Only a member's name is followed by a colon.
                if !rest.trim_ascii_start().starts_with(':') {
                    continue;
                }
                let name = name(text);
                let object = begun.last().copied().unwrap_or_default();
                if members.get(object..).is_some_and(|members| members.contains(&name)) {
                    return true;
                }
                members.push(name);
            }
        }
    }
    false
}

/// The next byte that begins a text, or begins or ends an object, and what follows it.
fn mark(json: &str) -> Option<(u8, &str)> {
    let at = json.bytes().position(|byte| matches!(byte, b'"' | b'{' | b'}'))?;
    let (mark, after) = json.get(at..)?.split_at_checked(1)?;
    Some((*mark.as_bytes().first()?, after))
}

/// The text that was begun, as it is written, and what follows the mark that ends it.
fn text(json: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = json.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let (text, rest) = json.split_at_checked(end.unwrap_or(json.len())).unwrap_or((json, ""));
    (text, rest.strip_prefix('"').unwrap_or(rest))
}

/// The name that is written so.
fn name(text: &str) -> Cow<'_, str> {
    if text.contains('\\') {
        serde_json::from_str(&format!("\"{text}\"")).map_or(Cow::Borrowed(text), Cow::Owned)
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::any;

    #[test]
    fn a_member_may_stand_in_two_objects_and_not_twice_in_one() {
        assert!(!any(r#"{"a":{"a":[{"a":1},{"a":null}]},"b":"a"}"#));
        assert!(!any(r#"["a","a",{"b":"b","c":"{\"c\":1"},{"b":2}]"#), "texts are no members");
        assert!(!any(r#"{"a":{"b":1},"c":{"b":1},"b":1}"#));
        assert!(any(r#"{"a":1,"a":2}"#));
        assert!(any(r#"{"a":{"b":1},"c":[{}],"a" : 2}"#), "after others that have ended");
        assert!(any(r#"{"b":[0,{"a":1,"\u0061":2}]}"#), "however it is written");
        assert!(any(r#"{"a\\":"\\","b":1,"a\\":2}"#));
    }
}
