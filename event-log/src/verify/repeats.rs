//! Members that stand twice in one object, at any depth: two readers could read two things in it.

use std::borrow::Cow;

/// Whether some object has a member twice. The text must be JSON.
pub(super) fn any(json: &str) -> bool {
    // Of all objects that are open, the innermost last.
    let mut members: Vec<Cow<'_, [u8]>> = Vec::with_capacity(16);
    let mut begun: Vec<usize> = Vec::with_capacity(8);
    let mut rest = json.as_bytes();
    while let Some((_, mark, after)) = parted(rest, |byte| matches!(byte, b'"' | b'{' | b'}')) {
        rest = after;
        match mark {
            b'{' => begun.push(members.len()),
            b'}' => members.truncate(begun.pop().unwrap_or_default()),
            _ => {
                let (text, after) = text(rest);
                rest = after;
                // Only a member's name is followed by a colon.
                if !rest.trim_ascii_start().starts_with(b":") {
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

/// What stands before the first byte that is asked for, that byte, and what follows it.
fn parted(json: &[u8], asked: impl Fn(u8) -> bool) -> Option<(&[u8], u8, &[u8])> {
    let at = json.iter().position(|byte| asked(*byte))?;
    let (before, from) = json.split_at_checked(at)?;
    let (found, after) = from.split_first()?;
    Some((before, *found, after))
}

/// The text that was begun, as it is written, and what follows the mark that ends it.
fn text(json: &[u8]) -> (&[u8], &[u8]) {
    // Nearly always nothing in it is escaped.
    if let Some((text, b'"', rest)) = parted(json, |byte| matches!(byte, b'"' | b'\\')) {
        return (text, rest);
    }
    let mut escaped = false;
    let end = json.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let (text, rest) = json.split_at_checked(end.unwrap_or(json.len())).unwrap_or((json, &[]));
    (text, rest.strip_prefix(b"\"").unwrap_or(rest))
}

/// The name that is written so.
fn name(text: &[u8]) -> Cow<'_, [u8]> {
    let read = || {
        let quoted = [b"\"", text, b"\""].concat();
        serde_json::from_slice::<String>(&quoted).ok().map(String::into_bytes)
    };
    if text.contains(&b'\\') {
        read().map_or(Cow::Borrowed(text), Cow::Owned)
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fmt};

    use proptest::{collection::vec, prelude::*, sample::select};
    use serde::{
        Deserialize, Deserializer,
        de::{MapAccess, SeqAccess, Visitor},
    };

    use super::any;

    /// Whether there is a repeated member, found out by reading all of it.
    struct Read(bool);

    impl<'de> Deserialize<'de> for Read {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct All;
            impl<'de> Visitor<'de> for All {
                type Value = Read;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("JSON")
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
                    let (mut names, mut repeats) = (HashSet::new(), false);
                    while let Some((name, Read(below))) = map.next_entry::<String, Read>()? {
                        repeats |= below || !names.insert(name);
                    }
                    Ok(Read(repeats))
                }
                fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Read, A::Error> {
                    let mut repeats = false;
                    while let Some(Read(below)) = all.next_element()? {
                        repeats |= below;
                    }
                    Ok(Read(repeats))
                }
                fn visit_str<E>(self, _: &str) -> Result<Read, E> {
                    Ok(Read(false))
                }
                fn visit_i64<E>(self, _: i64) -> Result<Read, E> {
                    Ok(Read(false))
                }
                fn visit_u64<E>(self, _: u64) -> Result<Read, E> {
                    Ok(Read(false))
                }
                fn visit_f64<E>(self, _: f64) -> Result<Read, E> {
                    Ok(Read(false))
                }
                fn visit_bool<E>(self, _: bool) -> Result<Read, E> {
                    Ok(Read(false))
                }
                fn visit_unit<E>(self) -> Result<Read, E> {
                    Ok(Read(false))
                }
            }
            deserializer.deserialize_any(All)
        }
    }

    fn texts() -> impl Strategy<Value = &'static str> {
        select(vec![
            "a",
            "b",
            "a\\\\",
            "\\u0061",
            "{",
            "\\\"",
            "\\\":1,\\\"a",
            "",
            "é",
            "}{",
            "\\\\\\\"",
        ])
    }

    /// JSON, white space and all, in which members are often repeated.
    fn json() -> impl Strategy<Value = String> {
        let space = || select(vec!["", "", "", " ", "\n\t"]);
        let leaf = prop_oneof![
            texts().prop_map(|text| format!("\"{text}\"")),
            select(vec!["1", "-2.5e3", "null", "true"]).prop_map(str::to_owned),
        ];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            let member = (texts(), space(), inner.clone(), space()).prop_map(
                |(name, before, value, after)| format!("\"{name}\"{before}:{after}{value}"),
            );
            prop_oneof![
                vec(member, 0..4).prop_map(|all| format!("{{{}}}", all.join(","))),
                vec(inner, 0..4).prop_map(|all| format!("[ {} ]", all.join(" ,"))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_repeated_member_is_found_as_by_reading_all_of_it(json in json()) {
            let Read(repeats) = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(any(&json), repeats, "{}", json);
        }
    }
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
