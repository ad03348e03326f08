//! Taking personal values out of JSON, and putting them back.
//!
//! The markers end in an unescaped quotation mark before the colon, so they cannot stand inside a
//! JSON string: text that somebody typed never looks like one.

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

const PERSONAL: &str = "{\"$personal\":";
const SEALED: &str = "{\"$sealed\":";

/// Takes every `{"$personal":…}` out, leaving `{"$sealed":n}`; the values come as a JSON array.
/// None when the JSON has a slot already or is not JSON.
pub(super) fn cut(json: &str) -> Option<(String, Option<String>)> {
    if split_at_marker(json, SEALED).is_some() {
        return None;
    }
    let mut public = String::with_capacity(json.len());
    let mut personal = String::with_capacity(json.len());
    let mut rest = json;
    let mut slots = 0_u32;
    while let Some((before, from)) = split_at_marker(rest, PERSONAL) {
        let (value, after) = from.split_at_checked(extent(from)?)?;
        public.push_str(before);
        public.push_str(SEALED);
        public.push_str(&slots.to_string());
        public.push('}');
        personal.push(if slots == 0 { '[' } else { ',' });
        personal.push_str(value);
        rest = after.strip_prefix('}')?;
        slots = slots.checked_add(1)?;
    }
    public.push_str(rest);
    if slots == 0 {
        return Some((public, None));
    }
    personal.push(']');
    Some((public, Some(personal)))
}

/// Puts the values of the array back into their slots, each exactly once. None when they do not fit.
pub(super) fn splice(json: &str, personal: &str) -> Option<String> {
    let values: Vec<&RawValue> = serde_json::from_str(personal).ok()?;
    let mut values = values.into_iter().enumerate();
    let mut whole = String::with_capacity(json.len().saturating_add(personal.len()));
    let mut rest = json;
    while let Some((before, from)) = split_at_marker(rest, SEALED) {
        let (number, after) = from.split_once('}')?;
        let (slot, value) = values.next()?;
        if number != slot.to_string() {
            return None;
        }
        whole.push_str(before);
        whole.push_str(PERSONAL);
        whole.push_str(value.get());
        whole.push('}');
        rest = after;
    }
    whole.push_str(rest);
    values.next().is_none().then_some(whole)
}

/// What stands before a marker and what after it, as `split_once` does. Looks for its dollar sign, which is rare,
/// several times as fast as for the whole of it.
fn split_at_marker<'a>(json: &'a str, marker: &str) -> Option<(&'a str, &'a str)> {
    let mut from = 0_usize;
    loop {
        let dollar = json.get(from..)?.find('$')?.saturating_add(from);
        if let Some(begins) = dollar.checked_sub("{\"".len())
            && let Some((before, rest)) = json.split_at_checked(begins)
            && let Some(after) = rest.strip_prefix(marker)
        {
            return Some((before, after));
        }
        from = dollar.saturating_add(1);
    }
}

/// How far the JSON value reaches that stands at the beginning.
fn extent(json: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PERSONAL, SEALED, cut, splice, split_at_marker};

    proptest! {
        #[test]
        fn a_marker_is_found_where_the_text_is(
            json in r#"([{}":$é]|\{"\$(personal|sealed)":|[$]personal":|a){0,24}"#,
        ) {
            for marker in [PERSONAL, SEALED] {
                prop_assert_eq!(split_at_marker(&json, marker), json.split_once(marker));
            }
        }
    }

    #[test]
    fn what_was_cut_out_can_be_put_back() {
        let json = concat!(
            r#"{"a":{"$personal":"Jos\u00e9 {\"$personal\":1}"},"#,
            r#""b":[{"$personal":{"c":[1]}},{"$personal":7}]}"#
        );
        let (public, personal) = cut(json).unwrap();
        assert_eq!(public, r#"{"a":{"$sealed":0},"b":[{"$sealed":1},{"$sealed":2}]}"#);
        let personal = personal.unwrap();
        assert_eq!(personal, r#"["Jos\u00e9 {\"$personal\":1}",{"c":[1]},7]"#);
        assert_eq!(splice(&public, &personal).unwrap(), json);
    }

    #[test]
    fn nothing_personal_leaves_nothing_to_seal() {
        assert_eq!(cut(r#"{"a":1}"#), Some((r#"{"a":1}"#.to_owned(), None)));
    }

    #[test]
    fn values_that_do_not_fit_their_slots_are_refused() {
        let public = r#"{"a":{"$sealed":0},"b":{"$sealed":1}}"#;
        assert_eq!(splice(public, "[1]"), None, "too few");
        assert_eq!(splice(public, "[1,2,3]"), None, "too many");
        assert_eq!(splice(r#"{"a":{"$sealed":1}}"#, "[1]"), None, "another number");
        assert_eq!(cut(public), None, "slots before anything was sealed");
    }
}
