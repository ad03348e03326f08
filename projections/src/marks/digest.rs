//! Keyed digests of personal values.

use aws_lc_rs::hmac;
use domain::child::{Address, Gender, alike, sounds};
use event_log::seal::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What stands for a personal value in a read model: eight bytes of a keyed hash of its normal form.
///
/// Without the key it says nothing; with it, one can ask whether it stands for a given value. Two values
/// share one by chance once in many billions: whoever decides looks at the record itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(u64);

impl Mark {
    /// Its eight bytes, for who writes many of them.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The mark that was written so.
    pub(crate) const fn of_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(de::Error::custom)
    }
}

/// The fields whose values have marks. Each has digests of its own: what is equal in one field and
/// another does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Given,
    Surname,
    GivenSound,
    SurnameSound,
    Born,
    Number,
    Postcode,
    Address,
    Gender,
}

impl Field {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Given => b"given",
            Self::Surname => b"surname",
            Self::GivenSound => b"given-sound",
            Self::SurnameSound => b"surname-sound",
            Self::Born => b"date-of-birth",
            Self::Number => b"number",
            Self::Postcode => b"postcode",
            Self::Address => b"address",
            Self::Gender => b"gender",
        }
    }
}

/// Makes marks under one key.
pub(super) struct Digests(hmac::Key);

impl Digests {
    pub(super) fn under(key: &Secret) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose()))
    }

    /// Of a text, as alike as the search's own comparison takes texts to be; none of one in which
    /// nothing counts.
    pub(super) fn text(&self, field: Field, text: &str) -> Option<Mark> {
        let text = alike(text);
        (!text.is_empty()).then(|| self.digest(field, text.as_bytes()))
    }

    /// Of what a text sounds like; where no code says that, of the text: it is like itself.
    pub(super) fn sound(&self, field: Field, text: &str) -> Option<Mark> {
        let code = sounds(text);
        if code.is_empty() {
            self.text(field, text)
        } else {
            Some(self.digest(field, code.as_bytes()))
        }
    }

    pub(super) fn day(&self, day: chrono::NaiveDate) -> Mark {
        self.digest(Field::Born, &chrono::Datelike::num_days_from_ce(&day).to_be_bytes())
    }

    pub(super) fn gender(&self, gender: Gender) -> Mark {
        let code = match gender {
            Gender::Female => 1,
            Gender::Male => 2,
            Gender::NotSpecified => 3,
        };
        self.digest(Field::Gender, &[code])
    }

    /// Of a whole address: its first line tells houses apart, its postcode streets.
    pub(super) fn address(&self, address: &Address) -> Mark {
        let first = address.expose_lines().first().map(|line| alike(line)).unwrap_or_default();
        let text = format!("{first}\0{}", alike(address.expose_postcode()));
        self.digest(Field::Address, text.as_bytes())
    }

    fn digest(&self, field: Field, value: &[u8]) -> Mark {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(field.label());
        context.update(&[0]);
        context.update(value);
        let tag = context.sign();
        Mark(tag.as_ref().iter().take(8).fold(0, |mark, byte| (mark << 8) | u64::from(*byte)))
    }
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[key]")
    }
}
