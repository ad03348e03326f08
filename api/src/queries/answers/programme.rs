//! HL4245: when is the first phase of the training of management teams expected to be completed?

use std::{collections::BTreeSet, sync::Arc};

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    identity::OrganisationId,
    organisation::{
        Organisation, Phase,
        programme::{PhaseAnswer, when_is_phase_expected_to_complete},
    },
    stream::Stream,
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{answer, moment};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Asking, Moment, Parameters},
};

/// Which phase is meant, and when.
#[derive(Deserialize, IntoParams)]
struct WhichPhase {
    /// The phase; the first if none is given.
    #[serde(default = "first")]
    phase: u32,
}

const fn first() -> u32 {
    1
}

/// HL4245: when is the first phase of the training of management teams expected to be completed?
/// Answered *not yet complete*, *completed on …*, with the date stated for it or that none was.
#[utoipa::path(tag = "the four answers", params(WhichPhase), responses((status = 200, body = serde_json::Value)))]
#[get("/answers/HL4245")]
async fn training_programme(
    directory: Data<Directory>,
    _who: Asking<Person>,
    which: Parameters<WhichPhase>,
    asked: Moment,
) -> Result<HttpResponse, Problem> {
    let spoken = moment(&directory, asked).await?;
    let department: Arc<Organisation> =
        directory.as_of(Stream::Organisation(OrganisationId::DEPARTMENT), spoken.as_of.0).await?;
    let phase = Phase(which.0.phase);
    let teams = department.phases().get(&phase).map(|phase| phase.teams.clone());
    let mut states: Vec<(OrganisationId, Arc<Organisation>)> = Vec::new();
    for team in teams.unwrap_or_default() {
        states.push((team, directory.as_of(Stream::Organisation(team), spoken.as_of.0).await?));
    }
    let states: Vec<(OrganisationId, &Organisation)> =
        states.iter().map(|(id, state)| (*id, state.as_ref())).collect();
    let found = when_is_phase_expected_to_complete(phase, &department, &states);
    answer(
        &spoken,
        json!({"question": "HL4245", "rule_ids": ["T6"], "phase": phase, "answer": said(&found)}),
    )
}

fn said(found: &PhaseAnswer) -> Value {
    let count = |teams: &BTreeSet<OrganisationId>| teams.len();
    match found {
        PhaseAnswer::NotAnnounced => json!({"state": "not-announced"}),
        PhaseAnswer::CompletedOn(day) => json!({"state": "completed", "completed_on": day}),
        PhaseAnswer::NotYetComplete { completed, pending, failed, not_enrolled, expected } => {
            json!({
                "state": "not-yet-complete",
                "expected_completion": expected.map_or(json!("no date stated"), |day| json!(day)),
                "teams": {
                    "completed": completed,
                    "in_training": pending,
                    "failed": failed,
                    "not_enrolled": not_enrolled,
                },
                "of": count(completed)
                    .saturating_add(count(pending))
                    .saturating_add(count(failed))
                    .saturating_add(count(not_enrolled)),
            })
        }
    }
}

/// Adds the answer.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(training_programme);
}
