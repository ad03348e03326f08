//! What an operator's checks ask over HTTP.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use crate::requests::Requests;

pub(crate) fn routes(router: Router, requests: Requests) -> Router {
    let admin = Router::new()
        .route("/info/options", get(options))
        .route("/auto-scavenge/status", get(auto_scavenge))
        .route("/admin/scavenge/current", get(scavenge))
        .with_state(requests);
    router.merge(admin)
}

/// A refusal, unless an operator asks.
fn refused(requests: &Requests, headers: &HeaderMap) -> Option<Response> {
    let header = headers.get("authorization").and_then(|header| header.to_str().ok());
    let operator = requests.shared.access().is_operator(header);
    (!operator).then(|| StatusCode::UNAUTHORIZED.into_response())
}

async fn options(State(requests): State<Requests>, headers: HeaderMap) -> Response {
    if let Some(refused) = refused(&requests, &headers) {
        return refused;
    }
    let options = requests.shared.options();
    let flags: Vec<_> = options
        .flags
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value, "group": "", "description": ""}))
        .collect();
    Json(flags).into_response()
}

async fn auto_scavenge(State(requests): State<Requests>, headers: HeaderMap) -> Response {
    if let Some(refused) = refused(&requests, &headers) {
        return refused;
    }
    let state = if requests.shared.options().auto_scavenge { "Waiting" } else { "NotConfigured" };
    Json(json!({"state": state, "schedule": null})).into_response()
}

async fn scavenge(State(requests): State<Requests>, headers: HeaderMap) -> Response {
    if let Some(refused) = refused(&requests, &headers) {
        return refused;
    }
    let running = requests.shared.options().scavenging;
    let id = running.then_some("c6f1b9c4-2ab8-4d3a-9be2-3a8f5a6a7f10");
    Json(json!({"scavengeId": id})).into_response()
}
