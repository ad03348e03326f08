//! Whether the service lives, and whether it can do its work.

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    directory::Directory,
    problem::{Problem, kind},
    read_models::Condition,
};

/// The state of the service.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `"live"` or `"ready"`.
    status: &'static str,
    /// How many events the log holds, where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<u64>,
    /// How the read models are, where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_models: Option<Condition>,
    /// How many of them the current checkpoint covers, where the log is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<u64>,
}

/// Say that the process runs.
#[utoipa::path(tag = "about the service", security(()), responses((status = 200, body = Health)))]
#[get("/health/live")]
async fn live() -> HttpResponse {
    let live = Health { status: "live", events: None, read_models: None, published: None };
    HttpResponse::Ok().json(live)
}

/// Say whether the log can be read and written, how the read models are, and how much is published. That
/// something could not be recorded counts for half a minute, or until something is: 503. Read models that
/// are being built, or cannot be reached, pass by themselves; that following the log has stopped does not:
/// 503. Nor does a log that contradicts what was signed: 503, with a `finding` that names the position.
#[utoipa::path(tag = "about the service", security(()), responses((status = 200, body = Health)))]
#[get("/health/ready")]
async fn ready(directory: Data<Directory>) -> Result<HttpResponse, Problem> {
    let events = directory.ready().await?;
    let condition = directory.read_models().condition(directory.clock().now()).await;
    if condition.stopped() {
        return Err(Problem::new(&kind::READ_MODELS_STOPPED).with("read_models", condition));
    }
    let checkpoint = directory.published().and_then(|published| published.checkpoint());
    let published = checkpoint.map(|signed| signed.checkpoint().size);
    let (events, read_models) = (Some(events), Some(condition));
    Ok(HttpResponse::Ok().json(Health { status: "ready", events, read_models, published }))
}

/// Adds the two answers.
pub(crate) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(live).service(ready);
}
