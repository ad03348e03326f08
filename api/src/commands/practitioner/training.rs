//! Training: attended, completed, tested; the papers provided and signed.

use std::collections::BTreeSet;

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    identity::PractitionerId,
    practitioner::{self, Topic, record_test::Outcome},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, standing};
use crate::{
    caller::Person,
    directory::Directory,
    openapi::vocabulary,
    request::{Handle, Nothing, Request},
};

/// Training that was attended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrainingAttended {
    /// On which day
    on: NaiveDate,
    /// What was covered
    #[schema(value_type = Vec<vocabulary::Topic>)]
    topics: BTreeSet<Topic>,
}

/// Record that somebody attended training.
#[utoipa::path(tag = "users", request_body = TrainingAttended, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/training/attended")]
async fn record_training_attended(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, TrainingAttended>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::record_training_attended::RecordTrainingAttended {
        at: context.at,
        on: body.on,
        topics: body.topics,
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::record_training_attended::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Training that was successfully completed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrainingCompleted {
    /// On which day
    on: NaiveDate,
    /// What was completed
    #[schema(value_type = Vec<vocabulary::Topic>)]
    topics: BTreeSet<Topic>,
}

/// Record that somebody successfully completed training.
#[utoipa::path(tag = "users", request_body = TrainingCompleted, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/training/completed")]
async fn complete_training(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, TrainingCompleted>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::complete_training::CompleteTraining {
        at: context.at,
        on: body.on,
        topics: body.topics,
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::complete_training::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// How a test came out.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum GivenOutcome {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

impl From<GivenOutcome> for Outcome {
    fn from(given: GivenOutcome) -> Self {
        match given {
            GivenOutcome::Passed => Self::Passed,
            GivenOutcome::Failed => Self::Failed,
        }
    }
}

/// A test.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Test {
    /// On which day
    on: NaiveDate,
    /// How it came out
    outcome: GivenOutcome,
}

/// Record the test of a member of a management team or a trainer.
#[utoipa::path(tag = "users", request_body = Test, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/training/tests")]
async fn record_test(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Test>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::record_test::RecordTest {
        at: context.at,
        on: body.on,
        outcome: body.outcome.into(),
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::record_test::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Demand a written examination; of practitioners this is always refused (HL4246).
#[utoipa::path(tag = "users", responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/training/examinations")]
async fn demand_examination(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Nothing>,
) -> Answer {
    let Request { context, .. } = request;
    let command = practitioner::demand_examination::DemandExamination { at: context.at };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::demand_examination::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// The procedures that were provided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Procedures {
    /// On which day
    on: NaiveDate,
    /// Which edition
    edition: String,
}

/// Record that the security operating procedures were provided.
#[utoipa::path(tag = "users", request_body = Procedures, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/security-procedures")]
async fn provide_procedures(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Procedures>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::provide_procedures::ProvideProcedures {
        at: context.at,
        on: body.on,
        edition: body.edition,
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::provide_procedures::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// The agreement that was signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Agreement {
    /// On which day
    on: NaiveDate,
    /// Which edition
    edition: String,
}

/// Sign the end-user agreement.
#[utoipa::path(tag = "users", request_body = Agreement, responses((status = 200, body = Receipt)))]
#[post("/practitioners/{practitioner}/agreement")]
async fn sign_agreement(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    request: Request<Person, Agreement>,
) -> Answer {
    let Request { context, body, .. } = request;
    let command = practitioner::sign_agreement::SignAgreement {
        at: context.at,
        on: body.on,
        edition: body.edition,
    };
    let outcome = standing(&directory, &context, handle.0, |standing, policy, caller| {
        practitioner::sign_agreement::decide(standing, policy, caller, &command)
    })
    .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service
        .service(record_training_attended)
        .service(complete_training)
        .service(record_test)
        .service(demand_examination)
        .service(provide_procedures)
        .service(sign_agreement);
}
