//! A state is a fold of the events that led to it.

use crate::recorded::Recorded;

/// A state that is nothing but the sum of its events.
///
/// `evolve` is total: an event has happened, so it cannot be refused. An event that changes nothing
/// here is named all the same, so that a new one must be thought about in every fold.
pub trait Fold: Default + Clone {
    /// The events of this subject.
    type Event;

    /// Takes one event in. Events arrive in the order of their stream, without gap or repeat.
    fn evolve(&mut self, recorded: &Recorded<Self::Event>);

    /// Folds a whole history from nothing.
    #[must_use]
    fn replay<'a>(history: impl IntoIterator<Item = &'a Recorded<Self::Event>>) -> Self
    where
        Self::Event: 'a,
    {
        let mut state = Self::default();
        for recorded in history {
            state.evolve(recorded);
        }
        state
    }
}
