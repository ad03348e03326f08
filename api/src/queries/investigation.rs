//! Where an investigation stands.

use std::sync::Arc;

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    audit::Question, event::Event, identity::InvestigationId, investigation::Investigation,
    stream::Stream,
};
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Asked, answer, ask};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Because, Handle, Moment, Request},
};

/// Ask where an investigation stands, and what has happened in it. One that nobody has been assigned
/// to yet belongs to no organisation, and is answered to the department only.
#[utoipa::path(tag = "trail", request_body = Because, responses((status = 200, body = serde_json::Value)))]
#[post("/investigations/{investigation}/queries")]
async fn query_investigation(
    directory: Data<Directory>,
    handle: Handle<InvestigationId>,
    moment: Moment,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let stream = Stream::Investigation(handle.0);
    let asked = Asked::about(Question::Investigation, stream, body);
    let spoken = ask(&directory, &context, by.id, (asked, moment)).await?;
    let state: Arc<Investigation> = directory.as_of(stream, spoken.as_of.0).await?;
    let Some(assigned) = state.assigned() else { return Err(Problem::not_found()) };
    let steps: Vec<Value> = directory
        .history(stream, spoken.as_of.0)
        .await?
        .iter()
        .map(|recorded| {
            let what: &Event = &recorded.event;
            json!({
                "event": recorded.stamp.id,
                "position": recorded.stamp.position,
                "at": recorded.stamp.at,
                "by": recorded.stamp.by,
                "what": what,
            })
        })
        .collect();
    answer(
        &spoken,
        json!({
            "investigation": handle.0,
            "origin": assigned.origin,
            "subject": assigned.subject,
            "investigator": assigned.investigator,
            "concluded": state.is_concluded(),
            "finding": state.finding(),
            "steps": steps,
        }),
    )
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_investigation);
}
