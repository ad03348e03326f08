//! A header exactly as [`Header::write`] writes it, read several times as fast as JSON in general.
//!
//! Everything that is read here reads the same with the general reader. Whatever is written otherwise is
//! left to that one, which takes all forms that the format allows, or says what is wrong.

use chrono::{DateTime, Utc};
use domain::{
    actor::{Actor, Role as Office},
    identity::{EventId, OrganisationId, PractitionerId},
    policy::PolicyVersion,
    recorded::ReliedOn,
    stream::Stream,
};
use serde::{
    Deserialize,
    de::{
        IntoDeserializer,
        value::{Error, StrDeserializer},
    },
};
use uuid::Uuid;

use super::{
    super::{Section, digest_hex},
    Header, instant,
    rest::Rest,
};

/// What an entry of the one known format begins with.
const BEGINNING: &[u8; 15] = b"{\"v\":1,\"type\":\"";
const _: () = assert!(super::FORMAT == 1, "the beginning names the format");

/// The header of an entry, with the text of its content. With `stamp_only`, digests and sections are passed
/// over and left out.
pub(super) fn header(entry: &str, stamp_only: bool) -> Option<(Header<'_>, &str)> {
    let mut rest = Rest(entry);
    rest.pass(BEGINNING)?;
    let header = Header {
        name: rest.text()?,
        id: EventId::new(rest.handle(b",\"id\":\"")?),
        at: rest.time()?,
        stream: rest.begun(b",\"stream\":\"")?.stream()?,
        revision: rest.begun(b",\"rev\":")?.number()?,
        previous: rest.digest(b",\"prev\":\"", stamp_only)?,
        by: rest.actor()?,
        policy: PolicyVersion(u32::try_from(rest.begun(b",\"policy\":")?.number()?).ok()?),
        relied_on: rest.relied_on()?,
        correlation: rest.handle_if_any(b",\"correlation\":\"")?,
        causation: rest.handle_if_any(b",\"causation\":\"")?.map(EventId::new),
        request: rest.digest(b",\"request\":\"", stamp_only)?,
        sections: rest.sections(stamp_only)?,
    };
    rest.pass(b",\"data\":")?;
    Some((header, rest.0.strip_suffix('}')?))
}

impl Rest<'_> {
    #[inline]
    fn begun<const N: usize>(&mut self, text: &[u8; N]) -> Option<&mut Self> {
        self.pass(text)?;
        Some(self)
    }

    fn time(&mut self) -> Option<DateTime<Utc>> {
        self.pass(b",\"time\":\"")?;
        instant(self.text()?.as_bytes())
    }

    fn stream(&mut self) -> Option<Stream> {
        self.text()?.parse().ok()
    }

    #[inline]
    fn handle<const N: usize>(&mut self, before: &[u8; N]) -> Option<Uuid> {
        self.pass(before)?;
        let handle = Uuid::try_parse(self.take(36)?).ok()?;
        self.pass(b"\"")?;
        Some(handle)
    }

    #[expect(clippy::option_option, reason = "not there, there, or written otherwise")]
    fn handle_if_any<const N: usize>(&mut self, before: &[u8; N]) -> Option<Option<Uuid>> {
        if self.0.as_bytes().starts_with(before) {
            self.handle(before).map(Some)
        } else {
            Some(None)
        }
    }

    #[expect(clippy::option_option, reason = "not there, there, or written otherwise")]
    fn digest<const N: usize>(
        &mut self,
        before: &[u8; N],
        pass_over: bool,
    ) -> Option<Option<[u8; 32]>> {
        if !self.comes(before) {
            return Some(None);
        }
        if pass_over {
            self.pass_digits()?;
            return Some(None);
        }
        self.digits().map(Some)
    }

    fn digits(&mut self) -> Option<[u8; 32]> {
        let digest = digest_hex::digest(self.take(64)?)?;
        self.pass(b"\"")?;
        Some(digest)
    }

    /// Passes over what would be a digest: 64 characters of a text, and the mark that ends it.
    fn pass_digits(&mut self) -> Option<()> {
        let digits = self.take(64)?.bytes();
        let foreign = digits.fold(false, |foreign, byte| foreign | !byte.is_ascii_alphanumeric());
        if foreign { None } else { self.pass(b"\"") }
    }

    fn actor(&mut self) -> Option<Actor> {
        self.pass(b",\"actor\":{")?;
        let id = self.handle_if_any(b"\"id\":\"")?;
        if id.is_some() {
            self.pass(b",")?;
        }
        self.pass(b"\"role\":\"")?;
        let role: StrDeserializer<'_, Error> = self.text()?.into_deserializer();
        let role = Office::deserialize(role).ok()?;
        let organisation = self.handle_if_any(b",\"organisation\":\"")?.map(OrganisationId::new);
        let on_behalf_of = self.handle_if_any(b",\"on_behalf_of\":\"")?.map(PractitionerId::new);
        self.pass(b"}")?;
        Some(Actor { id: id.map(PractitionerId::new), role, organisation, on_behalf_of })
    }

    fn relied_on(&mut self) -> Option<Vec<ReliedOn>> {
        self.pass(b",\"relied_on\":[")?;
        let mut relied_on = Vec::new();
        while !self.comes(b"]") {
            if !relied_on.is_empty() {
                self.pass(b",")?;
            }
            self.pass(b"{\"stream\":\"")?;
            let stream = self.stream()?;
            self.pass(b",\"revision\":")?;
            let revision = if self.comes(b"null") { None } else { Some(self.number()?) };
            self.pass(b"}")?;
            relied_on.push(ReliedOn { stream, revision });
        }
        Some(relied_on)
    }

    fn sections(&mut self, pass_over: bool) -> Option<Vec<Section>> {
        self.pass(b",\"sections\":[")?;
        let mut sections = Vec::new();
        if self.comes(b"]") {
            return Some(sections);
        }
        // At most one is written today.
        self.pass(b"{\"role\":\"subject\"")?;
        if pass_over {
            self.begun(b",\"key_id\":\"")?.text()?;
            self.begun(b",\"alg\":\"A256GCM-SIV\",\"len\":")?.number()?;
            self.begun(b",\"sha256\":\"")?.pass_digits()?;
            self.begun(b",\"kc\":\"")?.pass_digits()?;
        } else {
            let key_id = self.handle(b",\"key_id\":\"")?;
            let len = self.begun(b",\"alg\":\"A256GCM-SIV\",\"len\":")?.number()?;
            self.pass(b",\"sha256\":\"")?;
            let sha256 = self.digits()?;
            self.pass(b",\"kc\":\"")?;
            let (role, alg) = (super::super::Role::Subject, super::super::Algorithm::Aes256GcmSiv);
            let (len, kc) = (u32::try_from(len).ok()?, self.digits()?);
            sections.push(Section { role, key_id, alg, len, sha256, kc });
        }
        self.pass(b"}]")?;
        Some(sections)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};
    use serde::{Deserializer, de::IgnoredAny};

    use super::{super::*, *};
    use crate::entry::{Algorithm, Role};

    #[derive(Clone, Copy)]
    struct OnlyStamp;

    impl<'de> ReadData<'de> for OnlyStamp {
        type Value = ();
        const STAMP_ONLY: bool = true;
        fn read<D: Deserializer<'de>>(self, _: &str, deserializer: D) -> Result<(), D::Error> {
            IgnoredAny::deserialize(deserializer).map(drop)
        }
    }

    fn handle() -> impl Strategy<Value = Uuid> {
        any::<u128>().prop_map(Uuid::from_u128)
    }

    fn stream() -> impl Strategy<Value = Stream> {
        (handle(), 0..11_usize).prop_map(|(id, nth)| {
            Stream::of_subject(id).get(nth).copied().unwrap_or(Stream::Policy)
        })
    }

    fn section() -> impl Strategy<Value = Section> {
        (handle(), any::<u32>(), any::<[u8; 32]>(), any::<[u8; 32]>()).prop_map(
            |(key_id, len, sha256, kc)| Section {
                role: Role::Subject,
                key_id,
                alg: Algorithm::Aes256GcmSiv,
                len,
                sha256,
                kc,
            },
        )
    }

    fn actor() -> impl Strategy<Value = Actor> {
        let offices = vec![Office::Practitioner, Office::ManagementTeam, Office::System];
        let ids = [0; 3].map(|_| option::of(handle()));
        (prop::sample::select(offices), ids).prop_map(|(role, [id, organisation, other])| Actor {
            id: id.map(PractitionerId::new),
            role,
            organisation: organisation.map(OrganisationId::new),
            on_behalf_of: other.map(PractitionerId::new),
        })
    }

    fn time() -> impl Strategy<Value = DateTime<Utc>> {
        let fraction = prop_oneof![Just(0), Just(7_000_000), Just(7_000), 0..1_000_000_000_u32];
        (0..4_000_000_000_i64, fraction)
            .prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
    }

    fn headers() -> impl Strategy<Value = Header<'static>> {
        let numbers = (any::<u64>(), any::<u32>(), vec((stream(), option::of(any::<u64>())), 0..4));
        let digests = [0; 2].map(|_| option::of(any::<[u8; 32]>()));
        let handles = (handle(), option::of(handle()), option::of(handle()));
        (numbers, digests, handles, time(), stream(), actor(), vec(section(), 0..2)).prop_map(
            |(numbers, [previous, request], handles, at, stream, by, sections)| {
                let (revision, policy, relied_on) = numbers;
                let (id, correlation, causation) = handles;
                let relied_on = relied_on
                    .into_iter()
                    .map(|(stream, revision)| ReliedOn { stream, revision })
                    .collect();
                Header {
                    name: "child.registered/1",
                    id: EventId::new(id),
                    at,
                    stream,
                    revision,
                    previous,
                    by,
                    policy: PolicyVersion(policy),
                    relied_on,
                    correlation,
                    causation: causation.map(EventId::new),
                    request,
                    sections,
                }
            },
        )
    }

    fn agrees<'a, R: ReadData<'a>>(entry: &'a str, reader: R) -> bool
    where
        R::Value: PartialEq + std::fmt::Debug,
    {
        let quick = as_this_program_writes(entry, reader);
        let is_quick = quick.is_some();
        if is_quick {
            assert_eq!(quick, read_in_general(entry, reader).ok(), "{entry}");
        }
        is_quick
    }

    proptest! {
        #[test]
        fn what_this_program_writes_is_read_as_in_general(header in headers()) {
            let entry = String::from_utf8(header.write(br#"{"a":[1]}"#).unwrap()).unwrap();
            assert!(agrees(&entry, AsWritten) && agrees(&entry, OnlyStamp));
            assert_eq!(read_in_general(&entry, AsWritten).unwrap(), (header, r#"{"a":[1]}"#));
        }

        #[test]
        fn what_was_altered_is_read_as_in_general_or_left_to_it(
            header in headers(),
            at in any::<prop::sample::Index>(),
            taken in 0..3_usize,
            put in r#"|[\x00-\x7f]|[0-9a-f"\\{},: ]{1,3}|\\u0031|null|é"#,
        ) {
            let mut entry = String::from_utf8(header.write(br#"{"a":[1]}"#).unwrap()).unwrap();
            let at = at.index(entry.len());
            entry.replace_range(at..entry.len().min(at.saturating_add(taken)), &put);
            agrees(&entry, AsWritten);
            agrees(&entry, OnlyStamp);
        }
    }
}
