//! For which moment a listing speaks: a position of the log, and an instant at which things are judged.

use chrono::{DateTime, TimeDelta, Utc};
use event_log::AsOf;
use projections::{dated::KnownBy, projection::ReadModel, reader::Reader};
use serde_json::{Value, json};

use super::{failure, particulars::Turn};
use crate::{directory::Directory, problem::Problem, queries::trail::Noted, request::Moment};

/// The moment a listing speaks for, and how far behind the log that is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speaking {
    /// Everything up to this position is in it.
    pub(super) position: u64,
    /// How much of what became known counts.
    pub(super) known_by: KnownBy,
    /// The instant at which it is judged.
    pub(super) effective_at: DateTime<Utc>,
    /// How many events the read model had yet to take in.
    behind: u64,
    /// For how long the first of these had been waiting.
    behind_seconds: f64,
}

impl Speaking {
    /// The same, as the log is asked.
    pub(super) const fn as_of(&self) -> AsOf {
        AsOf::Position(self.position)
    }

    /// What counts, to the event, also when it speaks of now: the read model goes on taking events in while it
    /// is read, the question's own among them. For documents that never change and are never taken out of an
    /// index; of others an index of what is so now may have lost one meanwhile.
    pub(super) const fn exactly(&self) -> KnownBy {
        KnownBy::Position(self.position)
    }

    /// Whether it speaks of the past: then indexes of what is so now do not lead to everything.
    pub(super) fn of_the_past(&self) -> bool {
        self.known_by != KnownBy::Now
    }

    /// When the last event that counts was recorded; for ever, when it speaks of now.
    pub(super) async fn last_known(&self, directory: &Directory) -> Result<DateTime<Utc>, Problem> {
        if self.of_the_past() {
            Ok(directory.time_at(self.position).await?.unwrap_or(self.effective_at))
        } else {
            Ok(DateTime::<Utc>::MAX_UTC)
        }
    }

    /// An instant after the last event that counts: a bound, exclusive, for what had been recorded.
    pub(super) async fn first_unknown(
        &self,
        directory: &Directory,
    ) -> Result<DateTime<Utc>, Problem> {
        let last = directory.time_at(self.position).await?.unwrap_or(self.effective_at);
        Ok(last.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(last))
    }

    pub(super) fn as_of_json(&self) -> Value {
        json!({"position": self.position, "time": self.effective_at})
    }

    pub(super) fn lag_json(&self) -> Value {
        json!({"events": self.behind, "seconds": self.behind_seconds})
    }
}

/// Waits until the read model has taken in what the caller asks for, and settles the moment. A question
/// under an Idempotency-Key speaks for where it is recorded, so that it is answered the same when it comes
/// again.
pub(super) async fn speak<P: ReadModel>(
    directory: &Directory,
    reader: &Reader<P>,
    turn: &Turn,
    (now, noted): (DateTime<Utc>, Option<Noted>),
) -> Result<Speaking, Problem> {
    if let Some(token) = turn.token {
        reader.wait_for(token.0, turn.patience).await.map_err(failure::asking)?;
    }
    let repeatable = noted.filter(|noted| noted.repeatable && turn.moment == Moment::Now);
    let (position, time) = match (turn.moment, repeatable) {
        (_, Some(noted)) => (Some(noted.position), noted.at),
        (Moment::Now, None) => (None, now),
        (Moment::Time(time), None) => (directory.position_at(time).await?, time),
        (Moment::Position(position), None) => {
            let position = position.min(directory.log().length().saturating_sub(1));
            (Some(position), directory.time_at(position).await?.unwrap_or(now))
        }
    };
    if let Some(position) = position {
        reader.wait_for(position, turn.patience).await.map_err(failure::asking)?;
    }
    let spoken = reader.ask(Vec::new()).await.map_err(failure::asking)?;
    let known_by = position.map_or(KnownBy::Now, KnownBy::Position);
    let behind_seconds = match spoken.behind {
        0 => 0.0,
        _ => waiting(directory.time_at(spoken.next).await?, now),
    };
    Ok(Speaking {
        position: position.unwrap_or(spoken.next.saturating_sub(1)),
        known_by,
        effective_at: turn.effective_at.unwrap_or(time),
        behind: spoken.behind,
        behind_seconds,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a lag is told in fractions of a second")]
fn waiting(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    let waited = since.map_or(0, |since| now.signed_duration_since(since).num_milliseconds());
    waited.max(0) as f64 / 1_000.0
}
