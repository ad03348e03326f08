//! The pages that the types of problems lead to.

use actix_web::{HttpResponse, get, web::Path};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ALL, Kind, Problem};

/// A kind of problem, explained.
#[derive(Serialize, ToSchema)]
struct Explained {
    /// The `type` of such problems.
    r#type: String,
    /// The title.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What it means, and what the caller can do.
    meaning: &'static str,
}

impl From<&Kind> for Explained {
    fn from(kind: &Kind) -> Self {
        Self {
            r#type: format!("/problems/{}", kind.name),
            title: kind.title,
            status: kind.status,
            meaning: kind.meaning,
        }
    }
}

/// List every kind of problem.
#[utoipa::path(tag = "about the service", security(()), responses((status = 200, body = [Explained])))]
#[get("/problems")]
async fn list_problems() -> HttpResponse {
    HttpResponse::Ok().json(ALL.iter().map(|kind| Explained::from(*kind)).collect::<Vec<_>>())
}

/// Explain one kind of problem.
#[utoipa::path(tag = "about the service", security(()),
    params(("name" = String, Path, description = "The name of the kind")),
    responses((status = 200, body = Explained)))]
#[get("/problems/{name}")]
async fn explain_problem(name: Path<String>) -> Result<HttpResponse, Problem> {
    let kind = ALL.iter().find(|kind| kind.name == *name).ok_or(Problem::not_found())?;
    Ok(HttpResponse::Ok().json(Explained::from(*kind)))
}

/// Adds the pages.
pub fn configure(service: &mut ServiceConfig<'_>) {
    service.service(list_problems).service(explain_problem);
}
