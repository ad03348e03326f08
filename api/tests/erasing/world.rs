//! Folders with subjects in them whose every personal field holds a text found nowhere else.

use std::{collections::BTreeSet, fs, path::Path};

use api::{
    configuration::ClockKind,
    directory::{Directory, Keeping},
};
use chrono::{DateTime, Utc};
use domain::{
    actor::{Actor, Role},
    erasure::{self, Grounds},
    event::Event,
    identity::{OrganisationId, PractitionerId},
    policy::PolicyVersion,
    stream::Stream,
};
use event_log::{
    Commit, CommitError, Context, EventLog, Options,
    codec::{Upcasts, event_from_json},
};
use serde_json::{Value, value::RawValue};
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "contactpoint.example/erasing";

/// What a child's streams are called, and a practitioner's.
pub(crate) const CHILD: &[&str] = &["child", "shield", "access", "erasure"];
pub(crate) const PERSON: &[&str] = &["practitioner", "activity", "audit"];

pub(crate) async fn open(dir: &Path, keeping: &Keeping) -> Directory {
    let options = Options { origin: ORIGIN.to_owned() };
    Directory::open(dir, &options, ClockKind::System, keeping).await.unwrap()
}

pub(crate) fn subject(number: u128) -> Uuid {
    Uuid::from_u128(0x5eed_0000_0000_4000_8000_0000_0000_0000 | number)
}

pub(crate) fn officer(number: u128) -> Actor {
    let id = PractitionerId::new(Uuid::from_u128(0xffff_0000 | number));
    Actor::person(id, Role::Official, OrganisationId::DEPARTMENT)
}

pub(crate) fn context(by: Actor) -> Context {
    Context {
        command: Uuid::now_v7(),
        at: now(),
        by,
        policy: PolicyVersion::default(),
        correlation: None,
        causation: None,
        request_digest: None,
    }
}

fn now() -> DateTime<Utc> {
    "2029-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) async fn write(log: &EventLog, stream: Stream, event: Event, by: Actor) {
    try_write(log, stream, event, by).await.unwrap();
}

pub(crate) async fn try_write(
    log: &EventLog,
    stream: Stream,
    event: Event,
    by: Actor,
) -> Result<(), CommitError> {
    let reading = log.reading();
    let commit = Commit { stream, events: vec![event], reading, context: context(by) };
    log.commit(commit).await.map(drop)
}

/// Writes every golden sample of these categories about a subject, with a canary in every personal text,
/// and answers the canaries.
pub(crate) async fn fill(log: &EventLog, subject: Uuid, categories: &[&str]) -> Vec<String> {
    log.create_subject(subject, context(Actor::SYSTEM)).await.unwrap();
    let mut canaries = Vec::new();
    for category in categories {
        let stream: Stream = format!("{category}-{subject}").parse().unwrap();
        for (name, data) in samples(category) {
            let event = with_canaries(&name, data, &mut canaries);
            write(log, stream, event, officer(1)).await;
        }
    }
    canaries
}

/// Samples as they stand in the golden histories; not those that are themselves steps of an erasure.
fn samples(category: &str) -> Vec<(String, Value)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../fixtures/histories/{category}.jsonl"));
    let text = fs::read_to_string(path).unwrap();
    let samples = text.lines().map(|line| {
        let sample: Value = serde_json::from_str(line).unwrap();
        (sample["type"].as_str().unwrap().to_owned(), sample["data"].clone())
    });
    samples
        .filter(|(name, _)| {
            let step = name.starts_with("erasure.")
                && !(name.starts_with("erasure.legal-hold") || name.starts_with("erasure.due"));
            !step && name != "child.record-purged/1"
        })
        .collect()
}

/// Puts a canary in place of each personal text that may be any text.
fn with_canaries(name: &str, mut data: Value, canaries: &mut Vec<String>) -> Event {
    let read = |data: &Value| {
        let raw: Box<RawValue> = serde_json::from_str(&data.to_string()).unwrap();
        event_from_json(name, &raw, &Upcasts::current())
    };
    for place in texts(&data, String::new(), false) {
        let canary = format!("canary{}", Uuid::now_v7().simple());
        let before = data.pointer(&place).unwrap().clone();
        *data.pointer_mut(&place).unwrap() = Value::String(canary.clone());
        if read(&data).is_ok() {
            canaries.push(canary);
        } else {
            *data.pointer_mut(&place).unwrap() = before;
        }
    }
    read(&data).unwrap()
}

/// Where the texts stand that are inside something personal.
fn texts(value: &Value, place: String, personal: bool) -> Vec<String> {
    match value {
        Value::String(_) if personal => vec![place],
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                let inside = personal || name == "$personal";
                texts(value, format!("{place}/{}", name.replace('/', "~1")), inside)
            })
            .collect(),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .flat_map(|(at, value)| texts(value, format!("{place}/{at}"), personal))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Two officers authorise an erasure, and it begins.
pub(crate) async fn begin(directory: &Directory, subject: Uuid) {
    begin_with(directory.log(), subject, directory.eraser().holders()).await;
}

/// The same, with these who must acknowledge.
pub(crate) async fn begin_with(log: &EventLog, subject: Uuid, holders: BTreeSet<String>) {
    for (event, by) in beginning(holders) {
        write(log, Stream::Erasure(subject), event, by).await;
    }
}

/// How an erasure begins: proposed by one officer, authorised by another.
pub(crate) fn beginning(holders: BTreeSet<String>) -> [(Event, Actor); 3] {
    let (first, second) = (officer(1), officer(2));
    let grounds = Grounds::OrderedByCourt;
    let (proposed_by, authorised_by) = (first.id.unwrap(), second.id.unwrap());
    let proposed = erasure::Event::Proposed { grounds, rule: None };
    let authorised = erasure::Event::Authorised { proposed_by, grounds };
    let begun = erasure::Event::Begun { grounds, rule: None, proposed_by, authorised_by, holders };
    [(proposed.into(), first), (authorised.into(), second), (begun.into(), first)]
}

pub(crate) async fn erase(directory: &Directory, subject: Uuid) {
    begin(directory, subject).await;
    directory.eraser().finish(subject, directory.clock()).await.unwrap();
}

/// Everything recorded about a subject, as far as it can be read, as one text.
pub(crate) async fn readable(log: &EventLog, subject: Uuid) -> String {
    let mut text = String::new();
    for stream in Stream::of_subject(subject) {
        for recorded in log.history(stream, event_log::AsOf::Now).await.unwrap() {
            text += &serde_json::to_string(&recorded.event).unwrap();
        }
    }
    text
}

/// Every file below a folder, with its bytes.
pub(crate) fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Fails if one of these stands in one of these files.
#[track_caller]
pub(crate) fn nowhere(files: &[(String, Vec<u8>)], wanted: &[Vec<u8>]) {
    let mut beginning = vec![Vec::new(); 1 << 16];
    let place = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    for sought in wanted {
        beginning[place(sought)].push(sought);
    }
    for (name, bytes) in files {
        for at in 0..bytes.len().saturating_sub(1) {
            for sought in &beginning[place(&bytes[at..])] {
                let found = bytes[at..].starts_with(sought);
                assert!(!found, "{} stands in {name}", String::from_utf8_lossy(sought));
            }
        }
    }
}
