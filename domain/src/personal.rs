//! A personal value in an event: known, or erased because its key has been destroyed.
//!
//! In JSON a known value is `{"$personal": …}`. The log cuts those out, seals them, and stores
//! `{"$sealed": n}` in their place; read back without the key, a slot is [`Personal::Erased`].
//! None of the three forms can occur inside a JSON string unescaped, so they cannot be forged by text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// A personal value.
#[derive(Clone, PartialEq, Eq)]
pub enum Personal<T> {
    /// The value can be read.
    Known(T),
    /// Its key has been destroyed, or is not at hand. The fact remains; the value is not to be had.
    Erased,
}

impl<T> Personal<T> {
    /// The value, if it can still be read.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Erased => None,
        }
    }

    /// Whether the value can no longer be read.
    pub const fn is_erased(&self) -> bool {
        matches!(self, Self::Erased)
    }

    /// Borrows what is inside.
    pub const fn as_ref(&self) -> Personal<&T> {
        match self {
            Self::Known(value) => Personal::Known(value),
            Self::Erased => Personal::Erased,
        }
    }

    /// Applies a function to a known value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Personal<U> {
        match self {
            Self::Known(value) => Personal::Known(f(value)),
            Self::Erased => Personal::Erased,
        }
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "[personal]",
            Self::Erased => "[erased]",
        })
    }
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Known(value) => map.serialize_entry("$personal", value)?,
            Self::Erased => map.serialize_entry("$erased", &true)?,
        }
        map.end()
    }
}

#[derive(Deserialize)]
enum Slot<T> {
    #[serde(rename = "$personal")]
    Known(T),
    #[serde(rename = "$sealed")]
    Sealed(#[expect(dead_code, reason = "the number matters to the log only")] u32),
    #[serde(rename = "$erased")]
    Erased(#[expect(dead_code, reason = "always true; the name says it")] bool),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Slot::deserialize(deserializer)? {
            Slot::Known(value) => Self::Known(value),
            Slot::Sealed(_) | Slot::Erased(_) => Self::Erased,
        })
    }
}
