//! Fair-processing notices of the schools of an authority's area.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    identity::{OrganisationId, PublicityId},
    organisation::{
        NoticeLayer, NoticeOccasion,
        record_fair_processing_notice::{RecordFairProcessingNotice, decide},
    },
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, organisation_state};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Request},
};

/// A notice that a school issued.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FairProcessingNotice {
    /// The school, by its public name; never a pupil
    school: String,
    /// Which layer
    #[schema(value_type = vocabulary::NoticeLayer)]
    layer: NoticeLayer,
    /// On which occasion
    #[schema(value_type = vocabulary::NoticeOccasion)]
    occasion: NoticeOccasion,
    /// On which day it was issued
    on: NaiveDate,
    /// How many were issued; absent if nobody collected it
    quantity: Option<u64>,
}

/// Record that a school issued its fair-processing notice.
#[utoipa::path(tag = "organisations", request_body = FairProcessingNotice, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/fair-processing-notices")]
async fn record_fair_processing_notice(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, FairProcessingNotice>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = RecordFairProcessingNotice {
        at: context.at,
        school: body.school,
        layer: body.layer,
        occasion: body.occasion,
        on: body.on,
        quantity: body.quantity,
        notice: PublicityId::new(context.choose("notice")),
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds the command.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(record_fair_processing_notice);
}
