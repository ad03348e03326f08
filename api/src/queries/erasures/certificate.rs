//! The certificate of an erasure, as JSON and as a page to print. It holds nothing personal; a team is given those of
//! its own subjects.

use std::time::Duration;

use actix_web::{HttpResponse, post, web::Data};
use domain::{audit::Question, erasure::Erasure, stream::Stream};
use event_log::erasure_certificate::{Certificate, NoCertificate};
use tokio::time::timeout;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::super::trail::{Asked, note};
use crate::{
    caller::Person,
    directory::{Directory, unreadable},
    problem::{Problem, kind},
    request::{Because, Handle, Request},
};

/// For how long a request waits for the checkpoint that covers the end of an erasure.
const WAIT: Duration = Duration::from_secs(10);

/// Ask for the certificate of a finished erasure: every claim an entry of the log with its proof, all under one
/// checkpoint. `replay erasure --check FILE` checks it with nothing else at hand.
#[utoipa::path(tag = "erasure", request_body = Because, responses((status = 200, body = serde_json::Value)))]
#[post("/subjects/{subject}/erasure/certificate/queries")]
async fn erasure_certificate(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let certificate = certificate(&directory, handle.0, request).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(certificate.to_json()))
}

/// Ask for the certificate of a finished erasure as a page to print.
#[utoipa::path(tag = "erasure", request_body = Because,
    responses((status = 200, body = String, content_type = "text/html")))]
#[post("/subjects/{subject}/erasure/certificate/page/queries")]
async fn erasure_certificate_page(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    request: Request<Person, Because>,
) -> Result<HttpResponse, Problem> {
    let certificate = certificate(&directory, handle.0, request).await?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(certificate.to_page()))
}

async fn certificate(
    directory: &Directory,
    subject: Uuid,
    request: Request<Person, Because>,
) -> Result<Certificate, Problem> {
    let Request { by, context, body, .. } = request;
    let asked = Asked::about(Question::ErasureCertificate, Stream::Erasure(subject), body);
    note(directory, &context, by.id, asked).await?;
    if !directory.state::<Erasure>(Stream::Erasure(subject)).await?.is_erased() {
        return Err(Problem::not_found());
    }
    let log = directory.published().ok_or(Problem::new(&kind::NOT_PUBLISHED))?;
    let last = directory.log().length().saturating_sub(1);
    match Certificate::of(log, subject).await {
        Err(NoCertificate::NotPublished) => {
            // In time or not: what follows says so.
            let _in_time = timeout(WAIT, log.published_beyond(last)).await;
            Certificate::of(log, subject).await.map_err(|none| told(&none))
        }
        certificate => certificate.map_err(|none| told(&none)),
    }
}

fn told(none: &NoCertificate) -> Problem {
    match none {
        NoCertificate::NotErased(_) => Problem::not_found(),
        NoCertificate::NotPublished => Problem::new(&kind::NOT_PUBLISHED),
        NoCertificate::Tree(error) => unreadable(error),
        NoCertificate::Read(_) => {
            tracing::error!(error = none as &dyn std::error::Error, "The log could not be read");
            Problem::new(&kind::LOG_UNAVAILABLE)
        }
        NoCertificate::Unconvincing(_) => {
            tracing::error!(
                error = none as &dyn std::error::Error,
                "What the log says of an erasure does not hold together"
            );
            Problem::new(&kind::INTERNAL)
        }
    }
}

/// Adds these queries.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(erasure_certificate).service(erasure_certificate_page);
}
