//! HL4246: is there a written examination, and what must somebody do to become an authorised user?

use std::sync::Arc;

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    organisation::Organisation,
    policy::Policy,
    practitioner::{AccountRole, Condition, Practitioner, Standing, assess},
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

/// HL4246: what must somebody do to become an authorised user, and is there a written examination?
/// Computed from the policy in force: the conditions that would be judged for each kind of account.
#[utoipa::path(tag = "the four answers", responses((status = 200, body = serde_json::Value)))]
#[get("/answers/HL4246")]
async fn authorised_users(
    directory: Data<Directory>,
    _who: Asking<Person>,
    asked: Moment,
) -> Result<HttpResponse, Problem> {
    let spoken = moment(&directory, asked).await?;
    let policy: Arc<Policy> = directory.as_of(Stream::Policy, spoken.as_of.0).await?;
    let (version, values) = policy.on(spoken.time().date_naive());
    // Whoever has done nothing yet is judged on everything that will be asked of them.
    let judge = |role| {
        let (nobody, nowhere) = (Practitioner::default(), Organisation::default());
        assess(&nobody, &nowhere, &policy, role, None, spoken.time())
    };
    let roles = [AccountRole::Practitioner, AccountRole::ManagementTeam, AccountRole::Trainer];
    let kinds: Vec<Value> = roles.map(|role| kind_of_account(role, &judge(role))).into();
    answer(
        &spoken,
        json!({
            "question": "HL4246",
            "rule_ids": ["U1", "U8"],
            "policy": version,
            "answer": {
                "kinds_of_account": kinds,
                "crb_check_renewed_every_months": values.crb_valid_months,
                "mandatory_topics": values.mandatory_topics,
                "isa_monitoring_in_force_from":
                    values.isa_in_force_from.map_or(json!("not introduced"), |day| json!(day)),
            },
        }),
    )
}

fn kind_of_account(role: AccountRole, standing: &Standing) -> Value {
    json!({
        "role": role,
        "conditions": standing.judged,
        "tested": standing.judged.contains(&Condition::TestPassed),
    })
}

/// Adds the answer.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(authorised_users);
}
