//! The certificate of an erasure, as JSON and as a page to print. It holds nothing personal.

use std::time::Duration;

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    actor::Role,
    caller::Needs,
    child::Child,
    erasure::{Erasure, Subject},
    identity::{ChildRef, PractitionerId},
    practitioner::Practitioner,
    stream::Stream,
};
use event_log::erasure_certificate::{Certificate, NoCertificate};
use tokio::time::timeout;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    caller::Investigator,
    directory::{Directory, unreadable},
    problem::{Problem, kind},
    request::{Asking, Handle},
};

/// For how long a request waits for the checkpoint that covers the end of an erasure.
const WAIT: Duration = Duration::from_secs(10);

/// Give the certificate of a finished erasure: every claim an entry of the log with its proof, all under one
/// checkpoint. `replay erasure --check FILE` checks it with nothing else at hand.
#[utoipa::path(tag = "erasure", responses((status = 200, body = serde_json::Value)))]
#[get("/subjects/{subject}/erasure/certificate")]
async fn erasure_certificate(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    asking: Asking<Investigator>,
) -> Result<HttpResponse, Problem> {
    let certificate = certificate(&directory, handle.0, asking.0).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(certificate.to_json()))
}

/// Give the certificate of a finished erasure as a page to print.
#[utoipa::path(tag = "erasure", responses((status = 200, body = String, content_type = "text/html")))]
#[get("/subjects/{subject}/erasure/certificate/page")]
async fn erasure_certificate_page(
    directory: Data<Directory>,
    handle: Handle<Uuid>,
    asking: Asking<Investigator>,
) -> Result<HttpResponse, Problem> {
    let certificate = certificate(&directory, handle.0, asking.0).await?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(certificate.to_page()))
}

async fn certificate(
    directory: &Directory,
    subject: Uuid,
    asking: Investigator,
) -> Result<Certificate, Problem> {
    may_have(directory, subject, asking).await?;
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

/// Officials, auditors, and the team of the organisation that answered for the subject. To another team nobody was
/// ever there.
async fn may_have(
    directory: &Directory,
    subject: Uuid,
    asking: Investigator,
) -> Result<(), Problem> {
    if asking.actor().role != Role::ManagementTeam {
        let over_all = Needs::AnyOf(&[Needs::Official, Needs::Auditor]);
        return directory.entitled(asking.actor(), over_all).await;
    }
    let child = directory.state::<Child>(Stream::Child(ChildRef::new(subject))).await?;
    let person = PractitionerId::new(subject);
    let person = directory.state::<Practitioner>(Stream::Practitioner(person)).await?;
    let team = Subject::of(&child, &person).and_then(Subject::organisation);
    let team = team.filter(|team| Some(*team) == asking.actor().organisation);
    directory
        .entitled(asking.actor(), Needs::ManagementTeamOf(team.ok_or(Problem::not_found())?))
        .await
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
