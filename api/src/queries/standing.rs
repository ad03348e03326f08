//! Was this person authorised then, under which policy, and what failed?

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    audit::Question,
    identity::{OrganisationId, PractitionerId},
    organisation::{Capability, Organisation},
    policy::Policy,
    practitioner::{Practitioner, Standing, assess},
    stream::Stream,
};
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Asked, Spoken, answer, ask};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Because, Handle, Moment, Request},
};

/// Ask about the standing of a person: authorised or not, judged under which policy, and every
/// condition that failed. With `?as_of=` or `?as_of_position=`, as it was then.
#[utoipa::path(tag = "trail", request_body = Because, responses((status = 200, body = serde_json::Value)))]
#[post("/practitioners/{practitioner}/standing/queries")]
async fn query_standing(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    moment: Moment,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let asked = Asked::about(Question::Standing, Stream::Practitioner(handle.0), body);
    let spoken = ask(&directory, &context, by.id, (asked, moment)).await?;
    let standing: std::sync::Arc<Practitioner> =
        directory.as_of(Stream::Practitioner(handle.0), spoken.as_of.0).await?;
    if standing.id().is_none() {
        return Err(Problem::not_found());
    }
    let office = standing.appointment().office_on(spoken.time().date_naive());
    let account = match standing.nomination() {
        Some(by) => Some(account(&directory, &spoken, &standing, by.organisation).await?),
        None => None,
    };
    answer(
        &spoken,
        json!({
            "practitioner": handle.0,
            "office": office,
            "account": account,
            "override_right": standing.holds_override_right(),
        }),
    )
}

async fn account(
    directory: &Directory,
    spoken: &Spoken,
    standing: &Practitioner,
    employer: OrganisationId,
) -> Result<Value, Problem> {
    let Some(nomination) = standing.nomination() else { return Ok(Value::Null) };
    let organisation: std::sync::Arc<Organisation> =
        directory.as_of(Stream::Organisation(employer), spoken.as_of.0).await?;
    let policy: std::sync::Arc<Policy> = directory.as_of(Stream::Policy, spoken.as_of.0).await?;
    let judge = |capability| {
        assess(standing, &organisation, &policy, nomination.role, capability, spoken.time())
    };
    Ok(json!({
        "organisation": employer,
        "role": nomination.role,
        "judged_at": spoken.time(),
        "standing": judged(&judge(None), spoken.time()),
        "may": {
            "search": judge(Some(Capability::Search)).authorised(),
            "update": judge(Some(Capability::Update)).authorised(),
            "shield": judge(Some(Capability::Shield)).authorised(),
        },
    }))
}

fn judged(standing: &Standing, at: DateTime<Utc>) -> Value {
    json!({
        "authorised": standing.authorised(),
        "at": at,
        "policy": standing.policy,
        "judged": standing.judged,
        "unmet": standing.unmet,
        "lapses_on": standing.lapses_on,
    })
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_standing);
}
