//! For which moment a listing speaks: a position of the log, and an instant at which things are judged.

use chrono::{DateTime, Utc};
use event_log::AsOf;
use projections::{
    dated::{self, KnownBy},
    projection::ReadModel,
    reader::{QueryError, Reader},
};
use serde_json::{Value, json};

use super::{failure, particulars::Turn};
use crate::{
    directory::Directory,
    problem::{Problem, kind},
    queries::trail::Noted,
    request::Moment,
};

/// The moment a listing speaks for, and how far behind the log that is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speaking {
    /// Everything up to this position is in it.
    pub(super) position: u64,
    /// How much of what became known counts: to the event, also when it speaks of now, for the read model
    /// goes on taking events in while it is read, the question's own among them.
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

    /// The last event that counts.
    pub(super) async fn last_known(&self, directory: &Directory) -> Result<dated::Moment, Problem> {
        let at = directory.time_at(self.position).await?.unwrap_or(self.effective_at);
        Ok(dated::Moment { position: self.position, at })
    }

    /// Waits until another read model can answer for the same moment.
    pub(super) async fn await_also<P: ReadModel>(
        &self,
        directory: &Directory,
        reader: &Reader<P>,
        turn: &Turn,
    ) -> Result<(), Problem> {
        reached(directory, reader, self.position, turn).await
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
        reached(directory, reader, token.0, turn).await?;
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
        reached(directory, reader, position, turn).await?;
    }
    let spoken = reader.ask(Vec::new()).await.map_err(failure::asking)?;
    let behind_seconds = match spoken.behind {
        0 => 0.0,
        _ => waiting(directory.time_at(spoken.next).await?, now),
    };
    let position = position.unwrap_or(spoken.next.saturating_sub(1));
    Ok(Speaking {
        position,
        known_by: KnownBy::Position(position),
        effective_at: turn.effective_at.unwrap_or(time),
        behind: spoken.behind,
        behind_seconds,
    })
}

/// Waits until a read model has taken a position in. Where following the log has stopped for good, waiting
/// longer would not help, and the caller is told so.
async fn reached<P: ReadModel>(
    directory: &Directory,
    reader: &Reader<P>,
    position: u64,
    turn: &Turn,
) -> Result<(), Problem> {
    match reader.wait_for(position, turn.patience).await {
        Err(QueryError::NotBuilt { .. } | QueryError::TooFarBehind { .. })
            if directory.read_models().status().duty.has_stopped() =>
        {
            let condition = directory.read_models().condition(directory.clock().now()).await;
            Err(Problem::new(&kind::READ_MODELS_STOPPED).with("read_models", condition))
        }
        waited => waited.map_err(failure::asking),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a lag is told in fractions of a second")]
fn waiting(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    let waited = since.map_or(0, |since| now.signed_duration_since(since).num_milliseconds());
    waited.max(0) as f64 / 1_000.0
}
