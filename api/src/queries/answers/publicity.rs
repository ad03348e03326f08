//! HL4248: how many households receive the direct mailing, is it nationwide, and what does it cost?

use std::sync::Arc;

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    identity::OrganisationId,
    organisation::{
        Channel, Organisation,
        publicity::{
            Figure, Mailing, how_many_at_what_cost, how_many_notices, is_direct_mailing_nationwide,
        },
    },
    stream::Stream,
};
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{answer, moment};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Asking, Moment},
};

/// HL4248: how many households receive the direct mailing, is it nationwide, and at what cost?
/// Answered *not collected*, never nought, unless somebody recorded a figure; then whose it is. Beside
/// it, how many fair-processing notices schools issued.
#[utoipa::path(tag = "the four answers", responses((status = 200, body = serde_json::Value)))]
#[get("/answers/HL4248")]
async fn direct_mailing(
    directory: Data<Directory>,
    _who: Asking<Person>,
    asked: Moment,
) -> Result<HttpResponse, Problem> {
    let spoken = moment(&directory, asked).await?;
    let mut states: Vec<(OrganisationId, Arc<Organisation>)> = Vec::new();
    for id in directory.organisations().await? {
        states.push((id, directory.as_of(Stream::Organisation(id), spoken.as_of.0).await?));
    }
    let states: Vec<(OrganisationId, &Organisation)> = states
        .iter()
        .filter(|(_, state)| state.registration().is_some())
        .map(|(id, state)| (*id, state.as_ref()))
        .collect();
    let reach = how_many_at_what_cost(Channel::DirectMailing, &states);
    let nationwide = match is_direct_mailing_nationwide(&states) {
        Mailing::NoneRecorded => json!({"state": "none-recorded"}),
        Mailing::InSomeAreas { by, not_by } => {
            json!({"state": "in-some-areas", "by": by, "not_by": not_by})
        }
        Mailing::Nationwide { by } => json!({"state": "nationwide", "by": by}),
    };
    answer(
        &spoken,
        json!({
            "question": "HL4248",
            "rule_ids": ["P2", "P3", "P4"],
            "answer": {
                "households": said(&reach.quantity),
                "cost_pence": said(&reach.cost_pence),
                "nationwide": nationwide,
                "fair_processing_notices": said(&how_many_notices(&states)),
            },
        }),
    )
}

fn said(figure: &Figure) -> Value {
    match figure {
        Figure::NotCollected { activities_without } => json!({
            "state": "not-collected",
            "activities_without_figure": activities_without,
        }),
        Figure::Collected { sum, by, activities_without } => json!({
            "state": "collected",
            "sum": sum,
            "by": by,
            "activities_without_figure": activities_without,
        }),
    }
}

/// Adds the answer.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(direct_mailing);
}
