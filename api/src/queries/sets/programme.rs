//! The training programme of the management teams: each team of a phase, and when the phase is completed.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    identity::OrganisationId,
    organisation::{Organisation, Phase, TeamTraining, programme::PhaseAnswer},
};
use projections::read_models::{Organisations, organisations::bodies};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Placed, cut},
    particulars::Particulars,
    speaking::speak,
};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Asking, Parameters},
};

const COLUMNS: &[&str] = &["team", "state", "cohort", "on"];
const FACETS: &[&str] = &["state", "cohort"];

/// Which phase is meant.
#[derive(Deserialize, IntoParams)]
pub(super) struct WhichPhase {
    /// The phase; the first if none is given.
    #[serde(default = "first")]
    phase: u32,
}

const fn first() -> u32 {
    1
}

/// The teams of a phase of the training programme, how each stands, and when the phase was or is
/// expected to be completed (rule T6).
#[utoipa::path(tag = "sets", params(WhichPhase), responses((status = 200, body = serde_json::Value)))]
#[get("/training-programme")]
async fn programme_of_training(
    directory: Data<Directory>,
    who: Asking<Person>,
    which: Parameters<WhichPhase>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    list(directory, who, which, how).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    _who: Asking<Person>,
    which: Parameters<WhichPhase>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    let phase = Phase(which.0.phase);
    let filter = json!({"phase": phase});
    let turn = how.turn(&directory, &filter)?;
    let reader = directory.read_models().reader::<Organisations>();
    let speaking = speak(&directory, &reader, &turn, (directory.clock().now(), None)).await?;
    let bodies = bodies(&reader, speaking.known_by).await.map_err(failure::asking)?.value;
    let department = bodies.states().iter().find(|(id, _)| *id == OrganisationId::DEPARTMENT);
    let announced = department.and_then(|(_, state)| state.phases().get(&phase));
    let teams = announced.map(|phase| phase.teams.clone()).unwrap_or_default();
    let rows = bodies.states().iter().filter(|(id, _)| teams.contains(id));
    let rows = rows.map(|(id, state)| Placed { key: id.to_string(), row: row(*id, state, phase) });
    let page = cut(rows.collect(), &turn.wanted);
    let summary = Some(said(&bodies.phase(phase)));
    let (how, columns, facets, searched) = (&how, COLUMNS, FACETS, Searched::default());
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary }
        .answer(&directory))
}

fn row(team: OrganisationId, state: &Organisation, phase: Phase) -> Value {
    match state.training(phase) {
        None => json!({"team": team, "state": "not-enrolled", "cohort": null, "on": null}),
        Some(TeamTraining::Enrolled { cohort }) => {
            json!({"team": team, "state": "in-training", "cohort": cohort, "on": null})
        }
        Some(TeamTraining::Completed { on, members: _ }) => {
            json!({"team": team, "state": "completed", "cohort": null, "on": on})
        }
        Some(TeamTraining::Failed { on }) => {
            json!({"team": team, "state": "failed", "cohort": null, "on": on})
        }
    }
}

fn said(found: &PhaseAnswer) -> Value {
    match found {
        PhaseAnswer::NotAnnounced => json!({"state": "not-announced"}),
        PhaseAnswer::CompletedOn(day) => json!({"state": "completed", "completed_on": day}),
        PhaseAnswer::NotYetComplete { completed, pending, failed, not_enrolled, expected } => {
            json!({
                "state": "not-yet-complete",
                "expected_completion": expected.map_or(json!("no date stated"), |day| json!(day)),
                "completed": completed.len(),
                "in_training": pending.len(),
                "failed": failed.len(),
                "not_enrolled": not_enrolled.len(),
            })
        }
    }
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(programme_of_training);
}
