//! Opening a record, and leaving it.

use actix_web::{post, web::Data};
use domain::{
    access::{self, Access},
    child::Child,
    identity::{ChildRef, OpeningId},
    shield::Shield,
    stream::Stream,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, recordable, refusal, released};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Because, Handle, Handles, Request},
};

/// Open a record. The answer is exactly the screen that was recorded as shown.
#[utoipa::path(tag = "looking", request_body = Because,
    responses((status = 201, body = vocabulary::Screen)))]
#[post("/children/{child}/openings")]
async fn open_record(
    directory: Data<Directory>,
    handle: Handle<ChildRef>,
    request: Request<Person, Because>,
) -> Answer {
    let Request { context, body, .. } = request;
    let child = handle.0;
    let command = access::open_record::OpenRecord {
        at: context.at,
        opening: OpeningId::new(context.choose("opening")),
        purpose: body.reason.into(),
    };
    let outcome = directory
        .handle(&context, Stream::Access(child), async |view| {
            let record = view.fold::<Child>(Stream::Child(child)).await?;
            let shield = view.fold::<Shield>(Stream::Shield(child)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let caller = asker.caller();
            recordable(access::open_record::decide(&record, &shield, &policy, &caller, &command))
        })
        .await?;
    refusal(&outcome.recorded)?;
    released::screen(&directory, &outcome, child).await
}

/// Leave a record. An override that was begun from this opening ends.
#[utoipa::path(tag = "looking", responses((status = 200, body = Receipt)))]
#[post("/children/{child}/openings/{opening}/close")]
async fn close_record(
    directory: Data<Directory>,
    handle: Handles<ChildRef, OpeningId>,
    request: Request<Person>,
) -> Answer {
    let context = request.context;
    let command = access::close_record::CloseRecord { at: context.at, opening: handle.1 };
    let outcome = directory
        .handle(&context, Stream::Access(handle.0), async |view| {
            let access = view.fold::<Access>(Stream::Access(handle.0)).await?;
            let (_, asker) = (view.policy().await?, view.asker().await?);
            let events = access::close_record::decide(&access, &asker.caller(), &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(open_record).service(close_record);
}
