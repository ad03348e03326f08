//! The questions that are asked about sets, each on a small history, with whole answers.

pub(crate) mod looks;
pub(crate) mod search;
pub(crate) mod shielding;
pub(crate) mod standing;
pub(crate) mod unusual;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    actor::{Actor, Role},
    event::Event,
    identity::{ChildRef, OrganisationId, PractitionerId},
    policy::PolicyVersion,
    recorded::Recorded,
    stream::Stream,
};
use event_log::{Commit, Context, EventLog};
use fixtures::scenario::{at, id};
use projections::{dated::Moment, projection::ReadModel, projector::Settings, reader::Reader};

use crate::Place;

/// A log that is told what happened, and read models that follow it.
pub(crate) struct Told {
    pub(crate) log: EventLog,
    pub(crate) place: Place,
    commands: u128,
    /// How many records have been opened.
    opening: u128,
}

impl Told {
    pub(crate) async fn nothing() -> Self {
        Self { log: crate::logs::fresh().await, place: Place::new(), commands: 0, opening: 0 }
    }

    /// This happens, and is recorded at an instant by somebody.
    pub(crate) async fn that(
        &mut self,
        instant: &str,
        by: Actor,
        stream: Stream,
        event: impl Into<Event>,
    ) -> Recorded<Event> {
        self.commands += 2;
        if let Some(subject) = stream.subject() {
            let context = context(7_000_000 + self.commands, instant, by);
            self.log.create_subject(subject, context).await.unwrap();
        }
        self.without_key(instant, by, stream, event).await
    }

    /// This happens where nothing is sealed, or the key of the subject is there, or gone.
    pub(crate) async fn without_key(
        &mut self,
        instant: &str,
        by: Actor,
        stream: Stream,
        event: impl Into<Event>,
    ) -> Recorded<Event> {
        self.commands += 2;
        let context = context(7_000_001 + self.commands, instant, by);
        let (events, reading) = (vec![event.into()], self.log.reading());
        let commit = Commit { stream, events, reading, context };
        self.log.commit(commit).await.unwrap().remove(0)
    }

    /// All of a history happens, as it is told.
    pub(crate) async fn all<E: Into<Event> + Clone>(&mut self, history: &[Recorded<E>]) {
        for recorded in history {
            let instant = recorded.stamp.at.to_rfc3339();
            let event: Event = recorded.event.clone().into();
            self.that(&instant, recorded.stamp.by, recorded.stamp.stream, event).await;
        }
    }

    /// The last event there is.
    pub(crate) async fn last(&self) -> Moment {
        let last = self.log.length() - 1;
        Moment::of(&self.log.header_at(last).await.unwrap().unwrap().stamp)
    }

    /// The last event that had been recorded by an instant.
    pub(crate) async fn last_by(&self, instant: DateTime<Utc>) -> Moment {
        let mut last = self.last().await;
        while last.at > instant {
            let header = self.log.header_at(last.position - 1).await.unwrap().unwrap();
            last = Moment::of(&header.stamp);
        }
        last
    }

    /// The read model, when it has taken in what happened.
    pub(crate) async fn ask<P: ReadModel>(&self) -> Reader<P> {
        let mut projector = self.place.projector(&self.log, Settings::default());
        projector.catch_up().await.unwrap();
        Reader::new(Arc::clone(&self.place.store), &self.log)
    }
}

fn context(command: u128, instant: &str, by: Actor) -> Context {
    Context {
        command: id(command),
        at: at(instant),
        by,
        policy: PolicyVersion(1),
        correlation: None,
        causation: None,
        request_digest: None,
    }
}

pub(crate) fn child(number: u128) -> ChildRef {
    ChildRef::new(id(number))
}

pub(crate) fn authority(number: u128) -> OrganisationId {
    OrganisationId::new(id(number))
}

pub(crate) fn person(number: u128) -> PractitionerId {
    PractitionerId::new(id(number))
}

/// A member of a management team.
pub(crate) fn team(number: u128, of: u128) -> Actor {
    Actor::person(person(number), Role::ManagementTeam, authority(of))
}

/// A practitioner.
pub(crate) fn practitioner(number: u128, of: u128) -> Actor {
    Actor::person(person(number), Role::Practitioner, authority(of))
}
