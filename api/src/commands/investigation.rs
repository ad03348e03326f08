//! Investigations of overrides and of suspected misuse.

use std::sync::Arc;

use actix_web::{post, web::Data};
use domain::{
    access::Access,
    identity::{ChildRef, InvestigationId, PractitionerId},
    investigation::{self, Finding, Investigation, assign::Opened},
    practitioner::Practitioner,
    reason::Text,
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt};
use crate::{
    caller::Investigator,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Request},
};

/// Who investigates whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Assignment {
    /// Whose conduct it is about.
    #[schema(value_type = uuid::Uuid)]
    subject: PractitionerId,
    /// Who investigates.
    #[schema(value_type = uuid::Uuid)]
    investigator: PractitionerId,
    /// Whose shield was overridden; absent for an investigation of suspected misuse.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    child: Option<ChildRef>,
}

/// Assign an investigation.
#[utoipa::path(tag = "investigations", request_body = Assignment, responses((status = 200, body = Receipt)))]
#[post("/investigations/{investigation}/assignments")]
async fn assign_investigation(
    directory: Data<Directory>,
    handle: Handle<InvestigationId>,
    request: Request<Investigator, Assignment>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = investigation::assign::Assign { at: context.at, investigation: handle.0 };
    let outcome = directory
        .handle(&context, Stream::Investigation(handle.0), async |view| {
            let state = view.fold::<Investigation>(Stream::Investigation(handle.0)).await?;
            let access = match body.child {
                Some(child) => view.fold::<Access>(Stream::Access(child)).await?,
                None => Arc::default(),
            };
            let opened = body
                .child
                .map_or(Opened::Suspicion, |child| Opened::Override { child, access: &access });
            let subject = view.fold::<Practitioner>(Stream::Practitioner(body.subject)).await?;
            let investigator =
                view.fold::<Practitioner>(Stream::Practitioner(body.investigator)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = investigation::assign::decide(
                &state,
                opened,
                &subject,
                &investigator,
                &policy,
                &asker.caller(),
                &command,
            )?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// How an investigation ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Conclusion {
    /// The finding.
    #[schema(value_type = vocabulary::InvestigationFinding)]
    finding: Finding,
    /// The report.
    #[schema(value_type = String)]
    report: Text,
}

/// Conclude an investigation.
#[utoipa::path(tag = "investigations", request_body = Conclusion, responses((status = 200, body = Receipt)))]
#[post("/investigations/{investigation}/conclusion")]
async fn conclude_investigation(
    directory: Data<Directory>,
    handle: Handle<InvestigationId>,
    request: Request<Investigator, Conclusion>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = investigation::conclude::Conclude {
        at: context.at,
        finding: body.finding,
        report: body.report.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Investigation(handle.0), async |view| {
            let state = view.fold::<Investigation>(Stream::Investigation(handle.0)).await?;
            let subject = match state.assigned() {
                Some(assigned) => view.fold(Stream::Practitioner(assigned.subject)).await?,
                None => Arc::default(),
            };
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let caller = asker.caller();
            let events =
                investigation::conclude::decide(&state, &subject, &policy, &caller, &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(assign_investigation).service(conclude_investigation);
}
