//! The entry: the public header of an event, in JSON. Its exact stored bytes are what is hashed.
//!
//! Written once, by [`Header::write`], and never written again: whoever needs the hash takes it over
//! the bytes as stored. The members stand in one fixed order, so a reader that asks for ascending
//! order refuses every repeated, misplaced or unknown one. An entry holds no personal value.

mod read;
mod write;

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use domain::{
    actor::Actor,
    identity::EventId,
    policy::PolicyVersion,
    recorded::{ReliedOn, Stamp},
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::append::LONGEST_ENTRY;

pub(crate) use read::{AsWritten, ReadData, read, read_checked, read_header, written_plainly};

/// The version of the format that this code writes, and the only one it reads.
pub const FORMAT: u32 = 1;

/// The public header of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The event's stored name, with its version.
    pub name: &'a str,
    /// The event's identity.
    pub id: EventId,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Its stream.
    pub stream: Stream,
    /// Its place in that stream, from 0.
    pub revision: u64,
    /// The leaf hash of the stream's entry before it; none for the first.
    pub previous: Option<[u8; 32]>,
    /// Who acted.
    pub by: Actor,
    /// The policy under which it was decided.
    pub policy: PolicyVersion,
    /// What the decision read elsewhere.
    pub relied_on: Vec<ReliedOn>,
    /// What the caller's system calls the whole undertaking.
    pub correlation: Option<Uuid>,
    /// The event that led to this one.
    pub causation: Option<EventId>,
    /// A keyed digest of the request's body, if the caller made one.
    pub request: Option<[u8; 32]>,
    /// What lies sealed beside the entry. At most one section today.
    pub sections: Vec<Section>,
}

/// What the header says about a sealed section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Whose key seals it.
    pub role: Role,
    /// Which key: the handle of the subject.
    pub key_id: Uuid,
    /// How it is sealed.
    pub alg: Algorithm,
    /// The length of the sealed bytes.
    pub len: u32,
    /// Their SHA-256.
    #[serde(with = "digest_hex")]
    pub sha256: [u8; 32],
    /// The commitment to the event's key: `SHA-256("kc1" || key)`.
    #[serde(with = "digest_hex")]
    pub kc: [u8; 32],
}

/// Whose key seals a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The subject of the stream.
    Subject,
}

impl Role {
    /// The role as it stands in keys and in additional data.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
        }
    }
}

/// How a section is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// AES-256-GCM-SIV with a key for this event alone and a nonce of zeros.
    #[serde(rename = "A256GCM-SIV")]
    Aes256GcmSiv,
}

/// An entry that cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// Longer than [`LONGEST_ENTRY`].
    #[error("the entry has {0} bytes, and at most {LONGEST_ENTRY} can be stored")]
    TooLong(usize),
    /// It does not come out as JSON.
    #[error("the entry cannot be written as JSON")]
    NotJson,
}

impl Header<'_> {
    /// The event's stamp, once its place in the log is known.
    pub fn stamp(self, position: u64) -> Stamp {
        Stamp {
            id: self.id,
            stream: self.stream,
            revision: self.revision,
            position,
            at: self.at,
            by: self.by,
            policy: self.policy,
            relied_on: self.relied_on,
            correlation: self.correlation,
            causation: self.causation,
        }
    }
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    // In one call, which allocates nothing and wipes what it worked with.
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

/// A digest as 64 hexadecimal digits in lower case.
pub(crate) mod digest_hex {
    use std::fmt;

    use serde::{Deserializer, Serializer, de};

    struct Digits;

    /// Reads one.
    pub(super) fn digest(text: &str) -> Option<[u8; 32]> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
        if pairs.len() != 32 {
            return None;
        }
        let mut digest = [0; 32];
        let mut foreign = 0;
        for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
            let (high, low) = (value(*high), value(*low));
            foreign |= high | low;
            *byte = high << 4 | low & 15;
        }
        (foreign < 16).then_some(digest)
    }

    /// The value of a digit, or 16 and more for what is none.
    const fn value(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit.wrapping_sub(b'0'),
            b'a'..=b'f' => digit.wrapping_sub(b'a').wrapping_add(10),
            _ => 0xf0,
        }
    }

    impl de::Visitor<'_> for Digits {
        type Value = [u8; 32];
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("64 hexadecimal digits in lower case")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<[u8; 32], E> {
            // The text may be a secret: it is not repeated.
            digest(text)
                .ok_or_else(|| E::invalid_value(de::Unexpected::Other("another text"), &self))
        }
    }

    pub(crate) fn serialize<S: Serializer>(
        digest: &[u8; 32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut text = [0; 64];
        hex::encode_to_slice(digest, &mut text).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(str::from_utf8(&text).map_err(serde::ser::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; 32], D::Error> {
        deserializer.deserialize_str(Digits)
    }
}

#[cfg(test)]
mod tests {
    use super::digest_hex;

    #[test]
    fn a_digest_is_64_digits_in_lower_case_and_nothing_else() {
        let read = |text: &str| {
            let deserializer: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
                serde::de::IntoDeserializer::into_deserializer(text);
            digest_hex::deserialize(deserializer).ok()
        };
        let digest: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 8 + 7).unwrap());
        let text = hex::encode(digest);
        assert_eq!(read(&text), Some(digest));
        for (what, wrong) in [
            ("capitals", text.to_uppercase()),
            ("too short", text[1..].to_owned()),
            ("too long", format!("{text}00")),
            ("no digit", text.replacen('f', "g", 1)),
        ] {
            assert_eq!(read(&wrong), None, "{what}");
        }
    }
}
