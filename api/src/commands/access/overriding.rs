//! Going behind a shield: attempted, warned, confirmed or withdrawn, ended.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    access::override_shield::{attempt, confirm, end, withdraw},
    event::Event,
    identity::{ChildRef, InvestigationId, OpeningId, OverrideId},
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, deciding, note_waiting, recordable, refusal, released};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{GivenReason, Handle, Handles, Request},
};

/// From where, and why, somebody wants to see behind a shield.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OverrideAttempt {
    /// The opening from which they ask.
    #[schema(value_type = uuid::Uuid)]
    opening: OpeningId,
    /// Why.
    reason: GivenReason,
}

/// The warning. Nothing hidden has been shown.
#[derive(Serialize, ToSchema)]
struct Warning {
    /// This run of the procedure: confirm it, or withdraw it.
    #[schema(value_type = uuid::Uuid)]
    r#override: OverrideId,
    /// What going on means.
    warning: &'static str,
}

/// Ask to see behind a shield. The answer is the warning.
#[utoipa::path(tag = "looking", request_body = OverrideAttempt,
    responses((status = 201, body = Warning)))]
#[post("/children/{child}/overrides")]
async fn attempt_override(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, OverrideAttempt>,
) -> Answer {
    let Request { context, body, .. } = request;
    let procedure = OverrideId::new(context.choose("override"));
    let command = attempt::AttemptOverride {
        at: context.at,
        procedure,
        opening: body.opening,
        purpose: body.reason.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, shield, policy, caller| {
                recordable(attempt::decide(access, record, shield, policy, caller, &command)?)
            })
            .await
        })
        .await?;
    refusal(&outcome.recorded)?;
    let mut answer = HttpResponse::Created();
    note_waiting(&outcome, &mut answer);
    Ok(answer.json(Warning { r#override: procedure, warning: attempt::WARNING }))
}

/// Go on after the warning. What was hidden is shown, and an investigation opens.
#[utoipa::path(tag = "looking", responses((status = 200, body = vocabulary::Screen)))]
#[post("/children/{child}/overrides/{override}/confirm")]
async fn confirm_override(
    directory: Data<Directory>,
    handle: Handles<ChildRef, OverrideId>,
    request: Request<Person>,
) -> Answer {
    let context = request.context;
    let command = confirm::ConfirmOverride {
        at: context.at,
        procedure: handle.1,
        investigation: InvestigationId::new(context.choose("investigation")),
    };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, shield, policy, caller| {
                recordable(confirm::decide(access, record, shield, policy, caller, &command)?)
            })
            .await
        })
        .await?;
    refusal(&outcome.recorded)?;
    released::screen(&directory, &outcome, handle.0).await
}

/// Step back after the warning.
#[utoipa::path(tag = "looking", responses((status = 200, body = Receipt)))]
#[post("/children/{child}/overrides/{override}/withdraw")]
async fn withdraw_override(
    directory: Data<Directory>,
    handle: Handles<ChildRef, OverrideId>,
    request: Request<Person>,
) -> Answer {
    let context = request.context;
    let command = withdraw::WithdrawOverride { at: context.at, procedure: handle.1 };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, _, _, _, caller| {
                let events = withdraw::decide(access, caller, &command)?;
                Ok(events.into_iter().map(Event::from).collect())
            })
            .await
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Cover what was hidden again, and stay in the record.
#[utoipa::path(tag = "looking", responses((status = 200, body = Receipt)))]
#[post("/children/{child}/overrides/{override}/end")]
async fn end_override(
    directory: Data<Directory>,
    handle: Handles<ChildRef, OverrideId>,
    request: Request<Person>,
) -> Answer {
    let context = request.context;
    let command = end::EndOverride { at: context.at, procedure: handle.1 };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, _, _, _, caller| {
                let events = end::decide(access, caller, &command)?;
                Ok(events.into_iter().map(Event::from).collect())
            })
            .await
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(attempt_override)
        .service(confirm_override)
        .service(withdraw_override)
        .service(end_override);
}
