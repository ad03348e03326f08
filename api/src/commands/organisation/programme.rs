//! The training programme of the management teams (HL4245).

use std::collections::BTreeSet;

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    identity::{OrganisationId, PractitionerId},
    organisation::{self, Cohort, Organisation, Phase},
    practitioner::Practitioner,
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, organisation_state};
use crate::{
    caller::Person,
    directory::Directory,
    request::{Handle, Request},
};

/// A phase of the training programme.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrainingPhase {
    /// Its number, from 1
    #[schema(value_type = u32)]
    phase: Phase,
    /// The organisations whose teams belong to it
    #[schema(value_type = Vec<uuid::Uuid>)]
    teams: BTreeSet<OrganisationId>,
    /// When it is expected to end, if anybody has said so
    expected_completion: Option<NaiveDate>,
}

/// Announce a phase of the training of management teams.
#[utoipa::path(tag = "training programme", request_body = TrainingPhase, responses((status = 200, body = Receipt)))]
#[post("/training-programme/phases")]
async fn announce_training_phase(
    directory: Data<Directory>,
    request: Request<Person, TrainingPhase>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::announce_training_phase::AnnounceTrainingPhase {
        at: context.at,
        phase: body.phase,
        teams: body.teams,
        expected_completion: body.expected_completion,
    };
    let outcome = organisation_state(
        &directory,
        &context,
        OrganisationId::DEPARTMENT,
        |standing, policy, caller| {
            organisation::announce_training_phase::decide(standing, policy, caller, &command)
        },
    )
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// The date now expected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhaseExpectation {
    /// Which phase
    #[schema(value_type = u32)]
    phase: Phase,
    /// The date now expected; absent to take it back
    expected_completion: Option<NaiveDate>,
}

/// State, change or take back the date on which a phase is expected to end.
#[utoipa::path(tag = "training programme", request_body = PhaseExpectation, responses((status = 200, body = Receipt)))]
#[post("/training-programme/expectations")]
async fn state_phase_expectation(
    directory: Data<Directory>,
    request: Request<Person, PhaseExpectation>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::state_phase_expectation::StatePhaseExpectation {
        at: context.at,
        phase: body.phase,
        expected_completion: body.expected_completion,
    };
    let outcome = organisation_state(
        &directory,
        &context,
        OrganisationId::DEPARTMENT,
        |standing, policy, caller| {
            organisation::state_phase_expectation::decide(standing, policy, caller, &command)
        },
    )
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// A place in the programme.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Enrolment {
    /// Which phase
    #[schema(value_type = u32)]
    phase: Phase,
    /// Which cohort
    #[schema(value_type = u32)]
    cohort: Cohort,
}

/// Enrol a management team in a cohort of a phase.
#[utoipa::path(tag = "training programme", request_body = Enrolment, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/team-training/enrolments")]
async fn enrol_team(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, Enrolment>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::enrol_team::EnrolTeam {
        at: context.at,
        phase: body.phase,
        cohort: body.cohort,
    };
    let outcome = directory
        .handle(&context, Stream::Organisation(handle.0), async |view| {
            let organisation = view.fold::<Organisation>(Stream::Organisation(handle.0)).await?;
            let department =
                view.fold::<Organisation>(Stream::Organisation(OrganisationId::DEPARTMENT)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let (policy, caller) = (&policy, &asker.caller());
            let events = organisation::enrol_team::decide(
                &organisation,
                &department,
                policy,
                caller,
                &command,
            )?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Who completed what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamCompletion {
    /// Which phase
    #[schema(value_type = u32)]
    phase: Phase,
    /// On which day
    on: NaiveDate,
    /// The members who were tested and passed
    #[schema(value_type = Vec<uuid::Uuid>)]
    members: BTreeSet<PractitionerId>,
}

/// Record that a team completed a phase.
#[utoipa::path(tag = "training programme", request_body = TeamCompletion, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/team-training/completions")]
async fn complete_team_training(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, TeamCompletion>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::complete_team_training::CompleteTeamTraining {
        at: context.at,
        phase: body.phase,
        on: body.on,
        members: body.members,
    };
    let outcome = directory
        .handle(&context, Stream::Organisation(handle.0), async |view| {
            let organisation = view.fold::<Organisation>(Stream::Organisation(handle.0)).await?;
            let mut standings = Vec::new();
            for member in &command.members {
                standings.push(view.fold::<Practitioner>(Stream::Practitioner(*member)).await?);
            }
            let standings: Vec<&Practitioner> = standings.iter().map(AsRef::as_ref).collect();
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let (policy, caller) = (&policy, &asker.caller());
            let events = organisation::complete_team_training::decide(
                &organisation,
                &standings,
                policy,
                caller,
                &command,
            )?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// What was not completed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamFailure {
    /// Which phase
    #[schema(value_type = u32)]
    phase: Phase,
    /// On which day
    on: NaiveDate,
}

/// Record that a team did not complete a phase.
#[utoipa::path(tag = "training programme", request_body = TeamFailure, responses((status = 200, body = Receipt)))]
#[post("/organisations/{organisation}/team-training/failures")]
async fn fail_team_training(
    directory: Data<Directory>,
    handle: Handle<OrganisationId>,
    request: Request<Person, TeamFailure>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = organisation::fail_team_training::FailTeamTraining {
        at: context.at,
        phase: body.phase,
        on: body.on,
    };
    let outcome = organisation_state(&directory, &context, handle.0, |standing, policy, caller| {
        organisation::fail_team_training::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(announce_training_phase)
        .service(state_phase_expectation)
        .service(enrol_team)
        .service(complete_team_training)
        .service(fail_team_training);
}
