//! The values that the rules need.

use std::collections::BTreeMap;

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use domain::{
    policy::{Source, Values, adopt},
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt};
use crate::{caller::Official, directory::Directory, openapi::vocabulary, request::Request};

/// A set of policy values, complete and sourced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PolicyValues {
    /// The first day on which it holds.
    effective_from: NaiveDate,
    /// The values, all of them.
    #[schema(value_type = vocabulary::Values)]
    values: Values,
    /// The source of each value, by field name.
    #[schema(value_type = BTreeMap<String, vocabulary::Source>)]
    sources: BTreeMap<String, Source>,
}

/// Adopt a set of policy values.
#[utoipa::path(tag = "policy", request_body = PolicyValues, responses((status = 200, body = Receipt)))]
#[post("/policy/versions")]
async fn adopt_policy(
    directory: Data<Directory>,
    request: Request<Official, PolicyValues>,
) -> Answer {
    let Request { context, body, .. } = request;
    let PolicyValues { effective_from, values, sources } = body;
    let command = adopt::Adopt { at: context.at, effective_from, values, sources };
    let outcome = directory
        .handle(&context, Stream::Policy, async |view| {
            let policy = view.policy().await?;
            let asker = view.asker().await?;
            let events = adopt::decide(&policy, &asker.caller(), &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Receipt::answer(&outcome))
}

/// Adds the command.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(adopt_policy);
}
