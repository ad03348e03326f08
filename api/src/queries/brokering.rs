//! What has become of a request for contact, for whoever asked.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    access::{Access, brokering::Stage},
    identity::{BrokeringId, ChildRef},
    stream::Stream,
};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Asking, Handles},
};

/// Ask what has become of one's own request for contact: requested, brokered or declined, and nothing
/// else. Somebody else's reads like one that never was.
#[utoipa::path(tag = "looking", responses((status = 200, body = serde_json::Value)))]
#[get("/children/{child}/brokerings/{brokering}")]
async fn own_brokering(
    directory: Data<Directory>,
    who: Asking<Person>,
    handle: Handles<ChildRef, BrokeringId>,
) -> Result<HttpResponse, Problem> {
    let access = directory.state::<Access>(Stream::Access(handle.0)).await?;
    let own = access.brokering(handle.1).filter(|asked| asked.user == Some(who.0.id));
    let stage = match own.ok_or_else(Problem::not_found)?.stage {
        // Whether the team has looked is not for whoever asked.
        Stage::Requested | Stage::Viewed => Stage::Requested,
        answered @ (Stage::Brokered | Stage::Declined) => answered,
    };
    Ok(HttpResponse::Ok().json(json!({"brokering": handle.1, "stage": stage})))
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(own_brokering);
}
