//! An event as it stands in the log: what happened, and the circumstances of its recording.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{actor::Actor, identity::EventId, policy::PolicyVersion, stream::Stream};

/// What a decision read: a stream, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReliedOn {
    /// The stream that was folded.
    pub stream: Stream,
    /// The revision of its last event then; none if it had no event.
    pub revision: Option<u64>,
}

/// The circumstances of an event, as recorded with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The event's identity.
    pub id: EventId,
    /// The stream it stands in.
    pub stream: Stream,
    /// Its place in that stream, from 0.
    pub revision: u64,
    /// Its place in the whole log, from 0.
    pub position: u64,
    /// When it was recorded. Never earlier than the event before it in the stream.
    pub at: DateTime<Utc>,
    /// Who acted, as they were then.
    pub by: Actor,
    /// The policy under which it was decided.
    pub policy: PolicyVersion,
    /// What the decision read.
    pub relied_on: Vec<ReliedOn>,
    /// What the caller's system calls the whole undertaking, across commands.
    pub correlation: Option<uuid::Uuid>,
    /// The event that led to this one.
    pub causation: Option<EventId>,
}

/// An event with its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<E> {
    /// The circumstances.
    pub stamp: Stamp,
    /// What happened.
    pub event: E,
}

impl<E> Recorded<E> {
    /// The same stamp with the event changed: narrowed to a subject, or widened to any.
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Recorded<F> {
        Recorded { stamp: self.stamp, event: f(self.event) }
    }
}
