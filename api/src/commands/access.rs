//! Looking: a POST that returns what was disclosed, after what records it is durable.

mod opening;
mod overriding;
mod refused;
mod released;
mod search;

use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, note_waiting};

pub(crate) use refused::{recordable, refusal};
pub(crate) use search::{by_method, decided as search};

/// Adds every look.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    opening::configure(service);
    overriding::configure(service);
    search::configure(service);
}
