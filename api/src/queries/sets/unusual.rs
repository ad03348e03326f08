//! Unusual access: findings of the ten rules, each with the events it rests on.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    audit::{Question, Within},
    identity::{ChildRef, OrganisationId, PractitionerId},
    stream::Stream,
    unusual::Rule,
};
use projections::{
    read_models::{
        UnusualAccess,
        seen::Window,
        unusual::{Flag, Of, told},
    },
    store::Range,
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::scan,
    particulars::Particulars,
    scope::Scope,
    speaking::{Speaking, speak},
    window::window_of,
};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    queries::trail::{Asked, note},
    request::{GivenReason, Request},
};

const COLUMNS: &[&str] = &[
    "stands_from",
    "position",
    "rule",
    "event",
    "rests_on",
    "used",
    "practitioner",
    "role",
    "organisation",
    "child",
    "policy",
    "explained_at",
];
const FACETS: &[&str] = &["rule", "organisation", "practitioner"];

/// Which findings are asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichFindings {
    /// Why this is asked.
    reason: GivenReason,
    /// Standing from this instant on, or later.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// Standing from before this instant.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    /// Only of looks by people of this organisation. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// Only of looks by this person.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    practitioner: Option<PractitionerId>,
    /// Only of looks at this record.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    child: Option<ChildRef>,
    /// Only by this rule: L1 to L10.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    rule: Option<Rule>,
    /// With those that something recorded later explains.
    #[serde(default)]
    explained: bool,
}

/// Ask for unusual access: what the ten rules found in a window of time, each with the events it rests on
/// and the policy values it used. A finding accuses nobody; people judge.
#[utoipa::path(tag = "sets", request_body = WhichFindings, responses((status = 200, body = serde_json::Value)))]
#[post("/unusual-access/queries")]
async fn query_unusual_access(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, WhichFindings>,
) -> Result<HttpResponse, Problem> {
    list(directory, how, request).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, WhichFindings>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let within = Within { from: body.from, to: body.to };
    let window = window_of(within)?;
    let scope = Scope::of(&by, body.organisation);
    let filter = json!({
        "organisation": scope.organisation, "from": body.from, "to": body.to, "rule": body.rule,
        "practitioner": body.practitioner, "child": body.child, "explained": body.explained,
    });
    let turn = how.turn(&directory, &filter)?;
    let mut about = scope.about();
    about.extend(body.practitioner.map(Stream::Practitioner));
    about.extend(body.child.map(Stream::Child));
    let narrowed = Narrowed { window, scope, body };
    let asked = Asked {
        question: Question::UnusualAccess,
        about,
        within: Some(within),
        events: Vec::new(),
        reason: narrowed.body.reason.clone(),
    };
    let noted = note(&directory, &context, by.id, asked).await?;
    let reader = directory.read_models().reader::<UnusualAccess>();
    let speaking = speak(&directory, &reader, &turn, (context.at, Some(noted))).await?;
    let page = scan(&reader, narrowed.range(), &turn.wanted, async |found| {
        let flags = told(&reader, &found, speaking.known_by).await.map_err(failure::asking)?;
        let asked_for = |flag: &Flag| narrowed.includes(flag, &speaking);
        Ok(flags.iter().map(|flag| flag.as_ref().filter(|it| asked_for(it)).map(row)).collect())
    })
    .await?;
    let left_alone = scope.left_alone();
    let searched = Searched { from: within.from, to: within.to, left_alone, ..Searched::default() };
    let (how, columns, facets) = (&how, COLUMNS, FACETS);
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
        .answer(&directory))
}

/// To what the question is narrowed.
struct Narrowed {
    window: Window,
    scope: Scope,
    body: WhichFindings,
}

impl Narrowed {
    /// The index that leads to the fewest.
    fn range(&self) -> Range {
        let of = match (
            self.body.practitioner,
            self.body.child,
            self.scope.organisation,
            self.body.rule,
        ) {
            (Some(practitioner), _, _, _) => Of::Practitioner(practitioner),
            (None, Some(child), _, _) => Of::Child(child),
            (None, None, Some(organisation), _) => Of::Authority(organisation),
            (None, None, None, Some(rule)) => Of::Rule(rule),
            (None, None, None, None) => Of::Anybody,
        };
        of.range(self.window, 1)
    }

    /// Whether a finding is asked for.
    fn includes(&self, flag: &Flag, speaking: &Speaking) -> bool {
        flag.stands_from <= speaking.effective_at
            && (self.body.explained || flag.explained.is_none())
            && self.body.rule.is_none_or(|rule| flag.finding.rule == rule)
            && self.body.child.is_none_or(|child| flag.child == Some(child))
            && self.scope.organisation.is_none_or(|id| flag.by.organisation == Some(id))
    }
}

fn row(flag: &Flag) -> Value {
    json!({
        "stands_from": flag.stands_from,
        "position": flag.raised.position,
        "rule": flag.finding.rule,
        "event": flag.event,
        "rests_on": flag.finding.rests_on,
        "used": flag.finding.used,
        "practitioner": flag.by.id,
        "role": flag.by.role,
        "organisation": flag.by.organisation,
        "child": flag.child,
        "policy": flag.policy,
        "explained_at": flag.explained.map(|moment| moment.at),
    })
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_unusual_access);
}
