//! What stands for personal values in the read models that have to compare them: keyed digests.
//!
//! This is the only place in this crate that reads a personal value, and nothing but marks leaves it.
//! The key follows from the ring of keys, so every process of a server makes the same marks, and who has
//! only the read models can do nothing with them. A shielded record has marks of its visible fields
//! only, by the domain's own word on what is visible; a value whose key was destroyed has none.

mod digest;
mod marker;

use serde::{Deserialize, Serialize};

pub(crate) use self::marker::Making;
pub use self::{
    digest::Mark,
    marker::{Marker, NoMarker},
};

/// The marks that go with an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// It says nothing that is compared.
    #[default]
    Nothing,
    /// Of a child's record as it stands after the event.
    Record(Box<RecordMarks>),
    /// Of what is known of a user, by this event.
    User(UserMarks),
    /// Of the terms of a search.
    Terms(Box<TermMarks>),
    /// The subject has been erased: whatever stands for a value of theirs goes.
    Erased,
}

/// The marks of a record: of what anybody may search by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordMarks {
    /// Names, the one in use last; earlier ones only where they are visible.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub names: Vec<NameMarks>,
    /// The date of birth.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub born: Option<Mark>,
    /// The number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<Mark>,
    /// The postcode, where it is visible.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub postcode: Option<Mark>,
    /// The address, where it is visible.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<Mark>,
    /// Gender, or that it is not specified.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gender: Option<Mark>,
}

/// The marks of one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameMarks {
    /// The given name.
    pub given: Option<Mark>,
    /// The surname.
    pub surname: Option<Mark>,
    /// What the given name sounds like.
    pub given_sound: Option<Mark>,
    /// What the surname sounds like.
    pub surname_sound: Option<Mark>,
}

impl RecordMarks {
    /// Whether nothing is left of the record that could be compared.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is compared of a user. Each is none where the event says nothing of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserMarks {
    /// The surname.
    pub surname: Option<Mark>,
    /// The address that the evidence of identity showed.
    pub address: Option<Mark>,
}

/// The marks of what a search asks for; none where it does not ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermMarks {
    /// The given name, or what it sounds like in a search that looks wider.
    pub given: Option<Mark>,
    /// The surname, likewise.
    pub surname: Option<Mark>,
    /// Whether the two stand for sounds.
    #[serde(default)]
    pub sounds: bool,
    /// The date of birth.
    pub born: Option<Mark>,
    /// The number.
    pub number: Option<Mark>,
    /// The postcode.
    pub postcode: Option<Mark>,
    /// Gender.
    pub gender: Option<Mark>,
    /// Whether something is asked that nothing can be alike to.
    #[serde(default)]
    pub futile: bool,
}
