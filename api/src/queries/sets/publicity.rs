//! How the public was informed: each activity, by whom, and what nobody collected.

use actix_web::{HttpResponse, get, web::Data};
use domain::organisation::{
    Channel,
    publicity::{Figure, Mailing},
};
use projections::read_models::{
    Organisations,
    organisations::{Bodies, bodies},
};
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Placed, cut},
    particulars::Particulars,
    speaking::speak,
};
use crate::{caller::Person, directory::Directory, problem::Problem, request::Asking};

const COLUMNS: &[&str] = &[
    "organisation",
    "activity",
    "channel",
    "from",
    "to",
    "quantity",
    "cost_pence",
    "layer",
    "occasion",
];
const FACETS: &[&str] = &["organisation", "channel"];

/// Every activity to inform the public, with its figures where somebody collected them, and whether the
/// direct mailing is nationwide (rules P2, P3); the notices of schools among them (rule P4). Handles and codes; the areas in words stand in the log.
#[utoipa::path(tag = "sets", responses((status = 200, body = serde_json::Value)))]
#[get("/public-information")]
async fn public_information(
    directory: Data<Directory>,
    who: Asking<Person>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    list(directory, who, how).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    _who: Asking<Person>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    let filter = json!({});
    let turn = how.turn(&directory, &filter)?;
    let reader = directory.read_models().reader::<Organisations>();
    let speaking = speak(&directory, &reader, &turn, (directory.clock().now(), None)).await?;
    let bodies = bodies(&reader, speaking.known_by).await.map_err(failure::asking)?.value;
    let mut rows = Vec::new();
    for (organisation, state) in bodies.states() {
        for (notice, it) in state.notices() {
            let row = json!({
                "organisation": organisation,
                "activity": notice,
                "channel": "fair-processing-notice",
                "from": it.on,
                "to": it.on,
                "quantity": it.quantity,
                "cost_pence": null,
                "layer": it.layer,
                "occasion": it.occasion,
            });
            rows.push(Placed { key: format!("{organisation}/{}/{notice}", it.on), row });
        }
        for (activity, it) in state.activities() {
            let row = json!({
                "organisation": organisation,
                "activity": activity,
                "channel": it.channel,
                "from": it.from,
                "to": it.to,
                "quantity": it.quantity,
                "cost_pence": it.cost_pence,
                "layer": null,
                "occasion": null,
            });
            rows.push(Placed { key: format!("{organisation}/{}/{activity}", it.from), row });
        }
    }
    let page = cut(rows, &turn.wanted);
    let summary = Some(summary(&bodies));
    let (how, columns, facets, searched) = (&how, COLUMNS, FACETS, Searched::default());
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary }
        .answer(&directory))
}

fn summary(bodies: &Bodies) -> Value {
    let reach = bodies.reach(Channel::DirectMailing);
    let nationwide = match bodies.mailing() {
        Mailing::NoneRecorded => "none-recorded",
        Mailing::InSomeAreas { .. } => "in-some-areas",
        Mailing::Nationwide { .. } => "nationwide",
    };
    json!({
        "direct_mailing": {
            "nationwide": nationwide,
            "households": said(&reach.quantity),
            "cost_pence": said(&reach.cost_pence),
        },
        "fair_processing_notices": said(&bodies.notices()),
    })
}

/// Not collected is not nought.
fn said(figure: &Figure) -> Value {
    match figure {
        Figure::NotCollected { activities_without } => {
            json!({"state": "not-collected", "activities_without_figure": activities_without})
        }
        Figure::Collected { sum, by: _, activities_without } => {
            json!({"state": "collected", "sum": sum, "activities_without_figure": activities_without})
        }
    }
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(public_information);
}
