//! The people and services around a child. Each of these needs If-Match.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    child::{self, Carer, InvolvedService, SensitiveBasis},
    identity::{CarerId, ChildRef, InvolvementId},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, changed};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{ExpectedRevision, Handle, Handles, Nothing, Request},
};

/// Somebody with parental responsibility or care.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCarer {
    /// What is known of them
    #[schema(value_type = vocabulary::Carer)]
    particulars: Carer,
}

/// Record a carer.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = NewCarer, responses((status = 201, body = Receipt)))]
#[post("/children/{child}/carers")]
async fn record_carer(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, NewCarer>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::record_carer::RecordCarer {
        at: context.at,
        particulars: body.particulars,
        carer: CarerId::new(context.choose("carer")),
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::record_carer::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::created(&outcome, command.carer.uuid()))
}

/// What is known of a carer now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AmendedCarer {
    /// What is known of them
    #[schema(value_type = vocabulary::Carer)]
    particulars: Carer,
}

/// Replace what is recorded of a carer.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = AmendedCarer, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/carers/{carer}")]
async fn amend_carer(
    directory: Data<Directory>,
    handle: Handles<ChildRef, CarerId>,
    request: Request<Person, AmendedCarer>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::record_carer::RecordCarer {
        at: context.at,
        particulars: body.particulars,
        carer: handle.1,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::record_carer::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfCare {
    /// On which day
    on: NaiveDate,
}

/// Record that a carer has care no longer.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = EndOfCare, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/carers/{carer}/end")]
async fn end_carer(
    directory: Data<Directory>,
    handle: Handles<ChildRef, CarerId>,
    request: Request<Person, EndOfCare>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::end_carer::EndCarer { at: context.at, on: body.on, carer: handle.1 };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::end_carer::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A service that works with the child.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Involvement {
    /// The service, and how to reach it
    #[schema(value_type = vocabulary::InvolvedService)]
    service: InvolvedService,
    /// From which day
    from: NaiveDate,
}

/// Record that a service works with the child.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = Involvement, responses((status = 201, body = Receipt)))]
#[post("/children/{child}/involvements")]
async fn record_involvement(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Involvement>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::record_involvement::RecordInvolvement {
        at: context.at,
        service: body.service,
        from: body.from,
        involvement: InvolvementId::new(context.choose("involvement")),
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::record_involvement::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::created(&outcome, command.involvement.uuid()))
}

/// When it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfInvolvement {
    /// On which day
    on: NaiveDate,
}

/// Record that a service works with the child no longer.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = EndOfInvolvement, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/involvements/{involvement}/end")]
async fn end_involvement(
    directory: Data<Directory>,
    handle: Handles<ChildRef, InvolvementId>,
    request: Request<Person, EndOfInvolvement>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::end_involvement::EndInvolvement {
        at: context.at,
        on: body.on,
        involvement: handle.1,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::end_involvement::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A sensitive service that works with the child.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SensitiveInvolvement {
    /// On what basis
    #[schema(value_type = vocabulary::SensitiveBasis)]
    basis: SensitiveBasis,
    /// The service, and how to reach it
    #[schema(value_type = vocabulary::InvolvedService)]
    service: InvolvedService,
    /// From which day
    from: NaiveDate,
}

/// Record that a sensitive service works with the child.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = SensitiveInvolvement, responses((status = 201, body = Receipt)))]
#[post("/children/{child}/sensitive-involvements")]
async fn record_sensitive_involvement(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, SensitiveInvolvement>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::record_sensitive_involvement::RecordSensitiveInvolvement {
        at: context.at,
        basis: body.basis,
        service: body.service,
        from: body.from,
        involvement: InvolvementId::new(context.choose("involvement")),
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::record_sensitive_involvement::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::created(&outcome, command.involvement.uuid()))
}

/// Withdraw the consent to a sensitive involvement: it is hidden at once.
#[utoipa::path(tag = "records", params(ExpectedRevision), responses((status = 200, body = Receipt)))]
#[post("/children/{child}/sensitive-involvements/{involvement}/withdraw-consent")]
async fn withdraw_sensitive_consent(
    directory: Data<Directory>,
    handle: Handles<ChildRef, InvolvementId>,
    request: Request<Person, Nothing>,
) -> Answer {
    let Request { context, expected, .. } = request;
    let command = child::withdraw_sensitive_consent::WithdrawSensitiveConsent {
        at: context.at,
        involvement: handle.1,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::withdraw_sensitive_consent::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Who is lead professional.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LeadProfessional {
    /// By their involvement
    #[schema(value_type = uuid::Uuid)]
    involvement: InvolvementId,
}

/// Name the lead professional.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = LeadProfessional, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/lead-professional")]
async fn assign_lead_professional(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, LeadProfessional>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::assign_lead_professional::AssignLeadProfessional {
        at: context.at,
        involvement: body.involvement,
    };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::assign_lead_professional::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfLead {
    /// On which day
    on: NaiveDate,
}

/// Record that there is no lead professional any more.
#[utoipa::path(tag = "records", params(ExpectedRevision), request_body = EndOfLead, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/lead-professional/end")]
async fn end_lead_professional(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, EndOfLead>,
) -> Answer {
    let Request { context, body, expected, .. } = request;
    let command = child::end_lead_professional::EndLeadProfessional { at: context.at, on: body.on };
    let outcome = changed(&directory, (&context, expected), handle.0, |record, policy, caller| {
        child::end_lead_professional::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(record_carer)
        .service(amend_carer)
        .service(end_carer)
        .service(record_involvement)
        .service(end_involvement)
        .service(record_sensitive_involvement)
        .service(withdraw_sensitive_consent)
        .service(assign_lead_professional)
        .service(end_lead_professional);
}
