//! Writing an entry: its members in their one order.
//!
//! By hand, since they never change: the general way through `serde` takes four times as long, and every
//! append waits for it. `read` has a test that whatever is written here reads as what it was.

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use domain::{
    actor::Actor,
    identity::{EventId, OrganisationId, PractitionerId},
    recorded::ReliedOn,
    stream::Stream,
};
use serde::Serialize;
use uuid::Uuid;

use super::{FORMAT, Header, Section, Unwritable};
use crate::append::LONGEST_ENTRY;

impl Header<'_> {
    /// Writes the entry: this header, then the event's public content, which must be JSON.
    ///
    /// # Errors
    /// When it comes out too long.
    pub fn write(&self, data: &[u8]) -> Result<Vec<u8>, Unwritable> {
        let streams = self.relied_on.len().saturating_mul(100);
        let length = data.len().saturating_add(1_024).saturating_add(streams);
        let mut entry = Entry(Vec::with_capacity(length));
        entry.value("{\"v\":", &FORMAT)?;
        entry.value(",\"type\":", self.name)?;
        entry.handle(",\"id\":\"", self.id.uuid());
        entry.time(",\"time\":\"", self.at);
        entry.stream(",\"stream\":\"", self.stream);
        entry.value(",\"rev\":", &self.revision)?;
        entry.digest_if_any(",\"prev\":\"", self.previous.as_ref())?;
        entry.actor(&self.by)?;
        entry.value(",\"policy\":", &self.policy)?;
        entry.relied_on(&self.relied_on)?;
        entry.handle_if_any(",\"correlation\":\"", self.correlation);
        entry.handle_if_any(",\"causation\":\"", self.causation.map(EventId::uuid));
        entry.digest_if_any(",\"request\":\"", self.request.as_ref())?;
        entry.sections(&self.sections)?;
        entry.put(",\"data\":");
        let mut entry = entry.0;
        entry.extend_from_slice(data);
        entry.push(b'}');
        if entry.len() > LONGEST_ENTRY { Err(Unwritable::TooLong(entry.len())) } else { Ok(entry) }
    }
}

/// An entry as far as it is written.
struct Entry(Vec<u8>);

impl Entry {
    fn put(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn value<T: Serialize + ?Sized>(&mut self, before: &str, value: &T) -> Result<(), Unwritable> {
        self.put(before);
        serde_json::to_writer(&mut self.0, value).map_err(|_| Unwritable::NotJson)
    }

    /// A text in which nothing has to be escaped.
    fn text(&mut self, before: &str, text: &str) {
        self.put(before);
        self.put(text);
        self.put("\"");
    }

    /// As RFC 3339 with three, six, nine or no decimals, in a tenth of the time that takes which takes every form.
    fn time(&mut self, before: &str, at: DateTime<Utc>) {
        let nanos = at.nanosecond();
        let (Ok(year @ 0..=9_999), 0..1_000_000_000) = (u32::try_from(at.year()), nanos) else {
            return self.text(before, &at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        };
        self.put(before);
        for (number, digits, after) in [
            (year, 4, b'-'),
            (at.month(), 2, b'-'),
            (at.day(), 2, b'T'),
            (at.hour(), 2, b':'),
            (at.minute(), 2, b':'),
        ] {
            self.digits(number, digits);
            self.0.push(after);
        }
        self.digits(at.second(), 2);
        let (fraction, digits) = match nanos {
            0 => (0, 0),
            _ if nanos.is_multiple_of(1_000_000) => (nanos / 1_000_000, 3),
            _ if nanos.is_multiple_of(1_000) => (nanos / 1_000, 6),
            _ => (nanos, 9),
        };
        if digits > 0 {
            self.0.push(b'.');
            self.digits(fraction, digits);
        }
        self.put("Z\"");
    }

    /// A number with so many digits, nine at most.
    fn digits(&mut self, mut number: u32, digits: usize) {
        let mut text = [b'0'; 9];
        for digit in text.iter_mut().rev() {
            let last = u8::try_from(number % 10).unwrap_or_default();
            *digit = b'0'.saturating_add(last);
            number /= 10;
        }
        self.0.extend_from_slice(text.get(9_usize.saturating_sub(digits)..).unwrap_or_default());
    }

    fn handle(&mut self, before: &str, handle: Uuid) {
        self.text(before, handle.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }

    fn handle_if_any(&mut self, before: &str, handle: Option<Uuid>) {
        if let Some(handle) = handle {
            self.handle(before, handle);
        }
    }

    fn stream(&mut self, before: &str, stream: Stream) {
        self.put(before);
        match stream.subject() {
            None => self.text(stream.category(), ""),
            Some(handle) => {
                self.put(stream.category());
                self.handle("-", handle);
            }
        }
    }

    fn digest(&mut self, before: &str, digest: &[u8; 32]) -> Result<(), Unwritable> {
        let mut digits = [0; 64];
        hex::encode_to_slice(digest, &mut digits).map_err(|_| Unwritable::NotJson)?;
        self.put(before);
        self.0.extend_from_slice(&digits);
        self.put("\"");
        Ok(())
    }

    fn digest_if_any(&mut self, before: &str, digest: Option<&[u8; 32]>) -> Result<(), Unwritable> {
        digest.map_or(Ok(()), |digest| self.digest(before, digest))
    }

    fn actor(&mut self, by: &Actor) -> Result<(), Unwritable> {
        self.put(",\"actor\":{");
        if let Some(id) = by.id {
            self.handle("\"id\":\"", id.uuid());
            self.put(",");
        }
        self.value("\"role\":", &by.role)?;
        self.handle_if_any(",\"organisation\":\"", by.organisation.map(OrganisationId::uuid));
        self.handle_if_any(",\"on_behalf_of\":\"", by.on_behalf_of.map(PractitionerId::uuid));
        self.put("}");
        Ok(())
    }

    fn relied_on(&mut self, relied_on: &[ReliedOn]) -> Result<(), Unwritable> {
        self.put(",\"relied_on\":[");
        let mut before = "{\"stream\":\"";
        for ReliedOn { stream, revision } in relied_on {
            self.stream(before, *stream);
            self.value(",\"revision\":", revision)?;
            self.put("}");
            before = ",{\"stream\":\"";
        }
        self.put("]");
        Ok(())
    }

    fn sections(&mut self, sections: &[Section]) -> Result<(), Unwritable> {
        self.put(",\"sections\":[");
        let mut before = "{\"role\":";
        for Section { role, key_id, alg, len, sha256, kc } in sections {
            self.value(before, role)?;
            self.handle(",\"key_id\":\"", *key_id);
            self.value(",\"alg\":", alg)?;
            self.value(",\"len\":", len)?;
            self.digest(",\"sha256\":\"", sha256)?;
            self.digest(",\"kc\":\"", kc)?;
            self.put("}");
            before = ",{\"role\":";
        }
        self.put("]");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        actor::{Actor, Role as Office},
        identity::ChildRef,
        policy::PolicyVersion,
    };

    use proptest::prelude::*;

    use super::*;
    use crate::entry::{Algorithm, Role};

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    proptest! {
        #[test]
        fn a_time_is_written_as_in_general(
            seconds in prop_oneof![
                -70_000_000_000..260_000_000_000_i64,
                0..2_000_000_000_i64,
                // The ends of what has four digits of years.
                -62_167_219_210..-62_167_219_190_i64,
                253_402_300_790..253_402_300_810_i64,
            ],
            nanos in prop_oneof![
                Just(0),
                (0..1_000_u32).prop_map(|millis| millis.saturating_mul(1_000_000)),
                (0..1_000_000_u32).prop_map(|micros| micros.saturating_mul(1_000)),
                0..1_000_000_000_u32,
            ],
            leap in any::<bool>(),
        ) {
            // A leap second is a second that goes on for two.
            let (seconds, nanos) = if leap {
                (seconds.div_euclid(60).saturating_mul(60).saturating_add(59), nanos.saturating_add(1_000_000_000))
            } else {
                (seconds, nanos)
            };
            let at = DateTime::from_timestamp(seconds, nanos).unwrap();
            let mut entry = Entry(Vec::new());
            entry.time("\"", at);
            let general = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            prop_assert_eq!(String::from_utf8(entry.0).unwrap(), format!("\"{general}\""));
        }
    }

    #[test]
    fn every_member_stands_as_it_always_stood() {
        let mut header = Header {
            name: "access.record-opened/1",
            id: EventId::new(id(1)),
            at: DateTime::from_timestamp(1_245_664_800, 7_000_000).unwrap(),
            stream: Stream::Access(ChildRef::new(id(2))),
            revision: 7,
            previous: Some([0xab; 32]),
            by: Actor {
                on_behalf_of: Some(PractitionerId::new(id(5))),
                ..Actor::person(
                    PractitionerId::new(id(3)),
                    Office::ManagementTeam,
                    OrganisationId::new(id(4)),
                )
            },
            policy: PolicyVersion(3),
            relied_on: vec![
                ReliedOn { stream: Stream::Policy, revision: Some(0) },
                ReliedOn { stream: Stream::Shield(ChildRef::new(id(2))), revision: None },
            ],
            correlation: Some(id(6)),
            causation: Some(EventId::new(id(7))),
            request: Some([1; 32]),
            sections: vec![Section {
                role: Role::Subject,
                key_id: id(2),
                alg: Algorithm::Aes256GcmSiv,
                len: 80,
                sha256: [2; 32],
                kc: [3; 32],
            }],
        };
        let digits = |pair: &str| pair.repeat(32);
        let (prev, request, sha256, kc) = (digits("ab"), digits("01"), digits("02"), digits("03"));
        let zeros = "00000000-0000-0000-0000-00000000000";
        assert_eq!(
            String::from_utf8(header.write(b"{\"a\":1}").unwrap()).unwrap(),
            format!(
                "{{\"v\":1,\"type\":\"access.record-opened/1\",\"id\":\"{zeros}1\",\
                 \"time\":\"2009-06-22T10:00:00.007Z\",\"stream\":\"access-{zeros}2\",\"rev\":7,\
                 \"prev\":\"{prev}\",\"actor\":{{\"id\":\"{zeros}3\",\"role\":\"management-team\",\
                 \"organisation\":\"{zeros}4\",\"on_behalf_of\":\"{zeros}5\"}},\"policy\":3,\
                 \"relied_on\":[{{\"stream\":\"policy\",\"revision\":0}},\
                 {{\"stream\":\"shield-{zeros}2\",\"revision\":null}}],\
                 \"correlation\":\"{zeros}6\",\"causation\":\"{zeros}7\",\"request\":\"{request}\",\
                 \"sections\":[{{\"role\":\"subject\",\"key_id\":\"{zeros}2\",\
                 \"alg\":\"A256GCM-SIV\",\"len\":80,\"sha256\":\"{sha256}\",\"kc\":\"{kc}\"}}],\
                 \"data\":{{\"a\":1}}}}"
            )
        );
        header = Header {
            stream: Stream::Policy,
            previous: None,
            by: Actor::SYSTEM,
            relied_on: Vec::new(),
            correlation: None,
            causation: None,
            request: None,
            sections: Vec::new(),
            ..header
        };
        assert_eq!(
            String::from_utf8(header.write(b"null").unwrap()).unwrap(),
            format!(
                "{{\"v\":1,\"type\":\"access.record-opened/1\",\"id\":\"{zeros}1\",\
                 \"time\":\"2009-06-22T10:00:00.007Z\",\"stream\":\"policy\",\"rev\":7,\
                 \"actor\":{{\"role\":\"system\"}},\"policy\":3,\"relied_on\":[],\"sections\":[],\
                 \"data\":null}}"
            )
        );
    }
}
