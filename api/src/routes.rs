//! Every route, by subject.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{commands, health, problem, queries, tlog};

/// Adds every described route.
pub fn configure(service: &mut ServiceConfig<'_>) {
    health::configure(service);
    problem::configure(service);
    commands::configure(service);
    queries::configure(service);
    tlog::configure(service);
}
