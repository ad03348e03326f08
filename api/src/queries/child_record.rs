//! The whole record, for those who answer for it.

use std::sync::Arc;

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    access::{Basis, Record, visible},
    audit::Question,
    child::Child,
    identity::ChildRef,
    policy::Policy,
    shield::Shield,
    stream::Stream,
};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Asked, answer, ask};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Because, ExpectedRevision, Handle, Moment, Request},
};

/// Ask for a child's record, as the responsible authority's team sees it, or as it was then.
#[utoipa::path(tag = "trail", request_body = Because, responses((status = 200, body = serde_json::Value)))]
#[post("/children/{child}/record/queries")]
async fn query_record(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    moment: Moment,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let child = handle.0;
    let asked = Asked::about(Question::ChildRecord, Stream::Child(child), body);
    let spoken = ask(&directory, &context, by.id, (asked, moment)).await?;
    let record: Arc<Child> = directory.as_of(Stream::Child(child), spoken.as_of.0).await?;
    let shield: Arc<Shield> = directory.as_of(Stream::Shield(child), spoken.as_of.0).await?;
    let policy: Arc<Policy> = directory.as_of(Stream::Policy, spoken.as_of.0).await?;
    if !record.exists() {
        return Err(Problem::not_found());
    }
    let values = policy.on(spoken.time().date_naive()).1;
    let seen = visible(&record, &shield, Basis::ResponsibleTeam, values);
    let mut response = answer(
        &spoken,
        json!({
            "child": child,
            "standing": record.standing(),
            "shield": shield.state(),
            "record": Record::showing(&record, seen.shown),
        }),
    )?;
    if let (Moment::Now, Some(revision)) = (moment, directory.revision(Stream::Child(child)).await?)
    {
        let etag = ExpectedRevision { child, revision }.etag();
        if let Ok(value) = etag.parse() {
            response.headers_mut().insert(actix_web::http::header::ETAG, value);
        }
    }
    Ok(response)
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_record);
}
