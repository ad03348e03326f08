//! Receipts: proof that an event stands in the log, for whoever brought it about and for auditors.

use actix_web::{
    HttpResponse, get,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::Data,
};
use domain::{actor::Role, caller::Needs, identity::EventId, recorded::Stamp};
use event_log::transparency::leaf;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Asking, Handle, PREFERENCE_APPLIED, Parameters, Prefer},
};

/// Where the event stands.
#[derive(Deserialize, IntoParams)]
struct Place {
    /// Its place in the whole log, as the answer to the command said. Without it the event is looked for,
    /// which is slow.
    position: Option<u64>,
}

/// Give the receipt of an event: a `.tlog-proof`, which proves offline that the event stands in the log.
/// Its `extra` is the hash of the entry as a leaf. For whoever brought the event about, for auditors and
/// officials. With `Prefer: wait`, once a checkpoint covers the event.
#[utoipa::path(tag = "proofs", params(Place),
    responses((status = 200, body = String, content_type = "text/plain")))]
#[get("/receipts/{event}")]
async fn receipt(
    directory: Data<Directory>,
    asking: Asking<Person>,
    event: Handle<EventId>,
    place: Parameters<Place>,
    prefer: Prefer,
) -> Result<HttpResponse, Problem> {
    let person = asking.0;
    let position = match place.0.position {
        Some(position) => Some(position),
        None => directory.find_event(event.0).await?,
    };
    let position = position.ok_or(Problem::not_found())?;
    let stamp = directory.stamp_at(position).await?.filter(|stamp| stamp.id == event.0);
    let stamp = stamp.filter(|stamp| may_have(&person, stamp)).ok_or(Problem::not_found())?;
    if stamp.by.id != Some(person.id) {
        // The token's word is not enough: whether they hold that office is known from their own stream.
        let over_all = Needs::AnyOf(&[Needs::Official, Needs::Auditor]);
        directory.entitled(person.actor(), over_all).await?;
    }
    let mut receipt = directory.receipt(position, prefer.wait).await?;
    let entry = directory.entry_at(position).await?.ok_or(Problem::not_found())?;
    receipt.extra = Some(leaf(&entry).to_vec());
    let mut answer = HttpResponse::Ok();
    if prefer.wait.is_some() {
        answer.insert_header((PREFERENCE_APPLIED, "wait"));
    }
    let file = format!("attachment; filename=\"{}.tlog-proof\"", event.0);
    Ok(answer
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, file))
        .body(receipt.to_string()))
}

/// A receipt says where an event stands, and nothing of what is in it. Who else asks is not told whether
/// there is such an event.
fn may_have(person: &Person, stamp: &Stamp) -> bool {
    stamp.by.id == Some(person.id) || matches!(person.role, Role::Auditor | Role::Official)
}

/// Adds it.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(receipt);
}
