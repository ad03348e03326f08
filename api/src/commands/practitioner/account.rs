//! Accounts: nominated, authorised, suspended, reinstated, closed.

use actix_web::{post, web::Data};
use domain::{
    identity::{InvestigationId, OrganisationId, PractitionerId},
    investigation::Investigation,
    practitioner::{self, AccountRole, Practitioner, SuspensionCause},
    reason::Text,
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, employed, employer, of_organisation, standing};
use crate::{
    caller::Person,
    directory::{Directory, View},
    openapi::vocabulary,
    problem::Problem,
    request::{Handle, Nothing, Request},
};

/// Somebody who needs access for their work.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nomination {
    /// By which organisation
    #[schema(value_type = uuid::Uuid)]
    organisation: OrganisationId,
    /// For which kind of account
    #[schema(value_type = vocabulary::AccountRole)]
    role: AccountRole,
    /// Their name
    #[schema(value_type = String)]
    name: Text,
    /// Their surname
    #[schema(value_type = String)]
    surname: Text,
    /// Who is told when there is suspicion
    #[schema(value_type = uuid::Uuid)]
    manager: PractitionerId,
    /// Why they need access
    #[schema(value_type = String)]
    need: Text,
}

/// Nominate somebody for an account.
#[utoipa::path(tag = "users", request_body = Nomination, responses((status = 201, body = Receipt)))]
#[post("/practitioners")]
async fn nominate(directory: Data<Directory>, request: Request<Person, Nomination>) -> Answer {
    let Request { context, body, .. } = request;
    let practitioner = PractitionerId::new(context.choose("practitioner"));
    let command = practitioner::nominate::Nominate {
        at: context.at,
        practitioner,
        organisation: body.organisation,
        role: body.role,
        name: body.name.into(),
        surname: body.surname.into(),
        manager: body.manager,
        need: body.need.into(),
    };
    let outcome = of_organisation(
        &directory,
        &context,
        (practitioner, body.organisation),
        |standing, organisation, policy, caller| {
            practitioner::nominate::decide(standing, organisation, policy, caller, &command)
        },
    )
    .await?;
    Ok(Receipt::created(&outcome, practitioner.uuid()))
}

/// Authorise an account, if every condition holds.
#[utoipa::path(tag = "users", responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/account/authorise")]
async fn authorise_account(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Nothing>,
) -> Answer {
    let Request { context, .. } = request;
    let command = practitioner::authorise_account::AuthoriseAccount { at: context.at };
    let outcome =
        employed(&directory, &context, handle.0, |standing, organisation, policy, caller| {
            practitioner::authorise_account::decide(
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

/// Why an account is suspended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Suspension {
    /// Why
    #[schema(value_type = vocabulary::SuspensionCause)]
    cause: SuspensionCause,
    /// In words
    #[schema(value_type = String)]
    particulars: Text,
}

/// Suspend an account; on suspicion the manager is told and an investigation opens.
#[utoipa::path(tag = "users", request_body = Suspension, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/account/suspend")]
async fn suspend(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Suspension>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::suspend::Suspend {
        at: context.at,
        cause: body.cause,
        particulars: body.particulars.into(),
        investigation: InvestigationId::new(context.choose("investigation")),
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::suspend::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why an account is reinstated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reinstatement {
    /// Why
    #[schema(value_type = String)]
    reason: Text,
}

/// Reinstate a suspended account.
#[utoipa::path(tag = "users", request_body = Reinstatement, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/account/reinstate")]
async fn reinstate(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Reinstatement>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::reinstate::Reinstate { at: context.at, reason: body.reason.into() };
    let outcome = directory
        .handle(&context, Stream::Practitioner(handle.0), async |view| {
            let standing = view.fold::<Practitioner>(Stream::Practitioner(handle.0)).await?;
            let organisation = employer(view, &standing).await?;
            let inquiry = inquiry(view, &standing).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = practitioner::reinstate::decide(
                &standing,
                &organisation,
                inquiry,
                &policy,
                &asker.caller(),
                &command,
            )?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Why an account is closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Closure {
    /// Why
    #[schema(value_type = String)]
    reason: Text,
}

/// Close an account, for good.
#[utoipa::path(tag = "users", request_body = Closure, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/account/close")]
async fn close_account(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Closure>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command =
        practitioner::close_account::CloseAccount { at: context.at, reason: body.reason.into() };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::close_account::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// What the stream of the investigation says that a suspension waits for, if there is one.
async fn inquiry(
    view: &View,
    standing: &Practitioner,
) -> Result<Option<practitioner::reinstate::Inquiry>, Problem> {
    let waits_for = standing.account().suspension().and_then(|suspension| suspension.investigation);
    let Some(investigation) = waits_for else { return Ok(None) };
    let state = view.fold::<Investigation>(Stream::Investigation(investigation)).await?;
    Ok(Some(practitioner::reinstate::Inquiry { investigation, concluded: state.finding() }))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(nominate)
        .service(authorise_account)
        .service(suspend)
        .service(reinstate)
        .service(close_account);
}
