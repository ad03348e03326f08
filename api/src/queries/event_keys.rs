//! Keys of single events, for the investigators' tool: recorded, then handed out.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, post, web::Data};
use domain::{audit::Question, identity::EventId, stream::Stream};
use event_log::keyring::OfflineKeys;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Asked, ask};
use crate::{
    caller::Investigator,
    directory::Directory,
    problem::Problem,
    request::{GivenReason, Moment, Request},
};

/// The most events that are unsealed at once. Ours: the record of it must fit into one entry.
const MOST_EVENTS: usize = 500;

/// The events about to be shown, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EventsToShow {
    /// The events, each with its position, or by its identity alone, which is slow to find.
    #[schema(value_type = Vec<EventToShow>)]
    events: Vec<EventToShow>,
    /// Why.
    reason: GivenReason,
}

/// One event.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(untagged)]
enum EventToShow {
    /// With its place in the whole log.
    At {
        /// Which.
        #[schema(value_type = uuid::Uuid)]
        event: EventId,
        /// Where.
        position: u64,
    },
    /// By its identity alone.
    #[schema(value_type = uuid::Uuid)]
    Named(EventId),
}

/// Ask for the keys of exactly these events, to show what they hold. That they were given is recorded
/// with the identity of each. The answer is a file of keys as `replay --keys` reads it.
#[utoipa::path(tag = "trail", request_body = EventsToShow, responses((status = 200, body = serde_json::Value)))]
#[post("/events/keys")]
async fn event_keys(
    directory: Data<Directory>,
    request: Request<Investigator, EventsToShow>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    if body.events.is_empty() || body.events.len() > MOST_EVENTS {
        return Err(Problem::at_field("events", format!("takes 1 to {MOST_EVENTS} events")));
    }
    let mut found = Vec::with_capacity(body.events.len());
    for wanted in &body.events {
        found.push(located(&directory, *wanted).await?);
    }
    let about: BTreeSet<Stream> = found.iter().map(|(_, _, stream)| *stream).collect();
    let asked = Asked {
        question: Question::EventKeys,
        about: about.into_iter().collect(),
        within: None,
        events: found.iter().map(|(event, _, _)| *event).collect(),
        reason: body.reason,
    };
    ask(&directory, &context, by.id, (asked, Moment::Now)).await?;
    let mut keys = Vec::new();
    for (_, position, _) in &found {
        keys.extend(directory.event_key(*position).await?);
    }
    let json = OfflineKeys::of_events(keys).to_json();
    Ok(HttpResponse::Ok().content_type("application/json").body(json.to_string()))
}

async fn located(
    directory: &Directory,
    wanted: EventToShow,
) -> Result<(EventId, u64, Stream), Problem> {
    let (event, position) = match wanted {
        EventToShow::At { event, position } => (event, Some(position)),
        EventToShow::Named(event) => (event, directory.find_event(event).await?),
    };
    let position = position.ok_or(Problem::not_found())?;
    let stamp = directory.stamp_at(position).await?.ok_or(Problem::not_found())?;
    if stamp.id == event { Ok((event, position, stamp.stream)) } else { Err(Problem::not_found()) }
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(event_keys);
}
