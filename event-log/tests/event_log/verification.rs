//! A log that was tampered with, and what the check says of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use domain::{
    erasure::{self, Grounds},
    event::Event,
    identity::PractitionerId,
    stream::Stream,
};
use event_log::{
    EventLog, Keys,
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Stored},
    verify::{Finding, Report, Sign, verify},
};
use fixtures::scenario::id;
use tokio::sync::watch;

use crate::world::{
    child_stream, command, everywhere, organisation_stream, record_created, registered, write,
};

/// A store that gives what it was told to give.
struct Tampered(Mutex<Vec<Stored>>, watch::Sender<u64>);

impl Backend for Tampered {
    fn append(&self, _: Append) -> Answer<'_, Result<Appended, AppendError>> {
        panic!("nothing is written here")
    }
    fn head(&self, _: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        panic!("a check reads the whole log")
    }
    fn read_stream(
        &self,
        _: Stream,
        _: u64,
        _: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        panic!("a check reads the whole log")
    }
    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let all = self.0.lock().unwrap();
            // As a table in order of position is read: what was read before is not read again.
            let after = all.iter().skip_while(|stored| stored.position < from);
            Ok(after.take(limit).cloned().collect())
        })
    }
    fn erase_sealed(&self, _: Stream) -> Answer<'_, Result<u64, AppendError>> {
        panic!("nothing is written here")
    }
    fn watch(&self) -> watch::Receiver<u64> {
        self.1.subscribe()
    }
}

fn begun() -> Event {
    let officer = |number| PractitionerId::new(id(number));
    Event::Erasure(erasure::Event::Begun {
        grounds: Grounds::OrderedByCourt,
        rule: None,
        proposed_by: officer(31),
        authorised_by: officer(32),
        holders: BTreeSet::new(),
    })
}

/// Key, record, organisation, record, organisation: positions 0 to 4.
async fn honest(log: &EventLog) -> Vec<Stored> {
    log.create_subject(id(1), command(0)).await.unwrap();
    for number in 1..5 {
        let (stream, event) = if number % 2 == 1 {
            (child_stream(1), record_created("Harker"))
        } else {
            (organisation_stream(2), registered("A town"))
        };
        write(log, stream, vec![event], command(number)).await.unwrap();
    }
    log.read_stored(0, 100).await.unwrap()
}

async fn check(all: Vec<Stored>) -> Report {
    let store = Tampered(Mutex::new(all), watch::Sender::new(0));
    verify(&EventLog::over(Arc::new(store), Keys::Absent), |_| {}).await.unwrap()
}

fn rewrite(stored: &mut Stored, from: &str, to: &str) {
    let entry = String::from_utf8(stored.entry.clone()).unwrap();
    assert!(entry.contains(from), "{entry}");
    stored.entry = entry.replacen(from, to, 1).into_bytes();
}

#[tokio::test]
async fn an_honest_log_is_clean_before_and_after_an_erasure() {
    for store in everywhere() {
        let log = store.log();
        honest(&log).await;
        let mut told = 0;
        let report = verify(&log, |next| told = next).await.unwrap();
        let expected = Report { events: 5, streams: 3, sealed: 2, opened: 2, ..Report::default() };
        assert_eq!(report, expected);
        assert_eq!(told, 5);
        log.keyring().unwrap().destroy(&[id(1)]).unwrap();
        log.backend().erase_sealed(child_stream(1)).await.unwrap();
        let report = verify(&log, |_| {}).await.unwrap();
        let removed = Finding { position: 1, sign: Sign::SectionRemoved };
        let taken_away = Report { sealed: 0, taken_away: 2, opened: 0, ..expected };
        assert_eq!(report, Report { findings: vec![removed], ..taken_away.clone() });
        write(&log, Stream::Erasure(id(1)), vec![begun()], command(9)).await.unwrap();
        let report = verify(&log, |_| {}).await.unwrap();
        assert_eq!(report, Report { events: 6, streams: 4, ..taken_away });
    }
}

/// What is done to the stored events, and what is found first.
type Case = (&'static str, fn(&mut Vec<Stored>), u64, fn(&Sign) -> bool);

const CASES: &[Case] = &[
    (
        "an event removed",
        |all| drop(all.remove(2)),
        2,
        |sign| matches!(sign, Sign::PositionMissing { next: 3 }),
    ),
    ("an event removed and the rest moved up", remove_and_close, 3, |sign| {
        matches!(sign, Sign::RevisionMissing { expected: 0 })
    }),
    (
        "an event given twice",
        |all| all.insert(2, all[1].clone()),
        1,
        |sign| matches!(sign, Sign::PositionRepeated),
    ),
    (
        "a word of an entry altered",
        |all| rewrite(&mut all[2], "A town", "B town"),
        2,
        |sign| matches!(sign, Sign::EntryAltered { witness: 4 }),
    ),
    (
        "an entry overwritten",
        |all| all[2].entry = b"{\"v\":1}".to_vec(),
        2,
        |sign| matches!(sign, Sign::EntryUnreadable(_)),
    ),
    (
        "bytes after an entry",
        |all| all[4].entry.push(b' '),
        4,
        |sign| matches!(sign, Sign::EntryUnreadable(_)),
    ),
    (
        "another format",
        |all| rewrite(&mut all[4], "\"v\":1", "\"v\":2"),
        4,
        |sign| matches!(sign, Sign::EntryUnreadable(_)),
    ),
    (
        "a header's member repeated",
        |all| rewrite(&mut all[4], "\"rev\":1", "\"rev\":1,\"rev\":1"),
        4,
        |sign| matches!(sign, Sign::EntryUnreadable(_)),
    ),
    (
        "an event made another",
        |all| rewrite(&mut all[4], "registered", "unregistered"),
        4,
        |sign| matches!(sign, Sign::EventUnknown(_)),
    ),
    ("two entries exchanged", |all| exchange(all), 2, |sign| matches!(sign, Sign::EntryMoved)),
    (
        "back-dated",
        |all| rewrite(&mut all[4], "2009-06-22T", "2008-06-22T"),
        4,
        |sign| matches!(sign, Sign::TimeWentBack),
    ),
    (
        "a sealed byte flipped",
        |all| all[1].sealed.as_mut().unwrap()[9] ^= 1,
        1,
        |sign| matches!(sign, Sign::SectionAltered),
    ),
    (
        "sealed sections exchanged",
        |all| exchange_sections(all),
        1,
        |sign| matches!(sign, Sign::SectionAltered),
    ),
    (
        "a sealed section added",
        |all| all[2].sealed = Some(vec![1; 80]),
        2,
        |sign| matches!(sign, Sign::SectionUnnamed),
    ),
    (
        "the announcement of the key removed",
        |all| remove_first(all),
        0,
        |sign| matches!(sign, Sign::KeyUnannounced),
    ),
];

fn remove_and_close(all: &mut Vec<Stored>) {
    all.remove(2);
    for stored in all.iter_mut().skip(2) {
        stored.position -= 1;
    }
}

fn remove_first(all: &mut Vec<Stored>) {
    all.remove(0);
    for stored in all.iter_mut() {
        stored.position -= 1;
    }
}

fn exchange(all: &mut [Stored]) {
    let (one, other) = (all[2].entry.clone(), all[4].entry.clone());
    (all[2].entry, all[4].entry) = (other, one);
}

fn exchange_sections(all: &mut [Stored]) {
    let (one, other) = (all[1].sealed.clone(), all[3].sealed.clone());
    (all[1].sealed, all[3].sealed) = (other, one);
}

#[tokio::test]
async fn every_kind_of_tampering_is_found_where_it_begins() {
    let log = EventLog::memory().unwrap();
    let honest = honest(&log).await;
    for (what, tamper, position, expected) in CASES {
        let mut all = honest.clone();
        tamper(&mut all);
        let report = check(all).await;
        let first = report.findings.first().unwrap_or_else(|| panic!("{what}: not found"));
        assert_eq!(first.position, *position, "{what}: {first}");
        assert!(
            report
                .findings
                .iter()
                .any(|found| found.position == *position && expected(&found.sign)),
            "{what}: {:?}",
            report.findings
        );
    }
}

/// Every single bit of an entry that has a successor in its stream, and of every sealed section.
#[tokio::test]
async fn any_bit_flipped_names_its_position() {
    let log = EventLog::memory().unwrap();
    let honest = honest(&log).await;
    for position in [1, 2] {
        let length = honest[position].entry.len();
        for (byte, bit) in (0..length).map(|byte| (byte, byte % 8)) {
            let mut all = honest.clone();
            all[position].entry[byte] ^= 1 << bit;
            let first = check(all).await.findings.first().map(|found| found.position);
            assert_eq!(first, Some(position as u64), "byte {byte}, bit {bit}");
        }
    }
}
