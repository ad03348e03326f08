//! The circumstances of a request, as they are recorded with what comes of it.

use std::time::Duration;

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use domain::actor::Actor;
use uuid::Uuid;

use crate::{
    caller::Person,
    directory::Directory,
    problem::{Problem, kind},
};

/// The circumstances of one request.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The identity of the command: derived from the caller and their Idempotency-Key, or random.
    /// The identities of its events, and every handle the service chooses for it, derive from it.
    pub command: Uuid,
    /// Whether the caller gave an Idempotency-Key, so that the request may come again.
    pub repeatable: bool,
    /// The instant of the request: the clock is read once.
    pub at: DateTime<Utc>,
    /// Who acts.
    pub by: Actor,
    /// What the caller's system calls the whole undertaking.
    pub correlation: Option<Uuid>,
    /// A keyed digest of method, address and body, to know the same request again.
    pub digest: [u8; 32],
    /// How long the caller waits for a checkpoint that covers what is recorded, if they do.
    pub wait: Option<Duration>,
}

impl Context {
    /// Reads the headers of a request.
    ///
    /// # Errors
    /// 400 when one does not have its form.
    pub fn new(
        directory: &Directory,
        request: &HttpRequest,
        person: &Person,
        body: &[u8],
    ) -> Result<Self, Problem> {
        let key = header(request, "idempotency-key")?;
        if key.is_some_and(|key| key.is_empty() || key.len() > 255) {
            return Err(unusable("Idempotency-Key", "1 to 255 characters"));
        }
        let scoped = |key: &str| Uuid::new_v5(&person.id.uuid(), key.as_bytes());
        Ok(Self {
            command: key.map_or_else(Uuid::now_v7, scoped),
            repeatable: key.is_some(),
            at: directory.clock().now(),
            by: person.actor(),
            correlation: correlation(request)?,
            digest: directory.digest(&[
                request.method().as_str().as_bytes(),
                request.uri().path().as_bytes(),
                request.query_string().as_bytes(),
                header(request, "if-match")?.unwrap_or_default().as_bytes(),
                body,
            ]),
            wait: super::Prefer::read(request).wait,
        })
    }

    /// A handle chosen by the service: the same each time the same request comes again.
    pub fn choose(&self, what: &str) -> Uuid {
        Uuid::new_v5(&self.command, what.as_bytes())
    }
}

fn header<'a>(request: &'a HttpRequest, name: &'static str) -> Result<Option<&'a str>, Problem> {
    let Some(value) = request.headers().get(name) else { return Ok(None) };
    value.to_str().map(Some).map_err(|_| unusable(name, "visible ASCII characters"))
}

fn correlation(request: &HttpRequest) -> Result<Option<Uuid>, Problem> {
    if let Some(id) = header(request, "x-correlation-id")? {
        return Uuid::try_parse(id).map(Some).map_err(|_| unusable("X-Correlation-Id", "a UUID"));
    }
    let trace = header(request, "traceparent")?.and_then(|trace| trace.split('-').nth(1));
    Ok(trace.and_then(|id| Uuid::try_parse(id).ok()).filter(|id| !id.is_nil()))
}

fn unusable(header: &str, form: &str) -> Problem {
    Problem::new(&kind::MALFORMED).saying(format!("The header {header} must be {form}."))
}
