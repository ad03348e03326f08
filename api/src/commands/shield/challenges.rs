//! Decisions about shields: challenged, and upheld.

use actix_web::{post, web::Data};
use domain::{
    identity::{ChildRef, EventId},
    reason::Text,
    shield::{
        Requester,
        challenge::{self, ChallengeDecision},
        request::Asker,
        uphold::{self, UpholdDecision},
    },
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, shielding};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Request},
};

/// Why a decision is thought to be wrong.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShieldChallenge {
    /// The event that recorded the decision, as the authority told it
    #[schema(value_type = uuid::Uuid)]
    decision: EventId,
    /// Who challenges it
    #[schema(value_type = vocabulary::Requester)]
    challenger: Requester,
    /// Their identity was checked
    identity_checked: bool,
    /// Why, in words
    #[schema(value_type = String)]
    words: Text,
}

/// Challenge the decision about a shield. What is hidden stays hidden.
#[utoipa::path(tag = "shielding", request_body = ShieldChallenge, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/challenges")]
async fn challenge_decision(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, ShieldChallenge>,
) -> Answer {
    let Request { context, body, .. } = request;
    let challenger = Asker { requester: body.challenger, identity_checked: body.identity_checked };
    let command = ChallengeDecision {
        at: context.at,
        decision: body.decision,
        challenger,
        words: body.words,
    };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        challenge::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why a challenged decision is upheld.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Upholding {
    /// Why
    #[schema(value_type = String)]
    reasons: Text,
}

/// Uphold the decision that is challenged. To decide anew is a determination.
#[utoipa::path(tag = "shielding", request_body = Upholding, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/challenges/uphold")]
async fn uphold_decision(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Upholding>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = UpholdDecision { at: context.at, reasons: body.reasons };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        uphold::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(challenge_decision).service(uphold_decision);
}
