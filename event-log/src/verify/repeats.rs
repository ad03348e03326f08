//! Members that stand twice in one object, at any depth: two readers could read two things in it.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

/// Whether some object has a member twice. What is no JSON has none.
pub(super) fn any(json: &[u8]) -> bool {
    matches!(serde_json::from_slice::<Repeated>(json), Ok(Repeated(true)))
}

struct Repeated(bool);

impl<'de> Deserialize<'de> for Repeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look).map(Self)
    }
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(transparent)]
struct Member<'a>(#[serde(borrow)] Cow<'a, str>);

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut members: Vec<Member<'de>> = Vec::new();
        let mut repeated = false;
        while let Some(member) = map.next_key::<Member<'de>>()? {
            repeated |= members.contains(&member);
            members.push(member);
            repeated |= map.next_value::<Repeated>()?.0;
        }
        Ok(repeated)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<bool, A::Error> {
        let mut repeated = false;
        while let Some(Repeated(inside)) = values.next_element()? {
            repeated |= inside;
        }
        Ok(repeated)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::any;

    #[test]
    fn a_member_may_stand_in_two_objects_and_not_twice_in_one() {
        assert!(!any(br#"{"a":{"a":[{"a":1},{"a":null}]},"b":"a"}"#));
        assert!(any(br#"{"a":1,"a":2}"#));
        assert!(any(br#"{"b":[0,{"a":1,"\u0061":2}]}"#), "however it is written");
    }
}
