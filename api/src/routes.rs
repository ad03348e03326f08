//! Every route, by subject.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{commands, health, problem, queries, tlog};

/// Adds every described route. An address is compared with one after the other, about a microsecond each and twice,
/// so those come first that are asked for most: looks, then questions.
pub fn configure(service: &mut ServiceConfig<'_>) {
    health::configure(service); // without a name in it, which is compared in no time
    commands::looks(service);
    queries::configure(service);
    commands::configure(service);
    problem::configure(service);
    tlog::configure(service);
}
