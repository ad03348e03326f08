//! What is recorded of a child. Each of these needs If-Match.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    child::{self, Provider},
    identity::ChildRef,
    reason::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, GivenDetail, Receipt, changed};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{ExpectedRevision, Handle, Request},
};

/// A detail that has changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Amendment {
    /// The new value
    #[schema(value_type = vocabulary::Detail)]
    detail: GivenDetail,
    /// From which day it holds
    valid_from: NaiveDate,
}

/// Record that a detail has changed: what was true is followed by something else.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = Amendment, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/details/supersede")]
async fn amend_record(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Amendment>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::amend_record::AmendRecord {
        at: context.at,
        detail: body.detail.into(),
        valid_from: body.valid_from,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::amend_record::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A detail that was wrong.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    /// The right value
    #[schema(value_type = vocabulary::Detail)]
    detail: GivenDetail,
    /// Why the old one was wrong
    #[schema(value_type = String)]
    reason: Text,
}

/// Correct a detail that was wrong.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = Correction, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/details/correct")]
async fn correct_record(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Correction>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::correct_record::CorrectRecord {
        at: context.at,
        detail: body.detail.into(),
        reason: body.reason,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::correct_record::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A place of education.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Education {
    /// Which
    #[schema(value_type = vocabulary::Provider)]
    provider: Provider,
    /// From which day
    from: NaiveDate,
}

/// Record a place of education.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = Education, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/education")]
async fn record_education(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Education>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::record_education::RecordEducation {
        at: context.at,
        provider: body.provider,
        from: body.from,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::record_education::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfEducation {
    /// On which day
    on: NaiveDate,
}

/// Record that education at the recorded place ended.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = EndOfEducation, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/education/end")]
async fn end_education(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, EndOfEducation>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::end_education::EndEducation { at: context.at, on: body.on };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::end_education::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A general practice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GpPractice {
    /// Which
    #[schema(value_type = vocabulary::Provider)]
    provider: Provider,
    /// From which day
    from: NaiveDate,
}

/// Record a general practice.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = GpPractice, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/gp-practice")]
async fn record_gp(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, GpPractice>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command =
        child::record_gp::RecordGp { at: context.at, provider: body.provider, from: body.from };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::record_gp::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfGpPractice {
    /// On which day
    on: NaiveDate,
}

/// Record that registration with the recorded practice ended.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = EndOfGpPractice, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/gp-practice/end")]
async fn end_gp(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, EndOfGpPractice>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::end_gp::EndGp { at: context.at, on: body.on };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::end_gp::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Since when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CommonAssessment {
    /// On which day
    on: NaiveDate,
}

/// Record that a common assessment exists.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = CommonAssessment, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/common-assessment")]
async fn indicate_common_assessment(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, CommonAssessment>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command =
        child::indicate_common_assessment::IndicateCommonAssessment { at: context.at, on: body.on };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::indicate_common_assessment::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Since when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoCommonAssessment {
    /// On which day
    on: NaiveDate,
}

/// Withdraw the indication of a common assessment.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = NoCommonAssessment, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/common-assessment/withdraw")]
async fn withdraw_common_assessment(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, NoCommonAssessment>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command =
        child::withdraw_common_assessment::WithdrawCommonAssessment { at: context.at, on: body.on };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::withdraw_common_assessment::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(amend_record)
        .service(correct_record)
        .service(record_education)
        .service(end_education)
        .service(record_gp)
        .service(end_gp)
        .service(indicate_common_assessment)
        .service(withdraw_common_assessment);
}
