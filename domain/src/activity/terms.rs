//! What a search asked for.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Field, Fields},
    child::Gender,
};

/// The terms of a search, verbatim. Never printed by `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub given: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub surname: Option<String>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date_of_birth: Option<NaiveDate>,
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gender: Option<Gender>,
    /// Identifying number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<String>,
    /// Postcode of the address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub postcode: Option<String>,
    /// Whether names that sound alike are asked for, too. Asks about nothing by itself.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub sounds_like: bool,
}

impl Terms {
    /// The fields that the terms ask about. Given name and surname are one; a blank asks nothing.
    pub fn fields(&self) -> Fields {
        let asks =
            |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        [
            (asks(&self.given) || asks(&self.surname), Field::Name),
            (self.date_of_birth.is_some(), Field::DateOfBirth),
            (self.gender.is_some(), Field::Gender),
            (asks(&self.number), Field::Number),
            (asks(&self.postcode), Field::Whereabouts),
        ]
        .into_iter()
        .filter_map(|(asked, field)| asked.then_some(field))
        .collect()
    }
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[terms on {:?}]", self.fields())
    }
}
