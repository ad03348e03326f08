//! The right to override shields: granted by name, and withdrawn.

use actix_web::{post, web::Data};
use domain::{identity::PractitionerId, practitioner, reason::Text};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, employed, standing};
use crate::{
    caller::Person,
    directory::Directory,
    request::{Handle, Request},
};

/// Why somebody needs the right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Grant {
    /// Why they need it
    #[schema(value_type = String)]
    justification: Text,
}

/// Grant somebody the right to override shields.
#[utoipa::path(tag = "users", request_body = Grant, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/override-right/grant")]
async fn grant_override_right(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Grant>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::grant_override_right::GrantOverrideRight {
        at: context.at,
        justification: body.justification.into(),
    };
    let outcome =
        employed(&directory, &context, handle.0, |standing, organisation, policy, caller| {
            practitioner::grant_override_right::decide(
                standing,
                organisation,
                policy,
                caller,
                &command,
            )
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why the right is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// Why
    #[schema(value_type = String)]
    reason: Text,
}

/// Withdraw the right to override shields.
#[utoipa::path(tag = "users", request_body = Withdrawal, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/override-right/withdraw")]
async fn withdraw_override_right(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Withdrawal>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::withdraw_override_right::WithdrawOverrideRight {
        at: context.at,
        reason: body.reason.into(),
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::withdraw_override_right::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(grant_override_right).service(withdraw_override_right);
}
