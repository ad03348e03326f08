//! Organisations: registered, accredited, enabled, shielded, informing the public.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    identity::{OrganisationId, PublicityId},
    organisation::{self, Capability, Channel, Organisation, OrganisationKind},
    reason::Text,
    stream::Stream,
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

/// A body that is to take part.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Registration {
    /// What kind of body
    #[schema(value_type = vocabulary::OrganisationKind)]
    kind: OrganisationKind,
    /// Its public name
    name: String,
}

/// Make an organisation known.
#[utoipa::path(tag = "organisations", request_body = Registration, responses((status = 201, body = Receipt)))]
#[post("/organisations")]
async fn register(directory: Data<Directory>, request: Request<Person, Registration>) -> Answer {
    let Request { context, body, .. } = request;
    let organisation = match body.kind {
        OrganisationKind::Department => OrganisationId::DEPARTMENT,
        OrganisationKind::LocalAuthority
        | OrganisationKind::NationalPartner
        | OrganisationKind::Other => OrganisationId::new(context.choose("organisation")),
    };
    let command = organisation::register::Register {
        at: context.at,
        organisation,
        kind: body.kind,
        name: body.name,
    };
    let outcome =
        organisation_state(&directory, &context, organisation, |state, policy, caller| {
            organisation::register::decide(state, policy, caller, &command)
        })
        .await?;
    Ok(Receipt::created(&outcome, organisation.uuid()))
}

/// What was seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accreditation {
    /// Proof of suitable disciplinary procedures was seen
    disciplinary_procedures_seen: bool,
}

/// Accredit an organisation.
#[utoipa::path(tag = "organisations", request_body = Accreditation, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/accreditations")]
async fn accredit(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, Accreditation>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::accredit::Accredit {
        at: context.at,
        disciplinary_procedures_seen: body.disciplinary_procedures_seen,
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        organisation::accredit::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why an accreditation is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccreditationWithdrawal {
    /// From which day
    on: NaiveDate,
    /// Why
    #[schema(value_type = String)]
    reason: Text,
}

/// Withdraw an accreditation, and with it the access of everybody there.
#[utoipa::path(tag = "organisations", request_body = AccreditationWithdrawal, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/accreditations/withdraw")]
async fn withdraw_accreditation(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, AccreditationWithdrawal>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::withdraw_accreditation::WithdrawAccreditation {
        at: context.at,
        on: body.on,
        reason: body.reason.into(),
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        organisation::withdraw_accreditation::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A part of the system.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CapabilityToEnable {
    /// Which part
    #[schema(value_type = vocabulary::Capability)]
    capability: Capability,
}

/// Enable a part of the system for an organisation.
#[utoipa::path(tag = "organisations", request_body = CapabilityToEnable, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/capabilities")]
async fn enable_capability(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, CapabilityToEnable>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::enable_capability::EnableCapability {
        at: context.at,
        capability: body.capability,
    };
    let outcome = directory
        .handle(&context, Stream::Organisation(handle.0), async |view| {
            let organisation = view.fold::<Organisation>(Stream::Organisation(handle.0)).await?;
            let mut all = Vec::new();
            for id in directory.organisations().await? {
                all.push(view.fold::<Organisation>(Stream::Organisation(id)).await?);
            }
            let authorities: Vec<&Organisation> = all
                .iter()
                .map(AsRef::as_ref)
                .filter(|one| {
                    one.registration().is_some_and(|it| it.kind == OrganisationKind::LocalAuthority)
                })
                .collect();
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let (policy, caller) = (&policy, &asker.caller());
            let events = organisation::enable_capability::decide(
                &organisation,
                &authorities,
                policy,
                caller,
                &command,
            )?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// How far the shielding has come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShieldingProgress {
    /// Requests looked at
    considered: u32,
    /// Requests still waiting
    waiting: u32,
}

/// Report how far the shielding before first use has come.
#[utoipa::path(tag = "organisations", request_body = ShieldingProgress, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/shielding-phase/progress")]
async fn report_shielding_progress(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, ShieldingProgress>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::report_shielding_progress::ReportShieldingProgress {
        at: context.at,
        considered: body.considered,
        waiting: body.waiting,
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        organisation::report_shielding_progress::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// When it was completed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShieldingSignOff {
    /// On which day
    on: NaiveDate,
}

/// Sign off the shielding before first use.
#[utoipa::path(tag = "organisations", request_body = ShieldingSignOff, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/shielding-phase/complete")]
async fn complete_shielding_phase(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, ShieldingSignOff>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::complete_shielding_phase::CompleteShieldingPhase {
        at: context.at,
        on: body.on,
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        organisation::complete_shielding_phase::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// What was done to inform the public.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicInformation {
    /// By what means
    #[schema(value_type = vocabulary::Channel)]
    channel: Channel,
    /// The area reached; a place, never a person
    area: String,
    /// From which day
    from: NaiveDate,
    /// To which day, if it has ended
    to: Option<NaiveDate>,
    /// Households or copies reached; absent if nobody collected it
    quantity: Option<u64>,
    /// Cost in pence; absent if nobody collected it
    cost_pence: Option<u64>,
}

/// Record an activity that informed the public.
#[utoipa::path(tag = "organisations", request_body = PublicInformation, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/public-information")]
async fn record_public_information(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, PublicInformation>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::record_public_information::RecordPublicInformation {
        at: context.at,
        channel: body.channel,
        area: body.area,
        from: body.from,
        to: body.to,
        quantity: body.quantity,
        cost_pence: body.cost_pence,
        activity: PublicityId::new(context.choose("activity")),
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        organisation::record_public_information::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(register)
        .service(accredit)
        .service(withdraw_accreditation)
        .service(enable_capability)
        .service(report_shielding_progress)
        .service(complete_shielding_phase)
        .service(record_public_information);
}
