//! What a decision reads: folded streams, each remembered with how far it was read.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::{
    actor::Actor,
    caller::Caller,
    event::Event,
    fold::Fold,
    identity::{ChildRef, OrganisationId, PractitionerId},
    organisation::Organisation,
    policy::{Policy, PolicyVersion},
    practitioner::Practitioner,
    recorded::{Recorded, ReliedOn},
    stream::Stream,
};
use event_log::{EventLog, Reading};
use uuid::Uuid;

use super::{Directory, failure};
use crate::{
    problem::{Problem, kind},
    request::{Context, ExpectedRevision},
};

/// The log as one decision sees it.
#[derive(Debug)]
pub struct View {
    reading: Reading,
    by: Actor,
    at: DateTime<Utc>,
    judged_under: Mutex<PolicyVersion>,
}

/// Who asks, with what their own streams say of them.
#[derive(Clone, Debug)]
pub struct Asker {
    by: Actor,
    standing: Arc<Practitioner>,
    organisation: Arc<Organisation>,
}

impl Asker {
    /// Somebody as their own streams say now. No decision relies on it.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub(super) async fn of(directory: &Directory, by: Actor) -> Result<Self, Problem> {
        let id = by.id.ok_or(Problem::new(&kind::INTERNAL))?;
        let organisation = by.organisation.unwrap_or(OrganisationId::DEPARTMENT);
        Ok(Self {
            by,
            standing: directory.state(Stream::Practitioner(id)).await?,
            organisation: directory.state(Stream::Organisation(organisation)).await?,
        })
    }

    /// The clock: it stands in no stream.
    fn system() -> Self {
        Self { by: Actor::SYSTEM, standing: Arc::default(), organisation: Arc::default() }
    }

    /// The caller as decisions take them.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            id: self.by.id.unwrap_or(PractitionerId::new(Uuid::nil())),
            role: self.by.role,
            standing: &self.standing,
            organisation: &self.organisation,
            organisation_id: self.by.organisation.unwrap_or(OrganisationId::DEPARTMENT),
        }
    }
}

impl View {
    pub(super) fn new(log: &EventLog, context: &Context) -> Self {
        let judged_under = Mutex::new(PolicyVersion::default());
        Self { reading: log.reading(), by: context.by, at: context.at, judged_under }
    }

    /// The state of a stream. The decision relies on it.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn fold<S>(&self, stream: Stream) -> Result<Arc<S>, Problem>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        self.reading.fold(stream).await.map_err(failure::reading)
    }

    /// The policy. Events say under which version they were decided.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn policy(&self) -> Result<Arc<Policy>, Problem> {
        let policy = self.fold::<Policy>(Stream::Policy).await?;
        *self.judged_under.lock().unwrap_or_else(PoisonError::into_inner) =
            policy.on(self.at.date_naive()).0;
        Ok(policy)
    }

    /// Who asks.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub async fn asker(&self) -> Result<Asker, Problem> {
        if self.by == Actor::SYSTEM {
            return Ok(Asker::system());
        }
        let id = self.by.id.ok_or(Problem::new(&kind::INTERNAL))?;
        let organisation = self.by.organisation.unwrap_or(OrganisationId::DEPARTMENT);
        Ok(Asker {
            by: self.by,
            standing: self.fold(Stream::Practitioner(id)).await?,
            organisation: self.fold(Stream::Organisation(organisation)).await?,
        })
    }

    /// Demands that the caller named the present revision of the child's record they change. Asked
    /// after the decision: whoever may not change the record learns nothing about its revision.
    ///
    /// # Errors
    /// 428 when they named none, 412 when it is not the present one.
    pub fn demand(
        &self,
        child: ChildRef,
        expected: Option<ExpectedRevision>,
    ) -> Result<(), Problem> {
        let named = expected.ok_or(Problem::new(&kind::PRECONDITION_NEEDED))?;
        let present = self.revision(Stream::Child(child));
        if named.child == child && Some(named.revision) == present {
            Ok(())
        } else {
            Err(Problem::new(&kind::CHANGED_MEANWHILE))
        }
    }

    /// How far a stream was read; none if it was not, or has no event.
    pub fn revision(&self, stream: Stream) -> Option<u64> {
        let relied_on = self.reading.relied_on();
        relied_on.iter().find(|one| one.stream == stream).and_then(|one| one.revision)
    }

    /// Everything read so far.
    pub fn relied_on(&self) -> Vec<ReliedOn> {
        self.reading.relied_on()
    }

    /// What the request wrote into a stream when it came earlier. The decision relies on that.
    ///
    /// # Errors
    /// 503 when the log cannot be read.
    pub(super) async fn written_by(
        &self,
        command: Uuid,
        stream: Stream,
    ) -> Result<Vec<Recorded<Event>>, Problem> {
        self.reading.written_by(command, stream).await.map_err(failure::reading)
    }

    pub(super) fn judged_under(&self) -> PolicyVersion {
        *self.judged_under.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn into_reading(self) -> Reading {
        self.reading
    }
}
