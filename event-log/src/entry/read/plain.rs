//! JSON exactly as this program writes it: without white space, and without anything escaped in it.
//!
//! Whatever is read here reads the same with the general reader, at about half the cost. Whatever is written otherwise, or
//! is wrong, is left to that one, which takes every form of JSON, or says what is wrong: so nothing is said here.

macro_rules! left_to_the_general_reader {
    ($($method:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, _: V) -> Read<V::Value> {
                Err(Otherwise)
            }
        )*
    };
}

mod within;

use std::fmt;

use serde::{
    Deserializer,
    de::{self, Visitor, value::BorrowedStrDeserializer},
};

use self::within::{Items, Variant};
use super::rest::Rest;

/// It is left to the general reader.
#[derive(Debug)]
pub(crate) struct Otherwise;

impl fmt::Display for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("written otherwise than this program does")
    }
}

impl std::error::Error for Otherwise {}

impl de::Error for Otherwise {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Read<T> = Result<T, Otherwise>;

/// So deep may one value lie in another. The general reader goes deeper; no event does.
const DEEPEST: u8 = 32;

/// What has not been read yet.
pub(crate) struct Plain<'de> {
    rest: Rest<'de>,
    depth: u8,
}

impl<'de> Plain<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self { rest: Rest(text), depth: 0 }
    }

    /// That nothing is left.
    pub(crate) fn end(&self) -> Read<()> {
        if self.rest.0.is_empty() { Ok(()) } else { Err(Otherwise) }
    }

    #[inline]
    fn pass<const N: usize>(&mut self, text: &[u8; N]) -> Read<()> {
        self.rest.pass(text).ok_or(Otherwise)
    }

    #[inline]
    fn text(&mut self) -> Read<&'de str> {
        self.pass(b"\"")?;
        self.rest.text().ok_or(Otherwise)
    }

    #[inline]
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEEPEST {
            return Err(Otherwise);
        }
        self.depth = self.depth.wrapping_add(1);
        let value = read(self)?;
        self.depth = self.depth.wrapping_sub(1);
        Ok(value)
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {
        $(
            #[inline]
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
                visitor.visit_u64(self.rest.number().ok_or(Otherwise)?)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for &mut Plain<'de> {
    type Error = Otherwise;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.rest.0.as_bytes().first() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b'0'..=b'9') => self.deserialize_u64(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            Some(_) | None => Err(Otherwise),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let is = self.rest.comes(b"true");
        if !is {
            self.pass(b"false")?;
        }
        visitor.visit_bool(is)
    }

    // Below zero is nothing that an event counts.
    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    left_to_the_general_reader! {
        deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf
        deserialize_ignored_any
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_borrowed_str(self.text()?)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.pass(b"null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.rest.comes(b"null") { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        // By such a name a reader asks for the text itself: a matter between the general reader and its library.
        if name.starts_with('$') { Err(Otherwise) } else { visitor.visit_newtype_struct(self) }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.pass(b"[")?;
        self.deeper(|plain| {
            let value = visitor.visit_seq(Items::of(plain))?;
            plain.pass(b"]")?;
            Ok(value)
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.pass(b"{")?;
        self.deeper(|plain| {
            let value = visitor.visit_map(Items::of(plain))?;
            plain.pass(b"}")?;
            Ok(value)
        })
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        if name.starts_with('$') { Err(Otherwise) } else { self.deserialize_map(visitor) }
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        if self.rest.begins(b'"') {
            let name: BorrowedStrDeserializer<'de, Otherwise> =
                BorrowedStrDeserializer::new(self.text()?);
            return visitor.visit_enum(name);
        }
        self.pass(b"{")?;
        self.deeper(|plain| {
            let value = visitor.visit_enum(Variant(plain))?;
            plain.pass(b"}")?;
            Ok(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::LazyLock};

    use domain::event::Event;
    use proptest::{prelude::*, sample::Index};
    use serde::Deserialize;
    use serde_json::{Value, value::RawValue};

    use super::*;
    use crate::{
        codec::{Typed, Upcasts, encode, event_from_json},
        entry::ReadData,
    };

    static UPCASTS: LazyLock<Upcasts> = LazyLock::new(Upcasts::current);
    static SAMPLES: LazyLock<Vec<(String, String)>> = LazyLock::new(samples);

    #[derive(Deserialize)]
    struct Sample {
        r#type: String,
        data: Box<RawValue>,
    }

    /// The content of every event there is, by its stored name: with what is personal, and with slots.
    fn samples() -> Vec<(String, String)> {
        let histories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/histories");
        let files = fs::read_dir(histories).unwrap();
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        let both = |line: &str| {
            let Sample { r#type: name, data } = serde_json::from_str(line).unwrap();
            let event = event_from_json(&name, &data, &UPCASTS).unwrap();
            let sealed = encode(&event).unwrap().data.clone();
            [(name.clone(), serde_json::to_string(&data).unwrap()), (name, sealed)]
        };
        texts.flat_map(|text| text.lines().flat_map(both).collect::<Vec<_>>()).collect()
    }

    fn plainly(name: &str, data: &str) -> Option<Event> {
        let mut plain = Plain::new(data);
        let event = Typed(&UPCASTS).read(name, &mut plain).ok()?;
        plain.end().ok().map(|()| event)
    }

    fn in_general(name: &str, data: &str) -> Option<Event> {
        let mut deserializer = serde_json::Deserializer::from_str(data);
        let event = Typed(&UPCASTS).read(name, &mut deserializer).ok()?;
        deserializer.end().ok().map(|()| event)
    }

    #[test]
    fn every_event_is_read_as_in_general() {
        assert!(SAMPLES.len() > 160);
        for (name, data) in SAMPLES.iter() {
            let event = plainly(name, data);
            assert!(event.is_some() || data.contains('\\'), "{name} {data}");
            assert!(event.is_none() || event == in_general(name, data), "{name} {data}");
        }
    }

    fn altered(text: &str, at: Index, taken: usize, put: &str) -> Option<String> {
        let begins = at.index(text.len().saturating_add(1));
        let ends = text.len().min(begins.saturating_add(taken));
        let (before, after) = (text.get(..begins)?, text.get(ends..)?);
        Some(format!("{before}{put}{after}"))
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[a-zé ]{0,20}", Just("$sealed".to_owned())];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..1_000_000_000_000_000_000_u64).prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let members = prop::collection::btree_map("[a-z]{1,9}", inner.clone(), 0..4);
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_written_plainly_is_read(value in value()) {
            let text = value.to_string();
            let mut plain = Plain::new(&text);
            prop_assert_eq!(Value::deserialize(&mut plain).ok(), Some(value), "{}", text);
            prop_assert!(plain.end().is_ok());
        }

        #[test]
        fn what_was_altered_is_read_as_in_general_or_left_to_it(
            which in any::<Index>(),
            at in any::<Index>(),
            taken in 0..4_usize,
            put in r#"|[\x00-\x7f]|[0-9a-z"\\{}\[\],:. -]{1,3}|\\u0061|null|-?[0-9]{1,20}|é|,"(opening|id|a)":1|"a":"#,
        ) {
            let (name, data) = which.get(&SAMPLES);
            let Some(data) = altered(data, at, taken, &put) else { return Ok(()) };
            if let Some(event) = plainly(name, &data) {
                prop_assert_eq!(Some(event), in_general(name, &data), "{}", data);
            }
        }

        #[test]
        fn any_value_is_read_as_in_general_or_left_to_it(
            text in r#"([\[{][\[{"a:,\]}]{0,4}|-?[0-9]{1,20}[.eE]?|null|true|false|"[a-z\\é ]{0,9}"|[:,\]} ]){0,9}"#,
        ) {
            let mut plain = Plain::new(&text);
            let value = Value::deserialize(&mut plain).ok().filter(|_| plain.end().is_ok());
            if let Some(value) = value {
                prop_assert_eq!(Some(value), serde_json::from_str(&text).ok());
            }
        }
    }

    #[test]
    fn what_lies_too_deep_is_left_to_the_general_reader() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let read = |text: &str| Value::deserialize(&mut Plain::new(text)).is_ok();
        let deepest = usize::from(DEEPEST);
        assert!(read(&deep(deepest)) && !read(&deep(deepest.saturating_add(1))));
    }
}
