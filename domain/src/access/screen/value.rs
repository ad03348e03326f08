//! A personal value as a screen shows it: the value itself, or that it has been erased.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::personal::Personal;

/// A value on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<T> {
    /// The value.
    Known(T),
    /// Its key has been destroyed: `{"erased":true}`.
    Erased,
}

impl<T: Clone> Value<T> {
    /// Shows a personal value.
    pub fn of(personal: &Personal<T>) -> Self {
        Self::map(personal, T::clone)
    }
}

impl<T> Value<T> {
    /// Shows a part of a personal value.
    pub fn map<U>(personal: &Personal<U>, part: impl FnOnce(&U) -> T) -> Self {
        personal.known().map_or(Self::Erased, |value| Self::Known(part(value)))
    }
}

impl<T: Serialize> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(serializer),
            Self::Erased => {
                let mut erased = serializer.serialize_struct("Erased", 1)?;
                erased.serialize_field("erased", &true)?;
                erased.end()
            }
        }
    }
}
