//! What can be said of an event by itself, whatever stands before it: on every core there is, since nothing
//! else of a verification takes as long.

use chrono::{DateTime, Utc};
use domain::stream::Stream;
use uuid::Uuid;

use super::{Sign, opening, repeats};
use crate::{
    EventLog,
    backend::{Leaf, Lent, Stored, leaf},
    codec::{self, Typed},
    entry::{self, AsWritten, Header},
    on_all_cores::on_all_cores,
    seal,
};

/// So many events at least are worth a thread.
const WORTH_A_THREAD: usize = 256;

/// What is recorded before anything of a subject is taken away.
const BEGUN: &str = "erasure.begun/1";

/// What was found out about an event by itself. Nothing of its bytes is kept.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) position: u64,
    /// Where it stands, which its entry may contradict.
    pub(super) stream: Stream,
    pub(super) revision: u64,
    pub(super) leaf: Leaf,
    /// Or why the entry cannot be read.
    pub(super) alone: Result<Alone, String>,
}

/// An entry that can be read.
#[derive(Debug)]
pub(super) struct Alone {
    pub(super) stream: Stream,
    pub(super) revision: u64,
    pub(super) at: DateTime<Utc>,
    pub(super) previous: Option<Leaf>,
    /// The subject whose erasure it begins.
    pub(super) erases: Option<Uuid>,
    /// Under whose key a section is sealed, if the entry names one and no more.
    pub(super) key: Option<Uuid>,
    /// Whether the content is an event, and says nothing twice. That the header says nothing twice was seen
    /// when it was read.
    pub(super) content: Result<(), Sign>,
    pub(super) section: Result<Sealed, Sign>,
}

/// What stands sealed beside an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sealed {
    /// Nothing, and the entry names nothing.
    None,
    /// Nothing any more.
    TakenAway,
    /// What the entry names.
    Named,
    /// What the entry names, and it was opened.
    Opened,
}

/// Judges events, in their order.
pub(crate) fn judge_all(log: &EventLog, some: &[Stored]) -> Vec<Judged> {
    on_all_cores(some, WORTH_A_THREAD, |stored| judge(log, stored.lent()))
}

/// Judges an event where it lies.
pub(crate) fn judge(log: &EventLog, lent: Lent<'_>) -> Judged {
    let Lent { position, stream, revision, entry, .. } = lent;
    Judged { position, stream, revision, leaf: leaf(entry), alone: alone(log, lent) }
}

fn alone(log: &EventLog, lent: Lent<'_>) -> Result<Alone, String> {
    let (header, content) = match in_one_pass(log, lent.entry) {
        Some(read) => read,
        None => one_after_the_other(log, lent.entry)?,
    };
    let erasure = if let Stream::Erasure(subject) = header.stream { Some(subject) } else { None };
    Ok(Alone {
        section: section(log, lent.sealed, &header),
        content,
        stream: header.stream,
        revision: header.revision,
        at: header.at,
        previous: header.previous,
        erases: erasure.filter(|_| header.name == BEGUN),
        key: match header.sections.as_slice() {
            [section] => Some(section.key_id),
            [] | [_, _, ..] => None,
        },
    })
}

/// An entry's header, and what is to be said of its content.
type Read<'a> = (Header<'a>, Result<(), Sign>);

/// Reads an entry that is as this program writes it. None where something is not as it should be: then the other
/// way says what.
fn in_one_pass<'a>(log: &EventLog, entry: &'a [u8]) -> Option<Read<'a>> {
    let (header, data) = entry::read_checked(entry, Typed(log.upcasts()))?;
    Some((header, once(data)))
}

/// Reads the header first, then the content.
fn one_after_the_other<'a>(log: &EventLog, entry: &'a [u8]) -> Result<Read<'a>, String> {
    let (header, data) = entry::read(entry, AsWritten).map_err(|error| error.to_string())?;
    let content = codec::decode_sealed(header.name, data, log.upcasts());
    let content = content.map_err(Sign::EventUnknown).and_then(|_event| once(data));
    Ok((header, content))
}

fn once(data: &str) -> Result<(), Sign> {
    if repeats::any(data) { Err(Sign::MemberRepeated) } else { Ok(()) }
}

fn section(log: &EventLog, sealed: Option<&[u8]>, header: &Header<'_>) -> Result<Sealed, Sign> {
    match (header.sections.as_slice(), sealed) {
        ([], None) => Ok(Sealed::None),
        ([_], None) => Ok(Sealed::TakenAway),
        ([section], Some(sealed)) if seal::is_named(section, sealed) => {
            let opened = opening::opens(log.keys(), header.id, section, sealed)?;
            Ok(if opened { Sealed::Opened } else { Sealed::Named })
        }
        ([_], Some(_)) => Err(Sign::SectionAltered),
        ([], Some(_)) | ([_, _, ..], _) => Err(Sign::SectionUnnamed),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::LazyLock};

    use domain::{actor::Actor, identity::EventId, policy::PolicyVersion};
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::*;

    static LOG: LazyLock<EventLog> = LazyLock::new(|| EventLog::memory().unwrap());
    static ENTRIES: LazyLock<Vec<String>> = LazyLock::new(entries);

    #[derive(Deserialize)]
    struct Sample {
        r#type: String,
        data: Box<RawValue>,
    }

    /// An entry of every event there is.
    fn entries() -> Vec<String> {
        let histories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/histories");
        let files = fs::read_dir(histories).unwrap();
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        let lines = |text: String| -> Vec<String> {
            let sample = |line| serde_json::from_str::<Sample>(line).unwrap();
            text.lines().map(sample).map(|sample| entry(&sample.r#type, &sample.data)).collect()
        };
        texts.flat_map(lines).collect()
    }

    fn entry(name: &str, data: &RawValue) -> String {
        let header = Header {
            name,
            id: EventId::new(Uuid::from_u128(1)),
            at: DateTime::UNIX_EPOCH,
            stream: Stream::Policy,
            revision: 7,
            previous: Some([1; 32]),
            by: Actor::SYSTEM,
            policy: PolicyVersion(3),
            relied_on: Vec::new(),
            correlation: None,
            causation: None,
            request: None,
            sections: Vec::new(),
        };
        String::from_utf8(header.write(data.get().as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn every_event_is_judged_in_one_pass_as_one_after_the_other() {
        assert!(ENTRIES.len() > 80);
        for entry in ENTRIES.iter() {
            let read = in_one_pass(&LOG, entry.as_bytes());
            assert!(read.as_ref().is_some_and(|(_, content)| content.is_ok()), "{entry}");
            assert_eq!(read, one_after_the_other(&LOG, entry.as_bytes()).ok(), "{entry}");
        }
    }

    #[test]
    fn what_is_said_twice_is_found_in_one_pass_as_well() {
        let mut found = 0;
        for entry in ENTRIES.iter() {
            let data = entry.find("\"data\":{").unwrap();
            for (at, _) in entry.match_indices('{').filter(|(at, _)| *at > data) {
                let mut twice = entry.clone();
                let end = entry.get(at.saturating_add(1)..).unwrap().starts_with('}');
                let comma = if end { "" } else { "," };
                twice.insert_str(at.saturating_add(1), &format!("\"x\":1,\"x\":1{comma}"));
                if let Some(read) = in_one_pass(&LOG, twice.as_bytes()) {
                    assert_eq!(read.1, Err(Sign::MemberRepeated), "{twice}");
                    assert_eq!(Ok(read), one_after_the_other(&LOG, twice.as_bytes()), "{twice}");
                    found += 1;
                }
            }
        }
        assert!(found > 0, "no event takes a member that it does not know");
    }

    proptest! {
        #[test]
        fn what_was_altered_is_judged_so_too_or_left_to_the_other_way(
            which in any::<prop::sample::Index>(),
            at in any::<prop::sample::Index>(),
            taken in 0..3_usize,
            put in r#"|[\x00-\x7f]|[0-9a-z"\\{},: ]{1,3}|\\u0061|null|é|,"(opening|id|a)":1"#,
        ) {
            let mut entry = which.get(&ENTRIES).clone();
            let begins = at.index(entry.len());
            let ends = entry.len().min(begins.saturating_add(taken));
            prop_assume!(entry.is_char_boundary(begins) && entry.is_char_boundary(ends));
            entry.replace_range(begins..ends, &put);
            if let Some(read) = in_one_pass(&LOG, entry.as_bytes()) {
                prop_assert_eq!(Ok(read), one_after_the_other(&LOG, entry.as_bytes()));
            }
        }
    }
}
