//! What officers do: propose, authorise, take back, run.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    erasure::{Grounds, authorise, begin, propose, withdraw},
    identity::EventId,
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Answer, Receipt, covered_in_time, decided};
use crate::{
    caller::UserManager,
    directory::Directory,
    openapi::vocabulary,
    request::{Context, Handle, Nothing, PREFERENCE_APPLIED, Request},
};

/// Why somebody is to be erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ErasureProposal {
    /// On what grounds.
    #[schema(value_type = vocabulary::ErasureGrounds)]
    grounds: Grounds,
}

/// Propose the erasure of a subject. It waits for another officer.
#[utoipa::path(tag = "erasure", request_body = ErasureProposal, responses((status = 200, body = Receipt)))]
#[post("/subjects/{subject}/erasure/proposal")]
async fn propose_erasure(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<UserManager, ErasureProposal>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = propose::Propose { at: context.at, grounds: body.grounds };
    let outcome = decided(&directory, &context, handle.0, |state, subject, policy, caller| {
        propose::decide(state, subject, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Authorise an erasure that another officer has proposed.
#[utoipa::path(tag = "erasure", responses((status = 200, body = Receipt)))]
#[post("/subjects/{subject}/erasure/authorisation")]
async fn authorise_erasure(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<UserManager, Nothing>,
) -> Answer {
    let context = request.context;
    let command = authorise::Authorise { at: context.at };
    let outcome = decided(&directory, &context, handle.0, |state, subject, policy, caller| {
        authorise::decide(state, subject, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Take an erasure back that has not begun.
#[utoipa::path(tag = "erasure", responses((status = 200, body = Receipt)))]
#[post("/subjects/{subject}/erasure/withdrawal")]
async fn withdraw_erasure(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<UserManager, Nothing>,
) -> Answer {
    let context = request.context;
    let command = withdraw::Withdraw { at: context.at };
    let outcome = decided(&directory, &context, handle.0, |state, subject, policy, caller| {
        withdraw::decide(state, subject, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// What an erasure came to.
#[derive(Serialize, ToSchema)]
struct Finished {
    /// The subject.
    subject: Uuid,
    /// The event that says that everything is done: what the certificate ends with.
    #[schema(value_type = Option<Uuid>)]
    event: Option<EventId>,
    /// Its place in the whole log.
    position: Option<u64>,
    /// The receipt of that event, a `.tlog-proof`, if the caller asked to wait for it (`Prefer: wait`).
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

/// Carry an authorised erasure out. There is no way back. Answers when every part is done; one that was
/// interrupted goes on.
#[utoipa::path(tag = "erasure", responses((status = 200, body = Finished)))]
#[post("/subjects/{subject}/erasure/run")]
async fn run_erasure(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<UserManager, Nothing>,
) -> Answer {
    let (context, subject) = (request.context, handle.0);
    let command = begin::Begin { at: context.at, holders: directory.eraser().holders() };
    // Waiting for a checkpoint has time until all is done.
    let beginning = Context { wait: None, ..context };
    decided(&directory, &beginning, subject, |state, subject, policy, caller| {
        begin::decide(state, subject, policy, caller, &command)
    })
    .await?;
    directory.eraser().finish(subject, directory.clock()).await?;
    let history = directory.history(Stream::Erasure(subject), event_log::AsOf::Now).await?;
    let last = history.iter().rev().map(|recorded| &recorded.stamp).next();
    let position = last.map(|stamp| stamp.position);
    let receipt = covered_in_time(&directory, &context, position).await;
    let mut answer = HttpResponse::Ok();
    if receipt.is_some() {
        answer.insert_header((PREFERENCE_APPLIED, "wait"));
    }
    let receipt = receipt.map(|receipt| receipt.to_string());
    let event = last.map(|stamp| stamp.id);
    Ok(answer.json(Finished { subject, event, position, receipt }))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(propose_erasure)
        .service(authorise_erasure)
        .service(withdraw_erasure)
        .service(run_erasure);
}
