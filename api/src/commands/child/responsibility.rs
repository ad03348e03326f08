//! Records created, quarantined, and passed from one authority to another.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    child::{self, Child, DateOfBirth, Gender, Name, QuarantineOutcome, Whereabouts},
    identity::{ChildRef, OrganisationId},
    organisation::Organisation,
    reason::Text,
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, NewRecord, Receipt, decided, free_number, near_matches};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Nothing, Request},
};

/// What a record begins with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordOfAChild {
    /// The name
    #[schema(value_type = vocabulary::Name)]
    name: Name,
    /// Gender, or that it is not specified
    #[schema(value_type = vocabulary::Gender)]
    gender: Gender,
    /// Date of birth
    #[schema(value_type = chrono::NaiveDate)]
    date_of_birth: DateOfBirth,
    /// Where the child is, or why that is not known
    #[schema(value_type = vocabulary::Whereabouts)]
    whereabouts: Whereabouts,
    /// The authority that is to be responsible
    #[schema(value_type = uuid::Uuid)]
    authority: OrganisationId,
}

/// Create a record.
#[utoipa::path(tag = "records", request_body = RecordOfAChild, responses((status = 201, body = Receipt)))]
#[post("/children")]
async fn create_record(
    directory: Data<Directory>,
    request: Request<Person, RecordOfAChild>,
) -> Answer {
    let Request { context, body, .. } = request;
    let child = ChildRef::new(context.choose("child"));
    let outcome = directory
        .handle(&context, Stream::Child(child), async |view| {
            let state = view.fold::<Child>(Stream::Child(child)).await?;
            let authority = view.fold::<Organisation>(Stream::Organisation(body.authority)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let command = child::create_record::CreateRecord {
                at: context.at,
                number: free_number(&directory, &context).await?,
                name: body.name.clone(),
                gender: body.gender,
                date_of_birth: body.date_of_birth,
                whereabouts: body.whereabouts.clone(),
                authority: body.authority,
                matches: near_matches(&directory, &body.name, body.date_of_birth).await?,
            };
            let (policy, caller) = (&policy, &asker.caller());
            let events =
                child::create_record::decide(&state, &authority, policy, caller, &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    // Whether the record was quarantined is not for its creator: neither the events nor how many.
    Ok(HttpResponse::Created().json(NewRecord::of(&outcome, child)))
}

/// What becomes of a quarantined record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuarantineDecision {
    /// What becomes of it
    #[schema(value_type = vocabulary::QuarantineOutcome)]
    outcome: QuarantineOutcome,
    /// Why
    #[schema(value_type = String)]
    reason: Text,
}

/// Decide what becomes of a quarantined record.
#[utoipa::path(tag = "records", request_body = QuarantineDecision, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/quarantine/resolve")]
async fn resolve_quarantine(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, QuarantineDecision>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = child::resolve_quarantine::ResolveQuarantine {
        at: context.at,
        outcome: body.outcome,
        reason: body.reason,
    };
    let outcome = decided(&directory, &context, handle.0, |record, policy, caller| {
        child::resolve_quarantine::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// To whom a record is offered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferOffer {
    /// To which authority
    #[schema(value_type = uuid::Uuid)]
    to: OrganisationId,
}

/// Offer the record to another authority.
#[utoipa::path(tag = "records", request_body = TransferOffer, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/transfer/offer")]
async fn offer_transfer(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, TransferOffer>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = child::offer_transfer::OfferTransfer { at: context.at, to: body.to };
    let outcome = directory
        .handle(&context, Stream::Child(handle.0), async |view| {
            let state = view.fold::<Child>(Stream::Child(handle.0)).await?;
            let other = view.fold::<Organisation>(Stream::Organisation(body.to)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let (policy, caller) = (&policy, &asker.caller());
            let events = child::offer_transfer::decide(&state, &other, policy, caller, &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Accept a record that was offered.
#[utoipa::path(tag = "records", responses((status = 200, body = Receipt)))]
#[post("/children/{child}/transfer/accept")]
async fn accept_transfer(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Nothing>,
) -> Answer {
    let Request { context, .. } = request;
    let command = child::accept_transfer::AcceptTransfer { at: context.at };
    let outcome = decided(&directory, &context, handle.0, |record, policy, caller| {
        child::accept_transfer::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why a record is declined.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TransferRefusal {
    /// Why
    #[schema(value_type = String)]
    reason: Text,
}

/// Decline a record that was offered.
#[utoipa::path(tag = "records", request_body = TransferRefusal, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/transfer/decline")]
async fn decline_transfer(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, TransferRefusal>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = child::decline_transfer::DeclineTransfer { at: context.at, reason: body.reason };
    let outcome = decided(&directory, &context, handle.0, |record, policy, caller| {
        child::decline_transfer::decide(record, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(create_record)
        .service(resolve_quarantine)
        .service(offer_transfer)
        .service(accept_transfer)
        .service(decline_transfer);
}
