//! The states that a decision read, as they were when it was taken.

use std::sync::Arc;

use domain::{
    access::Access,
    caller::Caller,
    child::Child,
    event::Event,
    fold::Fold,
    identity::{ChildRef, OrganisationId, PractitionerId},
    organisation::Organisation,
    policy::Policy,
    practitioner::Practitioner,
    recorded::Stamp,
    shield::Shield,
    stream::Stream,
};
use event_log::{AsOf, EventLog};

use crate::outcome::Failure;

/// Reads streams as far as a decision had read them.
pub(super) struct States<'a> {
    pub(super) log: &'a EventLog,
    pub(super) stamp: &'a Stamp,
}

/// Who decided, with what their own streams said of them then.
pub(super) struct Decider {
    id: PractitionerId,
    stamp: Stamp,
    standing: Arc<Practitioner>,
    organisation_id: OrganisationId,
    organisation: Arc<Organisation>,
}

impl Decider {
    /// As the rules want them.
    pub(super) fn caller(&self) -> Caller<'_> {
        Caller {
            id: self.id,
            role: self.stamp.by.role,
            standing: &self.standing,
            organisation: &self.organisation,
            organisation_id: self.organisation_id,
        }
    }
}

impl States<'_> {
    /// A stream as the decision read it; empty if it did not read it, or read that it was empty.
    async fn read<S>(&self, stream: Stream) -> Result<Arc<S>, Failure>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        let relied = self.stamp.relied_on.iter().find(|relied| relied.stream == stream);
        match relied.and_then(|relied| relied.revision) {
            Some(revision) => Ok(self.log.fold_at(stream, AsOf::Revision(revision)).await?),
            None => Ok(Arc::default()),
        }
    }

    /// The stream that was written to, before this event.
    async fn before<S>(&self) -> Result<Arc<S>, Failure>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        match self.stamp.revision.checked_sub(1) {
            Some(revision) => {
                Ok(self.log.fold_at(self.stamp.stream, AsOf::Revision(revision)).await?)
            }
            None => Ok(Arc::default()),
        }
    }

    pub(super) async fn policy(&self) -> Result<Arc<Policy>, Failure> {
        self.read(Stream::Policy).await
    }

    pub(super) async fn decider(&self) -> Result<Option<Decider>, Failure> {
        let (Some(id), Some(organisation_id)) = (self.stamp.by.id, self.stamp.by.organisation)
        else {
            return Ok(None);
        };
        Ok(Some(Decider {
            id,
            stamp: self.stamp.clone(),
            standing: self.read(Stream::Practitioner(id)).await?,
            organisation_id,
            organisation: self.read(Stream::Organisation(organisation_id)).await?,
        }))
    }

    pub(super) async fn child(&self, child: ChildRef) -> Result<Arc<Child>, Failure> {
        self.read(Stream::Child(child)).await
    }

    pub(super) async fn shield(&self, child: ChildRef) -> Result<Arc<Shield>, Failure> {
        if self.stamp.stream == Stream::Shield(child) {
            self.before().await
        } else {
            self.read(Stream::Shield(child)).await
        }
    }

    pub(super) async fn access(&self) -> Result<Arc<Access>, Failure> {
        self.before().await
    }
}

/// Every record that a decision read.
pub(super) fn records(stamp: &Stamp) -> impl Iterator<Item = ChildRef> {
    stamp.relied_on.iter().filter_map(|relied| match relied.stream {
        Stream::Child(child) => Some(child),
        Stream::Policy
        | Stream::Organisation(_)
        | Stream::Practitioner(_)
        | Stream::Activity(_)
        | Stream::Shield(_)
        | Stream::Access(_)
        | Stream::Investigation(_)
        | Stream::Audit(_)
        | Stream::Key(_)
        | Stream::Erasure(_) => None,
    })
}

/// Whose record a stream is about.
pub(super) fn child_of(states: &States<'_>) -> Result<ChildRef, Failure> {
    match states.stamp.stream {
        Stream::Access(child) | Stream::Shield(child) => Ok(child),
        other @ (Stream::Policy
        | Stream::Organisation(_)
        | Stream::Practitioner(_)
        | Stream::Activity(_)
        | Stream::Child(_)
        | Stream::Investigation(_)
        | Stream::Audit(_)
        | Stream::Key(_)
        | Stream::Erasure(_)) => Err(Failure::Incomplete(format!("{other} is not about a record"))),
    }
}
