//! Legal holds.

use actix_web::{post, web::Data};
use domain::{
    erasure::{HoldGround, lift_hold, place_hold},
    identity::HoldId,
    reason::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Answer, Receipt, decided};
use crate::{
    caller::UserManager,
    directory::Directory,
    openapi::vocabulary,
    problem::{Problem, kind},
    request::{Handle, Handles, Request},
};

/// A legal hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Hold {
    /// On what ground.
    #[schema(value_type = vocabulary::HoldGround)]
    ground: HoldGround,
    /// For which proceedings, in words. Sealed.
    #[schema(value_type = String)]
    words: Text,
}

/// Place a legal hold: nothing about the subject is erased while it is open.
#[utoipa::path(tag = "erasure", request_body = Hold, responses((status = 201, body = Receipt)))]
#[post("/subjects/{subject}/holds")]
async fn place_legal_hold(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<UserManager, Hold>,
) -> Answer {
    let Request { context, body, .. } = request;
    let hold = HoldId::new(context.choose("hold"));
    let command =
        place_hold::PlaceHold { at: context.at, hold, ground: body.ground, words: body.words };
    let outcome = decided(&directory, &context, handle.0, |state, subject, policy, caller| {
        place_hold::decide(state, subject, policy, caller, &command)
    })
    .await?;
    tell_the_ring(&directory, handle.0).await?;
    Ok(Receipt::created(&outcome, hold.uuid()))
}

/// Why a hold is lifted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lifting {
    /// Why. Sealed.
    #[schema(value_type = String)]
    words: Text,
}

/// Lift a legal hold.
#[utoipa::path(tag = "erasure", request_body = Lifting, responses((status = 200, body = Receipt)))]
#[post("/subjects/{subject}/holds/{hold}/lift")]
async fn lift_legal_hold(
    directory: Data<Directory>,
    handles: Handles<Uuid, HoldId>,
    request: Request<UserManager, Lifting>,
) -> Answer {
    let Request { context, body, .. } = request;
    let Handles(subject, hold) = handles;
    let command = lift_hold::LiftHold { at: context.at, hold, words: body.words };
    let outcome = decided(&directory, &context, subject, |state, subject, policy, caller| {
        lift_hold::decide(state, subject, policy, caller, &command)
    })
    .await?;
    tell_the_ring(&directory, subject).await?;
    Ok(Receipt::answer(&outcome))
}

/// The ring refuses to destroy what is held, whatever the rules say. What stands in the log counts.
async fn tell_the_ring(directory: &Directory, subject: Uuid) -> Result<(), Problem> {
    let stream = domain::stream::Stream::Erasure(subject);
    let state = directory.state::<domain::erasure::Erasure>(stream).await?;
    directory.eraser().hold(subject, state.is_held()).await.map_err(|error| {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "The ring could not be told of a hold; it is told at the next start"
        );
        Problem::new(&kind::INTERNAL)
    })
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(place_legal_hold).service(lift_legal_hold);
}
