//! The log as C2SP tlog-tiles describes it: checkpoint, hash tiles, bundles of entries; and receipts.
//!
//! Checkpoint and hash tiles are for anybody: they say how many entries there are and nothing about them.
//! Entries say who looked at which record, by handle; they are for auditors, and the auditors are audited.

pub(crate) mod contradiction;
mod fetching;
mod receipts;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{Data, Path},
};
use event_log::{
    transparency::tile::{Row, Tile},
    transparency_log::TransparencyLog,
};
use utoipa_actix_web::service_config::ServiceConfig;

use self::fetching::Fetching;
use crate::{
    caller::Auditor,
    directory::{Directory, unreadable},
    problem::{Problem, kind},
    request::Asking,
};

pub(crate) use fetching::Fetching as EntryFetching;

/// A checkpoint is replaced by the next: kept for a second at most.
const FOR_A_SECOND: &str = "public, max-age=1";
/// A tile of some width never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Nor does a bundle, but only its reader may keep it.
const FOR_EVER_BY_ITS_READER: &str = "private, max-age=31536000, immutable";

fn published(directory: &Directory) -> Result<&Arc<TransparencyLog>, Problem> {
    directory.published().ok_or(Problem::not_found())
}

/// Give the current checkpoint: how many entries the log has, the root of its tree, signatures
/// (tlog-checkpoint, a signed note).
#[utoipa::path(tag = "proofs", security(()),
    responses((status = 200, body = String, content_type = "text/plain")))]
#[get("/tlog/checkpoint")]
async fn checkpoint(directory: Data<Directory>) -> Result<HttpResponse, Problem> {
    let signed = published(&directory)?.checkpoint().ok_or(Problem::new(&kind::NOT_PUBLISHED))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, FOR_A_SECOND))
        .body(signed.to_string()))
}

/// Give a tile of the tree's hashes, or a bundle of entries, by its path as tlog-tiles spells it: `0/000`,
/// `1/x001/234.p/17`, `entries/000`. Bundles need the token of an auditor, and that one fetches them is
/// recorded once an hour. Nothing beyond the current checkpoint is given.
#[utoipa::path(tag = "proofs", security((), ("token" = [])),
    params(("tile" = String, Path, description = "Level or `entries`, place, and width if it is not 256")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/tlog/tile/{tile:.*}")]
async fn tile(
    directory: Data<Directory>,
    fetching: Data<Fetching>,
    path: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let tile = Tile::from_path(&format!("tile/{path}")).ok_or(Problem::not_found())?;
    let log = published(&directory)?;
    let (found, caching) = match tile.row {
        Row::Hashes(_) => (log.hash_tile(&tile), FOR_EVER),
        Row::Entries => {
            let auditor = Asking::<Auditor>::of(&request)?.0;
            fetching.record(&directory, &auditor).await?;
            (log.entry_bundle(&tile).await, FOR_EVER_BY_ITS_READER)
        }
    };
    let bytes = found.map_err(|error| unreadable(&error))?.ok_or(Problem::not_found())?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CACHE_CONTROL, caching))
        .body(bytes))
}

/// Adds these.
pub(crate) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(checkpoint).service(tile);
    receipts::configure(service);
}
