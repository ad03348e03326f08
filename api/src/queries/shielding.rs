//! How a child's shield came to be.

use std::sync::Arc;

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    audit::Question, child::Child, identity::ChildRef, shield::history::ShieldingHistory,
    stream::Stream,
};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Asked, answer, ask};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Because, Handle, Moment, Request},
};

/// Ask how a child's shield came to be: every decision with grounds, threat rationale, views, who
/// decided, under which policy, and the state before and after.
#[utoipa::path(tag = "trail", request_body = Because, responses((status = 200, body = serde_json::Value)))]
#[post("/children/{child}/shielding/queries")]
async fn query_shielding(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    moment: Moment,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let child = handle.0;
    let asked = Asked::about(Question::ShieldingHistory, Stream::Shield(child), body);
    let spoken = ask(&directory, &context, by.id, (asked, moment)).await?;
    let record: Arc<Child> = directory.as_of(Stream::Child(child), spoken.as_of.0).await?;
    if !record.exists() {
        return Err(Problem::not_found());
    }
    let history: Arc<ShieldingHistory> =
        directory.as_of(Stream::Shield(child), spoken.as_of.0).await?;
    let shield = history.shield();
    answer(
        &spoken,
        json!({
            "child": child,
            "shield": shield.state(),
            "review_due": shield.review_due(),
            "decision_due": shield.decision_due(),
            "overdue": shield.overdue(spoken.time().date_naive()),
            "decisions": history.decisions(),
        }),
    )
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_shielding);
}
