//! What queries ask the log. No decision relies on it.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    activity::Terms,
    actor::Actor,
    caller::{Needs, require},
    erasure::Erasure,
    event::Event,
    fold::Fold,
    identity::{ChildRef, EventId, OrganisationId},
    policy::Policy,
    recorded::{Recorded, Stamp},
    stream::Stream,
};
use event_log::{AsOf, seal::EventKey};
use projections::{
    dated::KnownBy,
    read_models::{Organisations, Seen, organisations::bodies, search::Candidates, seen},
};

use uuid::Uuid;

use super::{Asker, Directory, failure};
use crate::problem::Problem;

/// Every one answers 503 when the log cannot be read.
impl Directory {
    /// The records that a search might find: all, or somewhat more than so many. They have yet to be
    /// folded and judged.
    pub async fn candidates(&self, terms: &Terms, limit: usize) -> Result<Candidates, Problem> {
        let seeker = self.read_models.seeker();
        seeker.candidates(terms, limit).await.map_err(failure::searching)
    }

    /// The positions of the searches that listed a child.
    pub async fn listings_of(&self, child: ChildRef) -> Result<Vec<u64>, Problem> {
        let reader = self.read_models.reader::<Seen>();
        let listings = self.read_models.until(|| seen::listings_of(&reader, child)).await;
        listings.map_err(failure::behind)
    }

    /// Subjects after this one who are not being erased, at most so many.
    pub async fn subjects_after(&self, after: Uuid, most: usize) -> Result<Vec<Uuid>, Problem> {
        self.eraser.erasures().subjects_after(after, most).await.map_err(failure::reading)
    }

    /// Everybody towards whose erasure something has happened.
    pub async fn erasures(&self) -> Result<Vec<(Uuid, Erasure)>, Problem> {
        self.eraser.erasures().all().await.map_err(failure::reading)
    }

    /// Whether somebody may ask something now that is answered without being recorded.
    pub async fn entitled(&self, by: Actor, needs: Needs<'_>) -> Result<(), Problem> {
        let asker = Asker::of(self, by).await?;
        let policy = self.state::<Policy>(Stream::Policy).await?;
        require(&asker.caller(), &policy, self.clock.now(), needs)?;
        Ok(())
    }

    /// Every organisation there is.
    pub async fn organisations(&self) -> Result<BTreeSet<OrganisationId>, Problem> {
        let all = self.read_models.abreast::<Organisations>().await.map_err(failure::behind)?;
        let all = bodies(&all, KnownBy::Now).await;
        let all = all.map_err(|error| failure::behind(error.into()))?.value;
        let registered = all.states().iter().filter(|(_, state)| state.registration().is_some());
        Ok(registered.map(|(id, _)| *id).collect())
    }

    /// The state of a stream as of then.
    pub async fn as_of<S>(&self, stream: Stream, as_of: AsOf) -> Result<Arc<S>, Problem>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        self.log.fold_at(stream, as_of).await.map_err(failure::reading)
    }

    /// The present state of a stream.
    pub async fn state<S>(&self, stream: Stream) -> Result<Arc<S>, Problem>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        self.as_of(stream, AsOf::Now).await
    }

    /// The state of a stream at a revision; empty where there is none.
    pub async fn state_at<S>(
        &self,
        stream: Stream,
        revision: Option<u64>,
    ) -> Result<Arc<S>, Problem>
    where
        S: Fold + Send + Sync + 'static,
        S::Event: TryFrom<Event>,
    {
        let Some(revision) = revision else { return Ok(Arc::default()) };
        // Most often it is the present one, which is at hand.
        let present = self.log.reading();
        let state = present.fold::<S>(stream).await.map_err(failure::reading)?;
        if present.relied_on().iter().any(|read| read.revision == Some(revision)) {
            return Ok(state);
        }
        self.as_of(stream, AsOf::Revision(revision)).await
    }

    /// What happened in a stream, as of then.
    pub async fn history(
        &self,
        stream: Stream,
        as_of: AsOf,
    ) -> Result<Vec<Recorded<Event>>, Problem> {
        self.log.history(stream, as_of).await.map_err(failure::reading)
    }

    /// The revision of the last event of a stream.
    pub async fn revision(&self, stream: Stream) -> Result<Option<u64>, Problem> {
        let head = self.log.backend().head(stream).await.map_err(failure::reading)?;
        Ok(head.map(|head| head.revision))
    }

    /// The events at these positions, in their order; those beyond the end are left out.
    pub async fn events_at(&self, positions: &[u64]) -> Result<Vec<Recorded<Event>>, Problem> {
        let events = self.log.open_events(positions).await.map_err(failure::reading)?;
        Ok(events.into_iter().flatten().collect())
    }

    /// The event at a position.
    pub async fn event_at(&self, position: u64) -> Result<Option<Recorded<Event>>, Problem> {
        self.log.open_event(position).await.map_err(failure::reading)
    }

    /// The circumstances of the event at a position.
    pub async fn stamp_at(&self, position: u64) -> Result<Option<Stamp>, Problem> {
        let header = self.log.header_at(position).await.map_err(failure::reading)?;
        Ok(header.map(|header| header.stamp))
    }

    /// The entry at a position, byte for byte.
    pub async fn entry_at(&self, position: u64) -> Result<Option<Vec<u8>>, Problem> {
        let stored = self.log.read_stored(position, 1).await.map_err(failure::reading)?;
        let found = stored.into_iter().next().filter(|stored| stored.position == position);
        Ok(found.map(|stored| stored.entry))
    }

    /// When the event at a position was recorded.
    pub async fn time_at(&self, position: u64) -> Result<Option<DateTime<Utc>>, Problem> {
        Ok(self.stamp_at(position).await?.map(|stamp| stamp.at))
    }

    /// The last position at which something had been recorded by then; the first if nothing had.
    pub async fn position_at(&self, time: DateTime<Utc>) -> Result<Option<u64>, Problem> {
        let (mut from, mut to) = (0, self.log.length());
        while from < to {
            let middle = from.midpoint(to);
            match self.time_at(middle).await? {
                Some(at) if at <= time => from = middle.saturating_add(1),
                Some(_) | None => to = middle,
            }
        }
        Ok(Some(from.saturating_sub(1)))
    }

    /// The position of an event. Goes through the log.
    pub async fn find_event(&self, id: EventId) -> Result<Option<u64>, Problem> {
        self.log.find_event(id).await.map_err(failure::reading)
    }

    /// The key of the event at a position, and of no other.
    pub async fn event_key(&self, position: u64) -> Result<Option<EventKey>, Problem> {
        self.log.event_key(position).await.map_err(failure::reading)
    }
}
