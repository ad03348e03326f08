//! Putting two practitioners in touch without showing either to the other.

use actix_web::{post, web::Data};
use domain::{
    access::brokering::{broker, decline, request as ask, view},
    event::Event,
    identity::{BrokeringId, ChildRef, InvolvementId, OpeningId},
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

/// Who wants to be put in touch, over what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactWanted {
    /// The opening from which they ask.
    #[schema(value_type = uuid::Uuid)]
    opening: OpeningId,
    /// Why.
    reason: GivenReason,
    /// The concern for the child's protection.
    #[schema(value_type = String)]
    concern: Text,
    /// How they can be reached.
    #[schema(value_type = String)]
    reach: Text,
}

/// Ask the responsible team to be put in touch with whoever else works with the child. Nothing hidden
/// is shown for it.
#[utoipa::path(tag = "looking", request_body = ContactWanted,
    responses((status = 201, body = Receipt)))]
#[post("/children/{child}/brokerings")]
async fn request_contact(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, ContactWanted>,
) -> Answer {
    let Request { context, body, .. } = request;
    let brokering = BrokeringId::new(context.choose("brokering"));
    let command = ask::RequestContact {
        at: context.at,
        brokering,
        opening: body.opening,
        purpose: body.reason.into(),
        concern: body.concern.into(),
        reach: body.reach.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, _, policy, caller| {
                recordable(ask::decide(access, record, policy, caller, &command)?)
            })
            .await
        })
        .await?;
    refusal(&outcome.recorded)?;
    Ok(Receipt::created(&outcome, brokering.uuid()))
}

/// Look behind the shield in order to broker. For the responsible team; the answer was recorded as
/// shown, and each look is one of its own.
#[utoipa::path(tag = "looking", responses((status = 200, body = vocabulary::Screen)))]
#[post("/children/{child}/brokerings/{brokering}/views")]
async fn view_to_broker(
    directory: Data<Directory>,
    handle: Handles<ChildRef, BrokeringId>,
    request: Request<Person>,
) -> Answer {
    let context = request.context;
    let command = view::ViewToBroker { at: context.at, brokering: handle.1 };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, shield, policy, caller| {
                recordable(view::decide(access, record, shield, policy, caller, &command)?)
            })
            .await
        })
        .await?;
    refusal(&outcome.recorded)?;
    released::screen(&directory, &outcome, handle.0).await
}

/// With whom somebody was put in touch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Brokered {
    /// By their involvement.
    #[schema(value_type = uuid::Uuid)]
    with: InvolvementId,
    /// What came of it.
    #[schema(value_type = String)]
    outcome: Text,
}

/// Put on record that the two were put in touch.
#[utoipa::path(tag = "looking", request_body = Brokered, responses((status = 200, body = Receipt)))]
#[post("/children/{child}/brokerings/{brokering}/contact")]
async fn broker_contact(
    directory: Data<Directory>,
    handle: Handles<ChildRef, BrokeringId>,
    request: Request<Person, Brokered>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = broker::BrokerContact {
        at: context.at,
        brokering: handle.1,
        with: body.with,
        outcome: body.outcome.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, _, policy, caller| {
                let events = broker::decide(access, record, policy, caller, &command)?;
                Ok(events.into_iter().map(Event::from).collect())
            })
            .await
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why somebody is not put in touch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BrokeringDeclined {
    /// Why. For the trail; whoever asked is not told.
    #[schema(value_type = String)]
    reason: Text,
}

/// Decline to put them in touch.
#[utoipa::path(tag = "looking", request_body = BrokeringDeclined,
    responses((status = 200, body = Receipt)))]
#[post("/children/{child}/brokerings/{brokering}/decline")]
async fn decline_brokering(
    directory: Data<Directory>,
    handle: Handles<ChildRef, BrokeringId>,
    request: Request<Person, BrokeringDeclined>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = decline::DeclineBrokering {
        at: context.at,
        brokering: handle.1,
        reason: body.reason.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            deciding(view, handle.0, |access, record, _, policy, caller| {
                let events = decline::decide(access, record, policy, caller, &command)?;
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
        .service(request_contact)
        .service(view_to_broker)
        .service(broker_contact)
        .service(decline_brokering);
}
