//! Who was looking at an instant: which records were open, and by whom.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    audit::{Question, Within},
    identity::OrganisationId,
};
use projections::read_models::{
    Openings,
    openings::{Opening, open_at},
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Placed, cut},
    particulars::Particulars,
    scope::Scope,
    speaking::speak,
};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    queries::trail::{Asked, note},
    request::{GivenReason, Request},
};

const COLUMNS: &[&str] = &[
    "opened_at",
    "closed_at",
    "opening",
    "event",
    "position",
    "child",
    "practitioner",
    "role",
    "organisation",
    "on_behalf_of",
    "basis",
];
const FACETS: &[&str] = &["organisation", "role", "basis"];

/// More records than are open at once in a national directory at its peak.
const MOST: usize = 100_000;

/// Which instant is asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookingAt {
    /// Why this is asked.
    reason: GivenReason,
    /// The instant; the one that the answer speaks for if left out.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    /// Only people of this organisation. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
}

/// Ask who was looking at an instant: every record that was open then, and by whom. What was recorded
/// but not released does not count.
#[utoipa::path(tag = "sets", request_body = LookingAt, responses((status = 200, body = serde_json::Value)))]
#[post("/openings/queries")]
async fn query_openings(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, LookingAt>,
) -> Result<HttpResponse, Problem> {
    list(directory, how, request).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, LookingAt>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let scope = Scope::of(&by, body.organisation);
    let filter = json!({"organisation": scope.organisation, "at": body.at});
    let turn = how.turn(&directory, &filter)?;
    let asked = Asked {
        question: Question::OpenAtInstant,
        about: scope.about(),
        within: Some(Within { from: body.at, to: None }),
        events: Vec::new(),
        reason: body.reason,
    };
    let noted = note(&directory, &context, by.id, asked).await?;
    let reader = directory.read_models().reader::<Openings>();
    let speaking = speak(&directory, &reader, &turn, (context.at, Some(noted))).await?;
    let at = body.at.unwrap_or(speaking.effective_at);
    let known = speaking.last_known(&directory).await?;
    let open = open_at(&reader, at, known, MOST).await;
    let open = open.map_err(failure::asking)?.value;
    let ours = |it: &&Opening| {
        scope.organisation.is_none_or(|organisation| it.by.organisation == Some(organisation))
    };
    let rows = open.iter().filter(ours).map(|it| Placed { key: key(it), row: row(it) }).collect();
    let page = cut(rows, &turn.wanted);
    let mut left_alone = scope.left_alone();
    if open.len() >= MOST {
        left_alone.push("more than 100,000 records open at once");
    }
    let searched = Searched { from: Some(at), to: Some(at), left_alone, ..Searched::default() };
    let (how, columns, facets) = (&how, COLUMNS, FACETS);
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
        .answer(&directory))
}

fn key(it: &Opening) -> String {
    format!("{:020}", it.opened.position)
}

fn row(it: &Opening) -> Value {
    json!({
        "opened_at": it.opened.at,
        "closed_at": it.closed.map(|moment| moment.at),
        "opening": it.opening,
        "event": it.event,
        "position": it.opened.position,
        "child": it.child,
        "practitioner": it.by.id,
        "role": it.by.role,
        "organisation": it.by.organisation,
        "on_behalf_of": it.by.on_behalf_of,
        "basis": it.basis,
    })
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_openings);
}
