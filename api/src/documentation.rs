//! The description as JSON, and as a page to browse that loads nothing from elsewhere.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, ContentEncoding, LOCATION},
    web::{self, Data, ServiceConfig},
};
use utoipa_swagger_ui::Config;

use crate::{openapi, problem::Problem, response_headers::DOCUMENTATION_POLICY};

/// The description, made once.
pub(crate) struct Description(String);

impl Description {
    /// Collects it from the routes.
    pub(crate) fn of_all_routes() -> Self {
        Self(openapi::description().to_json().unwrap_or_default())
    }
}

async fn description(description: Data<Description>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(description.0.clone())
}

async fn to_the_page() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

async fn page(file: web::Path<String>) -> Result<HttpResponse, Problem> {
    let config = Config::from("/openapi.json").into();
    let found = utoipa_swagger_ui::serve(&file, config).ok().flatten();
    let file = found.ok_or(Problem::not_found())?;
    let mut answer = HttpResponse::Ok();
    if file.gzpipped {
        answer.insert_header(ContentEncoding::Gzip);
    }
    Ok(answer
        .content_type(file.content_type)
        .insert_header((CONTENT_SECURITY_POLICY, DOCUMENTATION_POLICY))
        .body(file.bytes.into_owned()))
}

/// Adds them.
pub(crate) fn configure(service: &mut ServiceConfig) {
    service
        .route("/openapi.json", web::get().to(description))
        .route("/docs", web::get().to(to_the_page))
        .route("/docs/{file:.*}", web::get().to(page));
}
