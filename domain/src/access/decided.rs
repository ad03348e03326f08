//! What a decision about a look comes to: what is recorded first, and what may then be told.

use std::collections::BTreeSet;

use super::Refusal;

/// What the caller gets once the events are durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What the events say was granted.
    Granted,
    /// Nothing, for every one of these reasons. Not all of them may be told: see
    /// [`Decided::told`].
    Refused(BTreeSet<Refusal>),
}

/// A decision about a look. A refusal is recorded like a disclosure, before anybody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing may be told before the events are appended"]
pub struct Decided<E> {
    /// What must be durable before the answer leaves. Empty only where a refusal has no stream to
    /// stand in: nobody has ever recorded anything about the handle that was asked for.
    pub events: Vec<E>,
    /// The answer.
    pub answer: Answer,
}

impl<E> Decided<E> {
    /// Granted, once these are recorded.
    pub const fn granted(events: Vec<E>) -> Self {
        Self { events, answer: Answer::Granted }
    }

    /// Refused, once these are recorded.
    pub const fn refused(events: Vec<E>, refusals: BTreeSet<Refusal>) -> Self {
        Self { events, answer: Answer::Refused(refusals) }
    }

    /// What the caller may be told of a refusal; none when it was granted.
    pub fn told(&self) -> Option<BTreeSet<Refusal>> {
        match &self.answer {
            Answer::Granted => None,
            Answer::Refused(refusals) => Some(Refusal::told(refusals)),
        }
    }
}

impl Refusal {
    /// What may be told of a refusal without admitting that the record exists, or whose it is.
    ///
    /// Whatever concerns the caller alone is told in full. What concerns the record is told only
    /// when nothing else stands in the way, and then always as [`Refusal::NoSuchRecord`]: a
    /// quarantined record, one that was never created and one of another authority's read alike.
    pub fn told(refusals: &BTreeSet<Self>) -> BTreeSet<Self> {
        let own: BTreeSet<Self> =
            refusals.iter().filter(|refusal| refusal.concerns_caller()).cloned().collect();
        if own.is_empty() { BTreeSet::from([Self::NoSuchRecord]) } else { own }
    }

    const fn concerns_caller(&self) -> bool {
        match self {
            Self::Unmet(_)
            | Self::ReasonNotListed
            | Self::OfficeMayNotLook
            | Self::OverrideRightNotHeld
            | Self::TooFewFields { .. } => true,
            Self::NoSuchRecord | Self::NotEntitled => false,
        }
    }
}
