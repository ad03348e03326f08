//! A folder with a log in it, as it is before anything is done to it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use chrono::Duration;
use domain::{
    actor::Actor,
    child::{self, ChildNumber, DataSource, DateOfBirth, Gender, Name, Whereabouts},
    erasure::{self, Grounds},
    event::Event,
    identity::{ChildRef, OrganisationId, PractitionerId},
    organisation::{self, OrganisationKind},
    personal::Personal,
    policy::PolicyVersion,
    stream::Stream,
};
use event_log::{
    Commit, CommitError, Context, EventLog,
    append::AppendError,
    backend::Stored,
    embedded::Settings,
    log_keys::{LogKeys, LogKeysError},
    transparency::Signed,
    transparency_log::{Publish, TransparencyLog},
};
use fixtures::scenario::{at, id, on};
use tempfile::TempDir;

use crate::victim::Operation;

pub(crate) use crate::strace::folder;

pub(crate) const ORIGIN: &str = "contactpoint.example/torture";
pub(crate) const NOW: u64 = 1_245_664_800;

/// How many events a victim's append has.
pub(crate) const TOGETHER: usize = 2;

/// Bulks of heads, and moves and restarts of the write-ahead log, at nearly every commit.
pub(crate) fn restless() -> Settings {
    Settings { tail_events: 4, wal_bytes: 64 * 1024, ..calm() }
}

/// As a server has it.
pub(crate) fn calm() -> Settings {
    Settings::named(ORIGIN)
}

pub(crate) fn child(number: u128) -> Stream {
    Stream::Child(ChildRef::new(id(number)))
}

pub(crate) fn organisation() -> Stream {
    Stream::Organisation(OrganisationId::new(id(9)))
}

pub(crate) fn command(number: u128) -> Context {
    Context {
        command: id(1_000_000 + number),
        at: at("2009-06-22T10:00:00Z") + Duration::seconds(i64::try_from(number).unwrap()),
        by: Actor::SYSTEM,
        policy: PolicyVersion(1),
        correlation: None,
        causation: None,
        request_digest: None,
    }
}

pub(crate) fn record(number: u128) -> Event {
    let serial = u32::try_from(number).unwrap();
    Event::Child(child::Event::RecordCreated {
        number: Personal::Known(ChildNumber::from_serial(serial.into())),
        name: Personal::Known(Name::new("Wilhelmina", "Harker").unwrap()),
        gender: Personal::Known(Gender::Female),
        date_of_birth: Personal::Known(
            DateOfBirth::new(on("2003-03-14"), on("2009-06-22")).unwrap(),
        ),
        whereabouts: Personal::Known(Whereabouts::NoKnownAddress),
        source: DataSource::NationalFeed,
    })
}

pub(crate) fn registered(number: u128) -> Event {
    let kind = OrganisationKind::LocalAuthority;
    Event::Organisation(organisation::Event::Registered { kind, name: format!("Town {number}") })
}

pub(crate) async fn write(
    log: &EventLog,
    stream: Stream,
    events: Vec<Event>,
    number: u128,
) -> Result<u64, CommitError> {
    let context = command(number);
    let recorded = log.commit(Commit { stream, events, reading: log.reading(), context }).await?;
    Ok(recorded.first().unwrap().stamp.position)
}

/// The `number`th thing a victim appends: two events of one decision, sealed.
pub(crate) async fn append(log: &EventLog, number: u128) -> Result<u64, CommitError> {
    let events = vec![record(100 + number), record(200 + number)];
    assert_eq!(events.len(), TOGETHER);
    write(log, child(1 + number % 2), events, 100 + number).await
}

/// Records that the erasure of the first child begins.
pub(crate) async fn begin_erasure(log: &EventLog, number: u128) -> Result<u64, CommitError> {
    let begun = erasure::Event::Begun {
        grounds: Grounds::OrderedByCourt,
        rule: None,
        proposed_by: PractitionerId::new(id(31)),
        authorised_by: PractitionerId::new(id(32)),
        holders: BTreeSet::new(),
    };
    write(log, Stream::Erasure(id(1)), vec![Event::Erasure(begun)], number).await
}

/// What an append was answered, in one word.
pub(crate) fn word(error: &CommitError) -> &'static str {
    let CommitError::Append(error) = error else { return "unreadable" };
    match error {
        AppendError::Unavailable(_) => "unavailable",
        AppendError::Unknown(_) => "unknown",
        AppendError::Poisoned(_) => "poisoned",
        AppendError::Conflict { .. }
        | AppendError::GuardMoved { .. }
        | AppendError::Unstorable(_) => "refused",
    }
}

/// A log of two children and an organisation, with checkpoints handed out, and some entries that no
/// checkpoint covers yet. Other folders begin as copies of it.
pub(crate) struct Template {
    dir: TempDir,
    /// What is in the log.
    pub(crate) stored: Vec<Stored>,
    /// The checkpoints that somebody has.
    pub(crate) handed_out: Vec<Signed>,
}

impl Template {
    /// An empty folder: there is no log yet.
    fn nothing() -> Self {
        Self { dir: folder(), stored: Vec::new(), handed_out: Vec::new() }
    }

    /// As a log is before this is done to it.
    pub(crate) async fn before(operation: Operation) -> Self {
        match operation {
            Operation::Create => Self::nothing(),
            // So many that a tile is finished.
            Operation::Publish | Operation::Export => Self::with(250).await,
            // Enough for two packs.
            Operation::Pack => Self::made(9, 0).await,
            Operation::Append | Operation::AppendRestless | Operation::Erase => Self::with(0).await,
        }
    }

    /// With two checkpoints, and so many events more between them.
    pub(crate) async fn with(more: u128) -> Self {
        Self::made(2, more).await
    }

    async fn made(checkpoints: u128, more: u128) -> Self {
        let dir = folder();
        let log = EventLog::open_with(dir.path(), &calm()).unwrap();
        log.create_subjects(&[id(1), id(2)], |subject| command(subject.as_u128())).await.unwrap();
        let keys = LogKeys::init(&dir.path().join("keys"), ORIGIN).unwrap();
        let tree = TransparencyLog::open(&log, dir.path(), keys).unwrap();
        let mut handed_out = Vec::new();
        for number in 1..=checkpoints {
            write(&log, child(2 - number % 2), vec![record(number)], number).await.unwrap();
            write(&log, organisation(), vec![registered(number)], 10 + number).await.unwrap();
            let step = tree.step(NOW, Publish::Always).await.unwrap();
            handed_out.push(Signed::clone(&step.published.unwrap()));
            if number == 1 && more > 0 {
                let many = (0..more).map(registered).collect();
                write(&log, organisation(), many, 20).await.unwrap();
            }
        }
        for number in 1..=2 {
            write(&log, child(number), vec![record(30 + number)], 30 + number).await.unwrap();
        }
        let stored = log.read_stored(0, usize::MAX).await.unwrap();
        Self { dir, stored, handed_out }
    }

    /// A copy to do something to.
    pub(crate) fn copy(&self) -> TempDir {
        let copy = folder();
        copy_all(self.dir.path(), copy.path());
        copy
    }
}

pub(crate) fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy_all(&file.path(), &target);
        } else {
            fs::copy(file.path(), target).unwrap();
        }
    }
}

/// The log's signing keys in a folder.
pub(crate) fn keys(dir: &Path) -> LogKeys {
    LogKeys::open(&dir.join("keys"), ORIGIN).unwrap()
}

/// Completes the signing keys, where making them was interrupted.
pub(crate) fn complete_keys(dir: &Path) -> Result<(), LogKeysError> {
    let dir = dir.join("keys");
    match LogKeys::init(&dir, ORIGIN) {
        Err(LogKeysError::AlreadyThere(_)) => Ok(()),
        made => made.map(drop),
    }
}

/// Where an export of the folder goes.
pub(crate) fn exported(dir: &Path) -> PathBuf {
    dir.join("exported")
}
