//! JSON lines on standard error: routes, codes, handles and times; never a name, a reason, a body.

mod lines;

use std::{fmt, time::Instant};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use tracing_subscriber::EnvFilter;

use self::lines::Lines;
pub(crate) use self::lines::Written;

/// Starts logging from a level on. `CONTACTPOINT_LOG` sets another; a second start changes nothing. What is logged has
/// been written when the answer goes.
pub(crate) fn to_standard_error(level: &str) -> Written {
    let filter =
        EnvFilter::try_from_env("CONTACTPOINT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // Fails only if somebody, a test perhaps, logs already; then they go on.
    let lines = Lines::to(std::io::stderr());
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(lines.clone())
        .try_init();
    if started.is_ok() { Written::with(lines) } else { Written::already() }
}

/// An error with what led to it, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> impl fmt::Display {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
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
