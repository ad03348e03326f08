//! Shields: asked for, applied, decided case by case, reviewed, lifted.

use actix_web::{post, web::Data};
use domain::{
    identity::{ChildRef, ShieldRequestId},
    reason::Text,
    shield::{self, Party, Requester, RestsOn, ReviewOutcome, ThreatLevel},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, GivenFinding, GivenGrounds, GivenView, Receipt, shielding};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Request},
};

/// Why a shield is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShieldRequest {
    /// Who asks
    #[schema(value_type = vocabulary::Requester)]
    requester: Requester,
    /// Their identity was checked
    identity_checked: bool,
    /// The grounds given
    grounds: GivenGrounds,
    /// The circumstances, in words
    #[schema(value_type = String)]
    circumstances: Text,
}

/// Ask for a shield.
#[utoipa::path(tag = "shielding", request_body = ShieldRequest, responses((status = 201, body = Receipt)))]
#[post("/children/{child}/shield/requests")]
async fn request_shield(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, ShieldRequest>,
) -> Answer {
    let Request { context, body, .. } = request;
    let grounds = body.grounds.checked("grounds")?;
    let command = shield::request::RequestShield {
        at: context.at,
        requester: body.requester,
        identity_checked: body.identity_checked,
        grounds,
        circumstances: body.circumstances,
        request: ShieldRequestId::new(context.choose("request")),
    };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        shield::request::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::created(&outcome, command.request.uuid()))
}

/// Why a record is shielded at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProvisionalShield {
    /// The grounds
    grounds: GivenGrounds,
    /// What the finding rests on
    #[schema(value_type = vocabulary::RestsOn)]
    rests_on: RestsOn,
    /// Why it cannot wait
    #[schema(value_type = String)]
    rationale: Text,
}

/// Shield a record at once, until it is decided.
#[utoipa::path(tag = "shielding", request_body = ProvisionalShield, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/provisional")]
async fn apply_provisionally(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, ProvisionalShield>,
) -> Answer {
    let Request { context, body, .. } = request;
    let grounds = body.grounds.checked("grounds")?;
    let command = shield::apply_provisionally::ApplyProvisionally {
        at: context.at,
        grounds,
        rests_on: body.rests_on,
        rationale: body.rationale,
    };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        shield::apply_provisionally::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A view that must be taken into account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewOnShield {
    /// Whose
    #[schema(value_type = vocabulary::Party)]
    party: Party,
    /// The view
    #[schema(value_type = vocabulary::View)]
    view: GivenView,
}

/// Record a view, or why there is none.
#[utoipa::path(tag = "shielding", request_body = ViewOnShield, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/views")]
async fn record_view(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, ViewOnShield>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = shield::record_view::RecordView {
        at: context.at,
        party: body.party,
        view: body.view.into(),
    };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        shield::record_view::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// The authority's decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Determination {
    /// The level of threat
    #[schema(value_type = vocabulary::ThreatLevel)]
    threat_level: ThreatLevel,
    /// Why the threat is what it is
    #[schema(value_type = String)]
    threat_rationale: Text,
    /// Whether the record is shielded
    finding: GivenFinding,
}

/// Decide whether a record is shielded.
#[utoipa::path(tag = "shielding", request_body = Determination, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/determinations")]
async fn determine(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Determination>,
) -> Answer {
    let Request { context, body, .. } = request;
    let finding = body.finding.checked()?;
    let command = shield::determine::DetermineShield {
        at: context.at,
        threat_level: body.threat_level,
        threat_rationale: body.threat_rationale,
        finding,
    };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        shield::determine::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A review.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Review {
    /// What was decided
    #[schema(value_type = vocabulary::ReviewOutcome)]
    outcome: ReviewOutcome,
    /// Why
    #[schema(value_type = String)]
    reasons: Text,
}

/// Review a shield.
#[utoipa::path(tag = "shielding", request_body = Review, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/reviews")]
async fn review(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Review>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = shield::review::ReviewShield {
        at: context.at,
        outcome: body.outcome,
        reasons: body.reasons,
    };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        shield::review::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why a shield is lifted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lifting {
    /// Why
    #[schema(value_type = String)]
    reasons: Text,
}

/// Lift a shield.
#[utoipa::path(tag = "shielding", request_body = Lifting, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/shield/lift")]
async fn lift(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Lifting>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = shield::lift::LiftShield { at: context.at, reasons: body.reasons };
    let outcome = shielding(&directory, &context, handle.0, |record, state, policy, caller| {
        shield::lift::decide(record, state, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(request_shield)
        .service(apply_provisionally)
        .service(record_view)
        .service(determine)
        .service(review)
        .service(lift);
}
