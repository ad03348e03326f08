//! Vetting: identity, criminal records, ISA monitoring, security tokens.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    child::Address,
    identity::{PractitionerId, TokenId},
    personal::Personal,
    practitioner::{self, IdentityEvidence},
    reason::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, standing};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Request},
};

/// How an identity was verified.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IdentityVerification {
    /// On what evidence
    #[schema(value_type = vocabulary::IdentityEvidence)]
    evidence: IdentityEvidence,
    /// The address that the evidence shows. The audit of unusual looks compares it; nobody sees it
    #[schema(value_type = Option<vocabulary::Address>)]
    #[serde(default)]
    address: Option<Address>,
}

/// Record that an identity was verified.
#[utoipa::path(tag = "users", request_body = IdentityVerification, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/identity-verifications")]
async fn verify_identity(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, IdentityVerification>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::verify_identity::VerifyIdentity {
        at: context.at,
        evidence: body.evidence,
        home: body.address.map(Personal::Known),
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::verify_identity::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// An enhanced criminal records check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CrbCheck {
    /// On which day it was issued
    issued_on: NaiveDate,
    /// The number of the disclosure
    #[schema(value_type = String)]
    disclosure_number: Text,
}

/// Record an enhanced criminal records check.
#[utoipa::path(tag = "users", request_body = CrbCheck, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/crb-checks")]
async fn record_crb_check(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, CrbCheck>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::record_crb_check::RecordCrbCheck {
        at: context.at,
        issued_on: body.issued_on,
        disclosure_number: body.disclosure_number.into(),
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::record_crb_check::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Put on record that a check has lapsed. The day follows from the check and the policy; access ended
/// on it by itself.
#[utoipa::path(tag = "users", responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/crb-lapses")]
async fn record_crb_lapse(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person>,
) -> Answer {
    let context = request.context;
    let command = practitioner::record_lapse::RecordLapse { at: context.at };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::record_lapse::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When the monitoring began.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IsaBegin {
    /// From which day
    on: NaiveDate,
}

/// Record that the ISA began to monitor somebody.
#[utoipa::path(tag = "users", request_body = IsaBegin, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/isa-monitoring/begin")]
async fn begin_isa_monitoring(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, IsaBegin>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command =
        practitioner::begin_isa_monitoring::BeginIsaMonitoring { at: context.at, on: body.on };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::begin_isa_monitoring::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When the monitoring ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IsaEnd {
    /// From which day
    on: NaiveDate,
}

/// Record that the ISA ceased to monitor somebody.
#[utoipa::path(tag = "users", request_body = IsaEnd, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/isa-monitoring/end")]
async fn end_isa_monitoring(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, IsaEnd>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command =
        practitioner::end_isa_monitoring::EndIsaMonitoring { at: context.at, on: body.on };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::end_isa_monitoring::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A security token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecurityToken {
    /// The handle of the token
    #[schema(value_type = uuid::Uuid)]
    token: TokenId,
}

/// Issue a security token.
#[utoipa::path(tag = "users", request_body = SecurityToken, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/tokens")]
async fn issue_token(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, SecurityToken>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::issue_token::IssueToken { at: context.at, token: body.token };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::issue_token::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A token that is to count no longer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevokedToken {
    /// The handle of the token
    #[schema(value_type = uuid::Uuid)]
    token: TokenId,
}

/// Revoke a security token.
#[utoipa::path(tag = "users", request_body = RevokedToken, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/tokens/revoke")]
async fn revoke_token(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, RevokedToken>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::revoke_token::RevokeToken { at: context.at, token: body.token };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::revoke_token::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(verify_identity)
        .service(record_crb_check)
        .service(record_crb_lapse)
        .service(begin_isa_monitoring)
        .service(end_isa_monitoring)
        .service(issue_token)
        .service(revoke_token);
}
