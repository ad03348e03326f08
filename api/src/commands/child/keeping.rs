//! What decides for how long a record is kept.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    child::{
        consent_to_stay::{self, Says},
        record_death,
    },
    identity::ChildRef,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, changed};
use crate::{
    caller::Person,
    directory::Directory,
    request::{ExpectedRevision, Handle, Nothing, Request},
};

/// A death.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Death {
    /// The day. Sealed.
    on: NaiveDate,
}

/// Record a death: the record stays for a year, then goes into the archive.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = Death, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/death")]
async fn record_child_death(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Death>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = record_death::RecordDeath { at: context.at, on: body.on };
    let change = (&context, expected);
    let outcome = changed(&directory, change, handle.0, |child, policy, caller| {
        record_death::decide(child, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A consent to stay beyond 18.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Consent {
    /// Until which day, exclusive: the 25th birthday at the latest. Sealed.
    until: NaiveDate,
}

/// Record that a young person consents to stay in the directory beyond 18.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = Consent, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/participation-consent")]
async fn give_participation_consent(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Consent>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = consent_to_stay::ConsentToStay { at: context.at, says: Says::Until(body.until) };
    let change = (&context, expected);
    let outcome = changed(&directory, change, handle.0, |child, policy, caller| {
        consent_to_stay::decide(child, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Record that the young person no longer consents.
#[utoipa::path(tag = "records", params(ExpectedRevision), responses((status = 200, body = Receipt)))]
#[post("/children/{child}/participation-consent/withdraw")]
async fn withdraw_participation_consent(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Nothing>,
) -> Answer {
    let Request { context, expected, .. } = request;
    let command = consent_to_stay::ConsentToStay { at: context.at, says: Says::NoLonger };
    let change = (&context, expected);
    let outcome = changed(&directory, change, handle.0, |child, policy, caller| {
        consent_to_stay::decide(child, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(record_child_death)
        .service(give_participation_consent)
        .service(withdraw_participation_consent);
}
