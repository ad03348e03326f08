//! HL4249: in what circumstances is a child's record shielded?

use std::sync::Arc;

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    access::{Field, Fields, visible_under_a_shield},
    policy::Policy,
    shield::{Ground, Party},
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

/// HL4249: in what circumstances is a child's record shielded? The grounds, whose views must be taken
/// into account, who decides, what is hidden and what stays visible: from the function that every
/// screen is made with.
#[utoipa::path(tag = "the four answers", responses((status = 200, body = serde_json::Value)))]
#[get("/answers/HL4249")]
async fn circumstances_of_shielding(
    directory: Data<Directory>,
    _who: Asking<Person>,
    asked: Moment,
) -> Result<HttpResponse, Problem> {
    let spoken = moment(&directory, asked).await?;
    let policy: Arc<Policy> = directory.as_of(Stream::Policy, spoken.as_of.0).await?;
    let (version, values) = policy.on(spoken.time().date_naive());
    let visible = visible_under_a_shield(false);
    let hidden: Fields = Field::ALL.into_iter().filter(|field| !visible.contains(*field)).collect();
    answer(
        &spoken,
        json!({
            "question": "HL4249",
            "rule_ids": ["S1", "S2", "S4", "A1"],
            "policy": version,
            "answer": {
                "decided_by": "the authority that is responsible for the record, case by case",
                "based_on": "the level of threat posed, with the threat rationale in words",
                "grounds": [
                    ground(Ground::ChildAtRisk, "place a child at increased risk of significant harm"),
                    ground(Ground::PlacementAtRisk, "put a child's placement at risk (in the case of adoption)"),
                    ground(Ground::AdultAtRisk, "place an adult at increased risk of significant harm"),
                    ground(Ground::SeriousCrime, "prejudice the prevention or detection of a serious crime"),
                ],
                "other_ground": "with its explanation; adoption alone is refused",
                "views_taken_into_account": Party::ALL,
                "hidden": hidden,
                "visible": visible,
                "visible_where_a_placement_is_at_risk": visible_under_a_shield(true),
                "reviewed_every_months": values.shield_review_months,
                "provisional_shield_decided_within_days": values.provisional_decision_days,
            },
        }),
    )
}

fn ground(code: Ground, likely_to: &str) -> Value {
    json!({"code": code, "not_shielding_is_likely_to": likely_to})
}

/// Adds the answer.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(circumstances_of_shielding);
}
