//! Prints and files: a disclosure each, on record until they are destroyed.

use actix_web::{post, web::Data};
use domain::{
    access::{
        Form,
        copy::{destroy, take},
    },
    event::Event,
    identity::{ChildRef, CopyId, OpeningId},
    reason::Text,
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, deciding, recordable, refusal, released};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{GivenReason, Handle, Handles, Request},
};

/// What leaves the directory, in whose hands, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CopyWanted {
    /// The opening whose screen is copied.
    #[schema(value_type = uuid::Uuid)]
    opening: OpeningId,
    /// On paper, or as a file.
    #[schema(value_type = vocabulary::Form)]
    form: Form,
    /// Who keeps it, and where.
    #[schema(value_type = String)]
    holder: Text,
    /// Why.
    reason: GivenReason,
}

/// Print an open record, or take it out as a file. The answer is what goes on it, and was recorded as
/// shown; nothing that only an override shows is on it.
#[utoipa::path(tag = "looking", request_body = CopyWanted,
    responses((status = 201, body = vocabulary::Screen)))]
#[post("/children/{child}/copies")]
async fn take_copy(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, CopyWanted>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = take::TakeCopy {
        at: context.at,
        copy: CopyId::new(context.choose("copy")),
        opening: body.opening,
        form: body.form,
        holder: body.holder.into(),
        purpose: body.reason.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, shield, policy, caller| {
                recordable(take::decide(access, record, shield, policy, caller, &command)?)
            })
            .await
        })
        .await?;
    refusal(&outcome.recorded)?;
    released::screen(&directory, &outcome, handle.0).await
}

/// How a copy came to its end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Destruction {
    /// How, and before whom.
    #[schema(value_type = String)]
    manner: Text,
}

/// Put on record that a copy was destroyed.
#[utoipa::path(tag = "looking", request_body = Destruction,
    responses((status = 200, body = Receipt)))]
#[post("/children/{child}/copies/{copy}/destruction")]
async fn destroy_copy(
    directory: Data<Directory>,
    handle: Handles<ChildRef, CopyId>,
    request: Request<Person, Destruction>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command =
        destroy::DestroyCopy { at: context.at, copy: handle.1, manner: body.manner.into() };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, _, _, policy, caller| {
                let events = destroy::decide(access, policy, caller, &command)?;
                Ok(events.into_iter().map(Event::from).collect())
            })
            .await
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(take_copy).service(destroy_copy);
}
