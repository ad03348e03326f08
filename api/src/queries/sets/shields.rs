//! Shields in force, with grounds, and with the reviews and decisions that are due.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    audit::Question,
    identity::OrganisationId,
    shield::{Ground, Shield},
};
use projections::{
    dated::KnownBy,
    intervals::containing_as_known,
    read_models::{
        Shields,
        shields::{Document, Episode, IN_FORCE, episodes},
    },
};
use serde::{Deserialize, Serialize};
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
    openapi::vocabulary,
    problem::Problem,
    queries::trail::{Asked, note},
    request::{GivenReason, Request},
};

const COLUMNS: &[&str] = &[
    "child",
    "authority",
    "state",
    "grounds",
    "other_ground",
    "since",
    "review_due",
    "decision_due",
    "due",
];
const FACETS: &[&str] = &["authority", "state", "grounds", "due"];

/// More than were ever shielded.
const MOST: usize = 1_000_000;

/// How far ahead a review counts as coming up. Ours.
const COMING_UP_DAYS: u64 = 30;

/// How a review, or the decision about a provisional shield, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Due {
    /// The day has passed.
    Overdue,
    /// It is today.
    Today,
    /// Within thirty days.
    ComingUp,
    /// Later.
    Later,
}

/// Which shields are asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InForce {
    /// Why this is asked.
    reason: GivenReason,
    /// Only those of this authority. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// In force at this instant; the one that the answer speaks for if left out.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    /// Only on this ground.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Ground>)]
    ground: Option<Ground>,
    /// Only those whose review or decision stands so.
    #[serde(default)]
    due: Option<Due>,
}

/// Ask which shields were in force at an instant, by authority, with their grounds, and which reviews
/// and decisions were due or overdue.
#[utoipa::path(tag = "sets", request_body = InForce, responses((status = 200, body = serde_json::Value)))]
#[post("/shields/queries")]
async fn query_shields(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, InForce>,
) -> Result<HttpResponse, Problem> {
    list(directory, how, request).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, InForce>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let scope = Scope::of(&by, body.organisation);
    let filter = json!({
        "organisation": scope.organisation, "at": body.at, "ground": body.ground, "due": body.due,
    });
    let turn = how.turn(&directory, &filter)?;
    let asked = Asked {
        question: Question::ShieldsInForce,
        about: scope.about(),
        within: None,
        events: Vec::new(),
        reason: body.reason,
    };
    let noted = note(&directory, &context, by.id, asked).await?;
    let reader = directory.read_models().reader::<Shields>();
    let speaking = speak(&directory, &reader, &turn, (context.at, Some(noted))).await?;
    let at = body.at.unwrap_or(speaking.effective_at);
    let known = speaking.last_known(&directory).await?;
    let within = scope.organisation.map_or_else(|| "any".to_owned(), |id| id.to_string());
    let found = reader.find(containing_as_known(IN_FORCE, &within, at, known.at, MOST)).await;
    let mut found = found.map_err(failure::asking)?.value;
    let since = reader.touched_after(known.position).await.map_err(failure::asking)?;
    found.extend(since.documents);
    // One document is found once for each of its episodes.
    let mut rows: BTreeMap<String, Value> = BTreeMap::new();
    for found in &found {
        let Some(shown) = Shown::at(&found.document, speaking.known_by, at) else { continue };
        let ours = scope.organisation.is_none_or(|id| shown.episode.authority == Some(id));
        let ground = body.ground.is_none_or(|ground| shown.episode.grounds.contains(&ground));
        let due = body.due.is_none_or(|due| shown.due(at.date_naive()) == Some(due));
        if ours && ground && due {
            rows.insert(shown.key(), shown.row(at.date_naive()));
        }
    }
    let rows = rows.into_iter().map(|(key, row)| Placed { key, row }).collect();
    let page = cut(rows, &turn.wanted);
    let left_alone = scope.left_alone();
    let searched = Searched { from: Some(at), to: Some(at), left_alone, ..Searched::default() };
    let (how, columns, facets) = (&how, COLUMNS, FACETS);
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
        .answer(&directory))
}

/// A shield in force, with what is due.
struct Shown {
    episode: Episode,
    review_due: Option<NaiveDate>,
    decision_due: Option<NaiveDate>,
}

impl Shown {
    /// The shield that was in force at an instant, if one was, as known by then.
    fn at(document: &Document, known_by: KnownBy, at: DateTime<Utc>) -> Option<Self> {
        let contains = |it: &Episode| it.from <= at && it.to.is_none_or(|to| at < to);
        let episode = episodes(document, known_by).into_iter().find(contains)?;
        // What was due then is what the events up to then say.
        let mut then = document.clone();
        then.happened.retain(|happened| happened.known.at <= at);
        let state: Shield = then.state(known_by);
        let (review_due, decision_due) = (state.review_due(), state.decision_due());
        Some(Self { episode, review_due, decision_due })
    }

    fn due(&self, today: NaiveDate) -> Option<Due> {
        let day = self.review_due.or(self.decision_due)?;
        let soon = today.checked_add_days(Days::new(COMING_UP_DAYS)).unwrap_or(NaiveDate::MAX);
        Some(match day {
            day if day < today => Due::Overdue,
            day if day == today => Due::Today,
            day if day <= soon => Due::ComingUp,
            _ => Due::Later,
        })
    }

    /// The longest overdue first.
    fn key(&self) -> String {
        let day = self.review_due.or(self.decision_due);
        let day = day.map_or_else(|| "~".to_owned(), |day| day.to_string());
        format!("{day}/{}", self.episode.child)
    }

    fn row(&self, today: NaiveDate) -> Value {
        json!({
            "child": self.episode.child,
            "authority": self.episode.authority,
            "state": self.episode.state,
            "grounds": self.episode.grounds,
            "other_ground": self.episode.other_ground,
            "since": self.episode.from,
            "review_due": self.review_due,
            "decision_due": self.decision_due,
            "due": self.due(today),
        })
    }
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_shields);
}
