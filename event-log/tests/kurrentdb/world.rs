//! A double, a log on it, and short ways to say what is appended.

use std::{path::Path, sync::Arc, time::Duration};

use domain::{
    identity::{ChildRef, EventId},
    recorded::ReliedOn,
    stream::Stream,
};
use event_log::{
    append::{Append, AppendError, Appended, NewEvent},
    backend::Backend,
    kurrent::{Expected, Kurrent, Operator, Settings, refusal::OpenError},
};
use kurrentdb_double::Double;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) struct World {
    pub(crate) double: Double,
    pub(crate) index: TempDir,
}

impl World {
    pub(crate) fn new(double: Double) -> Self {
        Self { double, index: TempDir::new().unwrap() }
    }

    pub(crate) fn settings(&self) -> Settings {
        settings(&self.double, self.index.path())
    }

    pub(crate) async fn open(&self) -> Result<Arc<Kurrent>, OpenError> {
        Kurrent::open(&self.settings()).await.map(Arc::new)
    }
}

pub(crate) fn settings(double: &Double, index: &Path) -> Settings {
    Settings {
        index: Some(index.to_owned()),
        expected: Some(expected()),
        patience: Duration::from_secs(30),
        ..Settings::new(double.connection(), "test.example/log")
    }
}

pub(crate) fn expected() -> Expected {
    let operator = Operator::parse("ops:changed-2");
    Expected { nodes: 1, operator, scavenges_approved: false }
}

pub(crate) fn child(number: u128) -> Stream {
    Stream::Child(ChildRef::new(Uuid::from_u128(number)))
}

pub(crate) fn shield(number: u128) -> Stream {
    Stream::Shield(ChildRef::new(Uuid::from_u128(number)))
}

/// An append of one event whose identity follows from a command.
pub(crate) fn append(stream: Stream, expected: Option<u64>, command: u128, entry: &str) -> Append {
    let id = EventId::new(Uuid::new_v5(&Uuid::from_u128(command), b"0"));
    let events = vec![NewEvent { id, entry: entry.as_bytes().to_vec(), sealed: None }];
    Append { stream, expected, guards: Vec::new(), events }
}

pub(crate) fn guarded(append: Append, guards: &[(Stream, Option<u64>)]) -> Append {
    let guards = guards.iter().map(|&(stream, revision)| ReliedOn { stream, revision }).collect();
    Append { guards, ..append }
}

/// Appends three events to three streams.
pub(crate) async fn fill(log: &Kurrent) {
    for number in 1..=3 {
        log.append(append(child(number), None, number, "{\"type\":\"a/1\"}")).await.unwrap();
    }
}

/// The outcome of an append, and how many events the log has then.
pub(crate) async fn outcome(log: &Kurrent, append: Append) -> (String, usize) {
    let said = said(log.append(append).await);
    (said, log.read_all(0, usize::MAX).await.unwrap().len())
}

pub(crate) fn said(result: Result<Appended, AppendError>) -> String {
    match result {
        Ok(appended) => format!("at {}", appended.first_position),
        Err(error) => {
            let mut text = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(next) = cause {
                text = format!("{text}: {next}");
                cause = next.source();
            }
            text
        }
    }
}
