//! A log with somebody in it.

use chrono::Duration;
use domain::{
    actor::Actor,
    child::{self, ChildNumber, DataSource, DateOfBirth, Gender, Name, Whereabouts},
    event::Event,
    fold::Fold,
    identity::{ChildRef, OrganisationId},
    organisation::{self, OrganisationKind},
    personal::Personal,
    policy::PolicyVersion,
    recorded::Recorded,
    stream::Stream,
};
use event_log::{Commit, CommitError, Context, EventLog, Options, Reading};
use fixtures::scenario::{at, id, on};
use tempfile::TempDir;

/// A new log over one kind of store.
pub(crate) struct Store {
    log: EventLog,
    dir: Option<TempDir>,
}

/// A new log over every kind of store.
pub(crate) fn everywhere() -> [Store; 2] {
    let dir = tempfile::tempdir().unwrap();
    let file = EventLog::open(dir.path(), &options()).unwrap();
    [Store { log: EventLog::memory().unwrap(), dir: None }, Store { log: file, dir: Some(dir) }]
}

/// How the logs in files are called.
pub(crate) fn options() -> Options {
    Options { origin: "contactpoint.example/test".to_owned() }
}

impl Store {
    pub(crate) fn log(&self) -> EventLog {
        self.log.clone()
    }

    /// Closed and opened again, if it is one that outlives its process.
    pub(crate) fn reopened(self) -> Self {
        let Self { log, dir } = self;
        let Some(dir) = dir else { return Self { log, dir } };
        drop(log);
        Self { log: EventLog::open(dir.path(), &options()).unwrap(), dir: Some(dir) }
    }
}

/// The circumstances of the command with a number.
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

/// A child's stream.
pub(crate) fn child_stream(child: u128) -> Stream {
    Stream::Child(ChildRef::new(id(child)))
}

/// An organisation's stream.
pub(crate) fn organisation_stream(organisation: u128) -> Stream {
    Stream::Organisation(OrganisationId::new(id(organisation)))
}

/// A record with five personal values.
pub(crate) fn record_created(surname: &str) -> Event {
    Event::Child(child::Event::RecordCreated {
        number: Personal::Known(ChildNumber::from_serial(7)),
        name: Personal::Known(Name::new("Wilhelmina", surname).unwrap()),
        gender: Personal::Known(Gender::Female),
        date_of_birth: Personal::Known(
            DateOfBirth::new(on("2003-03-14"), on("2009-06-22")).unwrap(),
        ),
        whereabouts: Personal::Known(Whereabouts::NoKnownAddress),
        source: DataSource::NationalFeed,
    })
}

/// An event without anything personal.
pub(crate) fn registered(name: &str) -> Event {
    let kind = OrganisationKind::LocalAuthority;
    Event::Organisation(organisation::Event::Registered { kind, name: name.to_owned() })
}

/// The names ever registered for an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl Fold for Names {
    type Event = organisation::Event;
    fn evolve(&mut self, recorded: &Recorded<organisation::Event>) {
        if let organisation::Event::Registered { name, .. } = &recorded.event {
            self.0.push(name.clone());
        }
    }
}

/// How many events a child's stream has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) usize);

impl Fold for Count {
    type Event = child::Event;
    fn evolve(&mut self, _: &Recorded<child::Event>) {
        self.0 += 1;
    }
}

/// Writes events after reading only their own stream.
pub(crate) async fn write(
    log: &EventLog,
    stream: Stream,
    events: Vec<Event>,
    context: Context,
) -> Result<Vec<Recorded<Event>>, CommitError> {
    log.commit(Commit { stream, events, reading: log.reading(), context }).await
}

/// Writes after everything that a reading has seen.
pub(crate) async fn write_after(
    reading: Reading,
    stream: Stream,
    event: Event,
    context: Context,
) -> Result<Vec<Recorded<Event>>, CommitError> {
    let log = reading.log().clone();
    log.commit(Commit { stream, events: vec![event], reading, context }).await
}
