//! Whether the service lives, and whether it can do its work.

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{directory::Directory, problem::Problem};

/// The state of the service.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `"live"` or `"ready"`.
    status: &'static str,
    /// How many events the log holds, where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<u64>,
}

/// Say that the process runs.
#[utoipa::path(tag = "about the service", security(()), responses((status = 200, body = Health)))]
#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "live", events: None })
}

/// Say whether the log can be read and written.
#[utoipa::path(tag = "about the service", security(()), responses((status = 200, body = Health)))]
#[get("/health/ready")]
async fn ready(directory: Data<Directory>) -> Result<HttpResponse, Problem> {
    let events = directory.ready().await?;
    Ok(HttpResponse::Ok().json(Health { status: "ready", events: Some(events) }))
}

/// Adds the two answers.
pub(crate) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(live).service(ready);
}
