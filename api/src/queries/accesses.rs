//! Who saw this child: openings, refusals, overrides, and the result lists that named them.

use std::{collections::HashMap, sync::Arc};

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    access::{self, accesses::accesses},
    activity,
    audit::Question,
    child::Child,
    event::Event,
    identity::{ChildRef, EventId},
    recorded::Recorded,
    stream::Stream,
};
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Asked, Spoken, ask, say};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Because, Handle, Moment, Request},
};

/// Ask who saw a child's record: when, in which role and for which organisation as it was then, why,
/// and which fields; refusals, withdrawn overrides and result lists included.
#[utoipa::path(tag = "trail", request_body = Because, responses((status = 200, body = serde_json::Value)))]
#[post("/children/{child}/accesses/queries")]
async fn query_accesses(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    moment: Moment,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let child = handle.0;
    let asked = Asked::about(Question::Accesses, Stream::Access(child), body);
    let spoken = ask(&directory, &context, by.id, (asked, moment)).await?;
    let record: Arc<Child> = directory.as_of(Stream::Child(child), spoken.as_of.0).await?;
    if !record.exists() {
        return Err(Problem::not_found());
    }
    let mut lines = looked(&directory, &spoken, child).await?;
    lines.extend(listed(&directory, &spoken, child).await?);
    lines.sort_by_key(|(position, _)| *position);
    let lines = Value::Array(lines.into_iter().map(|(_, line)| line).collect());
    let data = [("child".to_owned(), json!(child)), ("accesses".to_owned(), lines)];
    Ok(say(&spoken, Value::Object(data.into_iter().collect())))
}

/// The child's own access stream, each line with its position.
async fn looked(
    directory: &Directory,
    spoken: &Spoken,
    child: ChildRef,
) -> Result<Vec<(u64, Value)>, Problem> {
    let history = directory.history(Stream::Access(child), spoken.as_of.0).await?;
    let history: Vec<Recorded<access::Event>> = history
        .into_iter()
        .filter_map(|recorded| {
            let Recorded { stamp, event } = recorded;
            Some(Recorded { stamp, event: access::Event::try_from(event).ok()? })
        })
        .collect();
    let stamps = history.iter().map(|recorded| (recorded.stamp.id, recorded.stamp.position));
    let positions: HashMap<EventId, u64> = stamps.collect();
    let lines = accesses(&history).into_iter().filter_map(|line| {
        let position = *positions.get(&line.event)?;
        Some(placed(position, serde_json::to_value(line).ok()?))
    });
    Ok(lines.collect())
}

/// The searches whose lists named the child.
async fn listed(
    directory: &Directory,
    spoken: &Spoken,
    child: ChildRef,
) -> Result<Vec<(u64, Value)>, Problem> {
    let listings = directory.listings_of(child).await?;
    let mut lines = Vec::new();
    for recorded in directory.events_at(&listings).await? {
        let position = recorded.stamp.position;
        if spoken.reaches(position, recorded.stamp.at)
            && let Some(line) = listing(&recorded, child)
        {
            lines.push(placed(position, line));
        }
    }
    Ok(lines)
}

fn placed(position: u64, mut line: Value) -> (u64, Value) {
    if let Value::Object(members) = &mut line {
        members.insert("position".to_owned(), json!(position));
    }
    (position, line)
}

fn listing(recorded: &Recorded<Event>, child: ChildRef) -> Option<Value> {
    let Event::Activity(activity::Event::SearchPerformed {
        purpose,
        terms: _,
        fields,
        outcome: activity::SearchOutcome::Shown(rows),
    }) = &recorded.event
    else {
        return None;
    };
    let row = rows.iter().find(|row| row.child == child)?;
    Some(json!({
        "event": recorded.stamp.id,
        "at": recorded.stamp.at,
        "by": recorded.stamp.by,
        "what": "listed",
        "reason": purpose,
        "asked_about": fields,
        "shown": row.shown,
    }))
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_accesses);
}
