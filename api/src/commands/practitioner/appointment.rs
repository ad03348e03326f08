//! Appointments to an office of the department.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    identity::PractitionerId,
    practitioner::{self, Office},
    reason::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, standing};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Request},
};

/// An office of the department, and who is to hold it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Appointment {
    /// Which office
    #[schema(value_type = vocabulary::Office)]
    office: Office,
    /// Their name
    #[schema(value_type = String)]
    name: Text,
}

/// Appoint somebody to an office of the department.
#[utoipa::path(tag = "users", request_body = Appointment, responses((status = 201, body = Receipt)))]
#[post("/appointments")]
async fn appoint_to_department(
    directory: Data<Directory>,
    request: Request<Person, Appointment>,
) -> Answer {
    let Request { context, body, .. } = request;
    let practitioner = PractitionerId::new(context.choose("practitioner"));
    let command = practitioner::appoint_to_department::AppointToDepartment {
        at: context.at,
        practitioner,
        office: body.office,
        name: body.name.into(),
    };
    let outcome = standing(&directory, &context, practitioner, |standing, policy, caller| {
        practitioner::appoint_to_department::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::created(&outcome, practitioner.uuid()))
}

/// When an appointment ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfAppointment {
    /// The first day on which it no longer holds
    on: NaiveDate,
}

/// End an appointment to an office of the department.
#[utoipa::path(tag = "users", request_body = EndOfAppointment, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/appointment/end")]
async fn end_appointment(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, EndOfAppointment>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::end_appointment::EndAppointment { at: context.at, on: body.on };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::end_appointment::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(appoint_to_department).service(end_appointment);
}
