//! JSON lines on standard error: routes, codes, handles and times; never a name, a reason, a body.

use std::time::Instant;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use tracing_subscriber::EnvFilter;

/// Starts logging from a level on. `CONTACTPOINT_LOG` sets another; a second start changes nothing.
pub(crate) fn to_standard_error(level: &str) {
    let filter =
        EnvFilter::try_from_env("CONTACTPOINT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // Fails only if somebody, a test perhaps, logs already; then they go on.
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .ok();
}

/// One line a request. The route as it is written in the description stands for the address, so that
/// whatever a client put into an address does not end up in the log.
pub(crate) async fn request_line(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let response = next.call(request).await?;
    let route = response.request().match_pattern();
    tracing::info!(
        http.method = %method,
        http.route = route.as_deref().unwrap_or("(none)"),
        http.status = response.status().as_u16(),
        duration_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        "Answered a request"
    );
    Ok(response)
}
