//! Reading an entry in one pass, without building a tree of it.

mod as_written;
mod plain;
mod rest;

use std::{fmt, marker::PhantomData};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{identity::EventId, stream::Stream};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use self::plain::Plain;
use super::{FORMAT, Header, digest_hex};

/// How the event's content is read. The stored name is known by then.
pub(crate) trait ReadData<'de>: Copy {
    /// What comes of it.
    type Value;

    /// Whether the header is wanted only for its stamp. The digests in it, and what it says of
    /// sections, are then passed over and left out: half the time of reading an event.
    const STAMP_ONLY: bool;

    /// Reads it.
    fn read<D: Deserializer<'de>>(
        self,
        name: &str,
        deserializer: D,
    ) -> Result<Self::Value, D::Error>;
}

/// Takes the event's content as the bytes that were written.
#[derive(Clone, Copy)]
pub(crate) struct AsWritten;

impl<'de> ReadData<'de> for AsWritten {
    type Value = &'de str;
    const STAMP_ONLY: bool = false;
    fn read<D: Deserializer<'de>>(self, _: &str, deserializer: D) -> Result<&'de str, D::Error> {
        <&RawValue>::deserialize(deserializer).map(RawValue::get)
    }
}

/// Reads an entry: the header, and its content in the way asked for.
///
/// # Errors
/// When it is not exactly one JSON object with the members of the one known format in their order.
pub(crate) fn read<'a, R: ReadData<'a>>(
    entry: &'a [u8],
    data: R,
) -> Result<(Header<'a>, R::Value), serde_json::Error> {
    if !entry.starts_with(b"{\"v\":") || !entry.ends_with(b"}") {
        return Err(de::Error::custom("not an entry: bytes before or after the object"));
    }
    // Once for the whole, so that it need not be asked of every text in it.
    let text = str::from_utf8(entry).map_err(de::Error::custom)?;
    match as_this_program_writes(text, data) {
        Some(read) => Ok(read),
        None => read_in_general(text, data),
    }
}

fn read_in_general<'a, R: ReadData<'a>>(
    entry: &'a str,
    data: R,
) -> Result<(Header<'a>, R::Value), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(entry);
    let read = deserializer.deserialize_map(Members { data, entry: PhantomData })?;
    deserializer.end()?;
    Ok(read)
}

/// None where it is written otherwise, or something is wrong with it.
fn as_this_program_writes<'a, R: ReadData<'a>>(
    entry: &'a str,
    reader: R,
) -> Option<(Header<'a>, R::Value)> {
    let (header, data) = as_written::header(entry, R::STAMP_ONLY)?;
    let value = content(header.name, data, reader)?;
    Some((header, value))
}

/// Reads the whole header of an entry, and answers what stands where its content does: nobody has looked at that yet, and
/// whoever reads it has to see that it is one value and nothing more. None where the header is written otherwise than this
/// program does, or something is wrong with it.
pub(crate) fn read_header(entry: &[u8]) -> Option<(Header<'_>, &str)> {
    as_written::header(str::from_utf8(entry).ok()?, false)
}

/// Reads the whole header of an entry, and its content to see that it can be read in the way asked for; answers the
/// text of the content. None where it is written otherwise than this program does, or something is wrong with it:
/// [`read`] says what.
pub(crate) fn read_checked<'a, R: ReadData<'a>>(
    entry: &'a [u8],
    reader: R,
) -> Option<(Header<'a>, &'a str)> {
    let (header, data) = as_written::header(str::from_utf8(entry).ok()?, false)?;
    content(header.name, data, reader)?;
    Some((header, data))
}

fn content<'a, R: ReadData<'a>>(name: &str, data: &'a str, reader: R) -> Option<R::Value> {
    if let Some(value) = written_plainly(name, data, reader) {
        return Some(value);
    }
    let mut deserializer = serde_json::Deserializer::from_str(data);
    let value = reader.read(name, &mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

/// Reads content that is written as this program does. None where it is written otherwise, or something is wrong with it:
/// the general reader says what.
pub(crate) fn written_plainly<'a, R: ReadData<'a>>(
    name: &str,
    data: &'a str,
    reader: R,
) -> Option<R::Value> {
    let mut plain = Plain::new(data);
    let value = reader.read(name, &mut plain).ok()?;
    plain.end().ok()?;
    Some(value)
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    V,
    Type,
    Id,
    Time,
    Stream,
    Rev,
    Prev,
    Actor,
    Policy,
    ReliedOn,
    Correlation,
    Causation,
    Request,
    Sections,
    Data,
}

struct Members<'a, R> {
    data: R,
    entry: PhantomData<&'a ()>,
}

impl<'de, R: ReadData<'de>> Visitor<'de> for Members<'de, R> {
    type Value = (Header<'de>, R::Value);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut members = InOrder { map, ahead: None };
        let format: u32 = members.required(Member::V, "v")?;
        if format != FORMAT {
            return Err(de::Error::custom(format_args!("unknown format {format}")));
        }
        let name: &'de str = members.required(Member::Type, "type")?;
        let header = Header {
            name,
            id: members.required::<EventId>(Member::Id, "id")?,
            at: members.required::<Time>(Member::Time, "time")?.0,
            stream: members.required::<Stream>(Member::Stream, "stream")?,
            revision: members.required(Member::Rev, "rev")?,
            previous: members.digest::<R>(Member::Prev)?,
            by: members.required(Member::Actor, "actor")?,
            policy: members.required(Member::Policy, "policy")?,
            relied_on: members.required(Member::ReliedOn, "relied_on")?,
            correlation: members.optional::<Uuid>(Member::Correlation)?,
            causation: members.optional::<EventId>(Member::Causation)?,
            request: members.digest::<R>(Member::Request)?,
            sections: if R::STAMP_ONLY {
                members.required::<IgnoredAny>(Member::Sections, "sections")?;
                Vec::new()
            } else {
                members.required(Member::Sections, "sections")?
            },
        };
        let data = members.last(Content { reader: self.data, name, entry: PhantomData })?;
        Ok((header, data))
    }
}

/// Members in ascending order: what is asked for comes next, or is not there.
struct InOrder<A> {
    map: A,
    ahead: Option<Member>,
}

impl<'de, A: MapAccess<'de>> InOrder<A> {
    fn arrived(&mut self, member: Member) -> Result<bool, A::Error> {
        if self.ahead.is_none() {
            self.ahead = self.map.next_key()?;
        }
        let arrived = self.ahead == Some(member);
        if arrived {
            self.ahead = None;
        }
        Ok(arrived)
    }

    fn required<T: Deserialize<'de>>(
        &mut self,
        member: Member,
        name: &'static str,
    ) -> Result<T, A::Error> {
        if self.arrived(member)? { self.map.next_value() } else { Err(misplaced(name)) }
    }

    fn optional<T: Deserialize<'de>>(&mut self, member: Member) -> Result<Option<T>, A::Error> {
        if self.arrived(member)? { self.map.next_value().map(Some) } else { Ok(None) }
    }

    fn digest<R: ReadData<'de>>(&mut self, member: Member) -> Result<Option<[u8; 32]>, A::Error> {
        if R::STAMP_ONLY {
            self.optional::<IgnoredAny>(member).map(|_| None)
        } else {
            Ok(self.optional::<Digest>(member)?.map(|digest| digest.0))
        }
    }

    fn last<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if !self.arrived(Member::Data)? {
            return Err(misplaced("data"));
        }
        let value = self.map.next_value_seed(seed)?;
        if self.map.next_key::<Member>()?.is_some() {
            return Err(de::Error::custom("a member after the last one"));
        }
        Ok(value)
    }
}

fn misplaced<E: de::Error>(name: &'static str) -> E {
    E::custom(format_args!(
        "`{name}` is not where it belongs: it is missing, or another is repeated"
    ))
}

struct Content<'a, R> {
    reader: R,
    name: &'a str,
    entry: PhantomData<&'a ()>,
}

impl<'de, R: ReadData<'de>> DeserializeSeed<'de> for Content<'de, R> {
    type Value = R::Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R::Value, D::Error> {
        self.reader.read(self.name, deserializer)
    }
}

struct Digest([u8; 32]);

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        digest_hex::deserialize(deserializer).map(Self)
    }
}

struct Time(DateTime<Utc>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Instant;
        impl Visitor<'_> for Instant {
            type Value = Time;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant in UTC")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                instant(text.as_bytes())
                    .or_else(|| text.parse().ok().filter(|_| text.ends_with('Z')))
                    .map(Time)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Instant)
    }
}

/// Reads `2009-06-22T10:00:00Z` with three, six, nine or no decimals, four times as fast as a parser
/// that must take every form there is.
fn instant(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date_and_time, fraction) = text.strip_suffix(b"Z")?.split_at_checked(19)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2] =
        date_and_time
    else {
        return None;
    };
    let (fraction, scale) = match fraction {
        [] => (&[][..], 0),
        [b'.', digits @ ..] => match digits.len() {
            3 => (digits, 1_000_000),
            6 => (digits, 1_000),
            9 => (digits, 1),
            _ => return None,
        },
        _ => return None,
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)?
        .and_hms_nano_opt(
            number(&[h1, h2])?,
            number(&[n1, n2])?,
            number(&[s1, s2])?,
            number(fraction)?.checked_mul(scale)?,
        )
        .map(|instant| instant.and_utc())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(u32::from(digit))
    })
}
