//! The description of the interface: OpenAPI 3.1, collected from the handlers.

mod complete;
mod listings;
pub mod vocabulary;

use actix_web::App;
use utoipa::{
    OpenApi,
    openapi::{
        Info, OpenApi as Description,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt;

use crate::routes;

#[derive(OpenApi)]
struct Base;

/// The description of every route that is served.
pub fn description() -> Description {
    let mut base = Base::openapi();
    base.info = Info::new("ContactPoint", env!("CARGO_PKG_VERSION"));
    base.info.description = Some(INTRODUCTION.to_owned());
    base.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    let (_, mut description) =
        App::new().into_utoipa_app().openapi(base).configure(routes::configure).split_for_parts();
    let components = description.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("token", bearer);
    listings::complete(&mut description);
    complete::complete(&mut description);
    description
}

const INTRODUCTION: &str = "\
The English children's directory of 2009, event-sourced: every change and every look is an event, \
written before anything is shown. A look is a POST, and its answer is what was disclosed.

Every refusal is problem+json with a stable type, listed under /problems. Where admitting that \
something exists would tell the caller something, the answer is 404, always the same bytes. A POST \
may carry an Idempotency-Key; sent again with it, the same request is answered from the log and \
happens once. A change of a child's record needs If-Match with the ETag of the revision it changes.";
