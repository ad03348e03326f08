//! What an operator's checks ask over HTTP.

use std::{
    sync::atomic::Ordering,
    time::{SystemTime, UNIX_EPOCH},
};

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
        .route("/gossip", get(gossip))
        .route("/info/options", get(options))
        .route("/auto-scavenge/status", get(auto_scavenge))
        .route("/admin/scavenge/current", get(scavenge))
        .with_state(requests);
    router.merge(admin)
}

async fn gossip(State(requests): State<Requests>) -> Response {
    let leader = requests.shared.leader.load(Ordering::Relaxed);
    let nodes = requests.shared.nodes().clone();
    let members: Vec<_> = nodes
        .iter()
        .enumerate()
        .map(|(index, (address, alive))| {
            json!({
                "state": if index == leader { "Leader" } else { "Follower" },
                "isAlive": alive,
                "httpEndPointIp": address.ip().to_string(),
                "httpEndPointPort": address.port(),
            })
        })
        .collect();
    Json(json!({"members": members})).into_response()
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
    dated(Json(flags).into_response(), options.clock_ahead_seconds)
}

/// The answer with the time of the server's own clock.
fn dated(mut answer: Response, ahead: i64) -> Response {
    if ahead != 0 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or_default() + ahead;
        let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        if let Ok(date) = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string().parse() {
            answer.headers_mut().insert("date", date);
        }
    }
    answer
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
