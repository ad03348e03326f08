//! Keeps the folds caught up with the head of the log before they are asked.

use std::collections::BTreeSet;

use domain::{
    activity::Terms,
    child::Child,
    event::Event,
    identity::{ChildRef, OrganisationId},
    recorded::Recorded,
    shield::Shield,
    stream::Stream,
};
use event_log::{AsOf, EventLog, backend::ReadError};
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    candidates::{Candidates, NoRandomness},
    sightings::Sightings,
};

/// How many events are read at once.
const AT_ONCE: usize = 4_096;

/// Why the folds are not caught up.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The log cannot be read, or is damaged.
    #[error("the log could not be followed")]
    Read(#[from] ReadError),
}

/// Follows the log. What it says is never older than the log was when it was asked.
#[derive(Debug)]
pub struct Follower {
    log: EventLog,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next: u64,
    candidates: Candidates,
    sightings: Sightings,
}

impl Follower {
    /// Follows a log from its beginning, which it has yet to read.
    ///
    /// # Errors
    /// When no random key is to be had.
    pub fn new(log: EventLog) -> Result<Self, NoRandomness> {
        let state =
            State { next: 0, candidates: Candidates::new()?, sightings: Sightings::default() };
        Ok(Self { log, state: Mutex::new(state) })
    }

    /// Catches up with the log, and says from time to time how far it has come.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn catch_up_saying(&self, say: impl Fn(u64)) -> Result<(), FollowError> {
        let mut state = self.state.lock().await;
        self.follow(&mut state, say).await
    }

    /// The records that a search might find, shielded ones by visible fields only.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn candidates(&self, terms: &Terms) -> Result<Vec<ChildRef>, FollowError> {
        Ok(self.caught_up().await?.candidates.matching(terms))
    }

    /// The positions of the searches that listed a child, in order.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn listings_of(&self, child: ChildRef) -> Result<Vec<u64>, FollowError> {
        Ok(self.caught_up().await?.sightings.listings_of(child))
    }

    /// Every organisation that was ever registered.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn organisations(&self) -> Result<BTreeSet<OrganisationId>, FollowError> {
        Ok(self.caught_up().await?.sightings.organisations().clone())
    }

    async fn caught_up(&self) -> Result<MutexGuard<'_, State>, FollowError> {
        let mut state = self.state.lock().await;
        if state.next < self.log.length() {
            self.follow(&mut state, |_| {}).await?;
        }
        Ok(state)
    }

    async fn follow(&self, state: &mut State, say: impl Fn(u64)) -> Result<(), FollowError> {
        let head = self.log.length();
        while state.next < head {
            let events = self.log.read_all(state.next, AT_ONCE).await?;
            let Some(last) = events.last().map(|last| last.stamp.position) else { break };
            for recorded in &events {
                self.take(state, recorded).await?;
                state.next = recorded.stamp.position.saturating_add(1);
            }
            if head > 100_000 {
                say(last);
            }
        }
        Ok(())
    }

    async fn take(&self, state: &mut State, recorded: &Recorded<Event>) -> Result<(), ReadError> {
        match (&recorded.event, recorded.stamp.stream) {
            (Event::Child(event), Stream::Child(child)) => state.candidates.evolve(child, event),
            (Event::Shield(_), Stream::Shield(child)) => {
                let then = AsOf::Position(recorded.stamp.position);
                let shield = self.log.fold_at::<Shield>(Stream::Shield(child), then).await?;
                let record = self.log.fold_at::<Child>(Stream::Child(child), then).await?;
                state.candidates.reset(child, &record, shield.is_shielded());
            }
            (Event::Activity(event), _) => {
                state.sightings.searched(recorded.stamp.position, event);
            }
            (Event::Organisation(event), Stream::Organisation(id)) => {
                state.sightings.organisation(id, event);
            }
            // Nothing here is asked about these; an event in another subject's stream cannot be.
            (
                Event::Child(_)
                | Event::Shield(_)
                | Event::Organisation(_)
                | Event::Policy(_)
                | Event::Practitioner(_)
                | Event::Access(_)
                | Event::Investigation(_)
                | Event::Key(_)
                | Event::Erasure(_)
                | Event::Audit(_),
                _,
            ) => {}
        }
        Ok(())
    }
}
