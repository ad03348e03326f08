//! When something became known, and documents that remember it: so they can be asked as of the past.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::{
    actor::Actor,
    fold::Fold,
    identity::EventId,
    policy::PolicyVersion,
    recorded::{Recorded, Stamp},
    stream::Stream,
};
use serde::{Deserialize, Serialize};

/// When something became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The position of the event that said so.
    pub position: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

impl Moment {
    /// When an event became known.
    pub const fn of(stamp: &Stamp) -> Self {
        Self { position: stamp.position, at: stamp.at }
    }
}

/// A moment in few words: `[position, microseconds since 1970]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct At(u64, #[serde(with = "chrono::serde::ts_microseconds")] DateTime<Utc>);

impl At {
    pub(crate) const fn of(moment: Moment) -> Self {
        Self(moment.position, moment.at)
    }
}

impl From<At> for Moment {
    fn from(At(position, at): At) -> Self {
        Self { position, at }
    }
}

/// How much of what became known counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownBy {
    /// All of it.
    #[default]
    Now,
    /// What stands at this position of the log or before.
    Position(u64),
    /// What was recorded at this instant or before.
    Time(DateTime<Utc>),
}

impl KnownBy {
    /// Whether something was known by then.
    pub fn reaches(self, moment: Moment) -> bool {
        match self {
            Self::Now => true,
            Self::Position(position) => moment.position <= position,
            Self::Time(at) => moment.at <= at,
        }
    }
}

/// An event in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened<E> {
    /// When it became known.
    pub known: Moment,
    /// Its place in its stream.
    pub revision: u64,
    /// Who acted, as they were then.
    pub by: Actor,
    /// Under which policy it was decided.
    pub policy: PolicyVersion,
    /// What happened. What is personal in it is erased here, always.
    pub event: E,
}

/// What happened in one stream, as far as a read model is concerned with it. Its state at any time is
/// the domain's own fold of it, so a set is judged by the very rules that a single case is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chronicle<E> {
    /// The stream.
    pub stream: Stream,
    /// What happened, in order.
    pub happened: Vec<Happened<E>>,
}

impl<E: Clone> Chronicle<E> {
    /// The document with one more event.
    pub(crate) fn and(document: Option<Self>, stamp: &Stamp, event: &E) -> Self {
        let empty = || Self { stream: stamp.stream, happened: Vec::new() };
        let mut chronicle = document.unwrap_or_else(empty);
        chronicle.happened.push(Happened {
            known: Moment::of(stamp),
            revision: stamp.revision,
            by: stamp.by,
            policy: stamp.policy,
            event: event.clone(),
        });
        chronicle
    }

    /// As it was known by then; none if nothing was.
    #[must_use]
    pub fn as_of(mut self, known_by: KnownBy) -> Option<Self> {
        self.happened.retain(|happened| known_by.reaches(happened.known));
        (!self.happened.is_empty()).then_some(self)
    }

    /// The state that it led to, as it was known by then.
    pub fn state<S: Fold<Event = E>>(&self, known_by: KnownBy) -> S {
        let mut state = S::default();
        for recorded in self.recorded().filter(|it| known_by.reaches(Moment::of(&it.stamp))) {
            state.evolve(&recorded);
        }
        state
    }

    /// Goes through every state it was in, each with the event that led to it.
    pub fn each<S: Fold<Event = E>>(&self, mut visit: impl FnMut(&S, &Recorded<E>)) {
        let mut state = S::default();
        for recorded in self.recorded() {
            state.evolve(&recorded);
            visit(&state, &recorded);
        }
    }

    fn recorded(&self) -> impl Iterator<Item = Recorded<E>> + '_ {
        self.happened.iter().map(|happened| Recorded {
            stamp: Stamp {
                id: EventId::new(uuid::Uuid::nil()), // states do not depend on it
                stream: self.stream,
                revision: happened.revision,
                position: happened.known.position,
                at: happened.known.at,
                by: happened.by,
                policy: happened.policy,
                relied_on: Vec::new(),
                correlation: None,
                causation: None,
            },
            event: happened.event.clone(),
        })
    }
}

/// An instant as a part of a key: of fixed width, in the order of time.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The first instant after one, as keys tell instants apart.
pub(crate) fn after(at: DateTime<Utc>) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(at)
}

/// A position as a part of a key: of fixed width, in the order of numbers.
pub fn place(position: u64) -> String {
    format!("{position:020}")
}
