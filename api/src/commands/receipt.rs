//! What a command answers: what was recorded, never what is personal.

use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, Utc};
use domain::{event::Event, identity::EventId, recorded::Recorded, stream::Stream};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    directory::Outcome,
    request::{CONSISTENCY_TOKEN, ConsistencyToken, ExpectedRevision, PREFERENCE_APPLIED},
};

/// What was recorded.
#[derive(Serialize, ToSchema)]
pub(super) struct Receipt {
    /// The handle that the service chose, where the command made something.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// The events, in order. None when there was nothing to do.
    events: Vec<Noted>,
}

/// One event.
#[derive(Serialize, ToSchema)]
struct Noted {
    /// Its identity.
    #[schema(value_type = Uuid)]
    event: EventId,
    /// What happened, by its stored name.
    r#type: String,
    /// In which stream.
    #[schema(value_type = String)]
    stream: Stream,
    /// Its place in that stream.
    revision: u64,
    /// Its place in the whole log.
    position: u64,
    /// When.
    at: DateTime<Utc>,
    /// Its receipt, a `.tlog-proof`, if the caller asked to wait for it (`Prefer: wait`).
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

impl Noted {
    fn of(recorded: &Recorded<Event>, receipt: Option<String>) -> Self {
        Self {
            event: recorded.stamp.id,
            r#type: stored_name(&recorded.event),
            stream: recorded.stamp.stream,
            revision: recorded.stamp.revision,
            position: recorded.stamp.position,
            at: recorded.stamp.at,
            receipt,
        }
    }
}

impl Receipt {
    /// Answers a command.
    pub(super) fn answer(outcome: &Outcome) -> HttpResponse {
        Self::of(outcome, None, HttpResponse::Ok())
    }

    /// Answers a command that made something.
    pub(super) fn created(outcome: &Outcome, id: Uuid) -> HttpResponse {
        Self::of(outcome, Some(id), HttpResponse::Created())
    }

    fn of(outcome: &Outcome, id: Option<Uuid>, mut answer: HttpResponseBuilder) -> HttpResponse {
        if let Some(last) = outcome.recorded.last()
            && let Stream::Child(child) = last.stamp.stream
        {
            let now = ExpectedRevision { child, revision: last.stamp.revision };
            answer.insert_header(("ETag", now.etag()));
        }
        if let Some(last) = outcome.recorded.last() {
            let token = ConsistencyToken(last.stamp.position);
            answer.insert_header((CONSISTENCY_TOKEN, token.to_header()));
        }
        note_waiting(outcome, &mut answer);
        let mut receipts = outcome.receipts.iter().flatten().map(ToString::to_string);
        let noted = outcome.recorded.iter().map(|event| Noted::of(event, receipts.next()));
        answer.json(Self { id, events: noted.collect() })
    }
}

/// Says that the answer waited for a checkpoint, if it was asked to and did.
pub(super) fn note_waiting(outcome: &Outcome, answer: &mut HttpResponseBuilder) {
    if outcome.receipts.is_some() {
        answer.insert_header((PREFERENCE_APPLIED, "wait"));
    }
}

/// The name under which an event is stored: the only member of its JSON.
pub(crate) fn stored_name(event: &Event) -> String {
    match serde_json::to_value(event) {
        Ok(serde_json::Value::Object(members)) => {
            members.into_iter().next().map(|(name, _)| name).unwrap_or_default()
        }
        Ok(_) | Err(_) => String::new(),
    }
}
