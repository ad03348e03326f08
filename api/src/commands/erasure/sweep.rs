//! Going through everybody: records into the archive on their day, and what is due put on record.

use actix_web::{HttpResponse, post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Answer, covered_in_time};
use crate::{
    by_the_clock::duties,
    caller::Official,
    directory::Directory,
    problem::Problem,
    request::{PREFERENCE_APPLIED, Request},
};

/// How many subjects one request looks at, unless it says otherwise; and the most it may ask for. Ours.
const USUAL: usize = 1_000;
const MOST: usize = 10_000;

/// Which part of everybody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sweep {
    /// Those after this handle; from the beginning without it.
    #[serde(default)]
    after: Option<Uuid>,
    /// At most so many, 1,000 if nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    limit: Option<usize>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
struct Swept {
    /// How many were looked at.
    looked_at: usize,
    /// Records that went into the archive, or were closed to data managers there.
    archived: Vec<Uuid>,
    /// Subjects whose erasure was found to be due.
    due: Vec<Uuid>,
    /// Go on after this one; none when everybody has been looked at.
    next: Option<Uuid>,
}

/// Put records into the archive on their day, and put on record whose erasure is due. Done again, it
/// changes nothing; go on with `next` until there is none.
#[utoipa::path(tag = "erasure", request_body = Sweep, responses((status = 200, body = Swept)))]
#[post("/erasures/sweeps")]
async fn sweep_erasures(directory: Data<Directory>, request: Request<Official, Sweep>) -> Answer {
    let Request { context, body, .. } = request;
    let limit = body.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::at_field("limit", format!("1 to {MOST}")));
    }
    let after = body.after.unwrap_or_default();
    let subjects = directory.subjects_after(after, limit).await?;
    let next = subjects.last().copied().filter(|_| subjects.len() == limit);
    let mut swept = Swept { looked_at: subjects.len(), archived: vec![], due: vec![], next };
    let mut last = None;
    for subject in subjects {
        if let Some(position) = duties::archive(&directory, &context, subject).await? {
            swept.archived.push(subject);
            last = Some(position);
        }
        if let Some(position) = duties::find_due(&directory, &context, subject).await? {
            swept.due.push(subject);
            last = Some(position);
        }
    }
    let mut answer = HttpResponse::Ok();
    if covered_in_time(&directory, &context, last).await.is_some() {
        answer.insert_header((PREFERENCE_APPLIED, "wait"));
    }
    Ok(answer.json(swept))
}

/// Adds the command.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(sweep_erasures);
}
