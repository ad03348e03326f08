//! One file per question. Every answer says for which position it speaks.

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds every query.
pub(crate) fn configure(_service: &mut ServiceConfig<'_>) {}
