//! What was seen: by one practitioner, or by anybody in a window of time.

mod row;

use std::collections::BTreeSet;

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    audit::{Question, Within},
    identity::{OrganisationId, PractitionerId},
    stream::Stream,
};
use projections::{
    read_models::{
        Seen,
        seen::{self, Outline, Whose},
    },
    reader::Reader,
    store::Range,
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use self::row::SightRow;
use super::{
    failure,
    listing::{Listing, Searched},
    page::{Page, Placed, scan_found},
    particulars::Particulars,
    scope::Scope,
    speaking::speak,
    window::window_of,
};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    queries::trail::{Asked, note},
    request::{GivenReason, Handle, Request},
};

const COLUMNS: &[&str] = &[
    "position",
    "at",
    "event",
    "stream",
    "practitioner",
    "role",
    "organisation",
    "on_behalf_of",
    "reason",
    "what",
    "outcome",
    "children",
    "shown",
    "withheld_fields",
    "refusals",
    "basis",
    "shield",
    "question",
];
const FACETS: &[&str] = &["what", "outcome", "organisation", "role", "reason"];

/// What somebody did.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Deed {
    /// Searched.
    Searched,
    /// Opened a record, or tried to.
    Opened,
    /// Saw behind a shield.
    Overrode,
    /// Printed a record, or took it out as a file.
    Copied,
    /// Looked behind a shield in order to broker contact.
    Brokered,
    /// Asked the trail, or tried to.
    Asked,
}

impl From<seen::Deed> for Deed {
    fn from(deed: seen::Deed) -> Self {
        match deed {
            seen::Deed::Searched => Self::Searched,
            seen::Deed::Opened => Self::Opened,
            seen::Deed::Overrode => Self::Overrode,
            seen::Deed::Copied => Self::Copied,
            seen::Deed::Brokered => Self::Brokered,
            seen::Deed::Asked => Self::Asked,
        }
    }
}

/// What one practitioner saw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SightsOfOne {
    /// Why this is asked.
    reason: GivenReason,
    /// From this instant.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// To this instant, exclusive.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    /// Only such deeds; any if none is named.
    #[serde(default)]
    what: BTreeSet<Deed>,
}

/// What anybody saw in a window of time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SightsInWindow {
    /// Why this is asked.
    reason: GivenReason,
    /// From this instant.
    from: DateTime<Utc>,
    /// To this instant, exclusive.
    to: DateTime<Utc>,
    /// Only by people of this organisation. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// Only such deeds; any if none is named.
    #[serde(default)]
    what: BTreeSet<Deed>,
}

/// Ask for everything a practitioner saw, by time: searches with their lists, openings, refusals,
/// overrides, and questions to the trail. Their whole history if no window is given.
#[utoipa::path(tag = "sets", request_body = SightsOfOne, responses((status = 200, body = serde_json::Value)))]
#[post("/practitioners/{practitioner}/sights/queries")]
async fn query_sights_of_one(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    how: Particulars,
    request: Request<Person, SightsOfOne>,
) -> Result<HttpResponse, Problem> {
    list_of_one(directory, handle, how, request).await
}

pub(super) async fn list_of_one(
    directory: Data<Directory>,
    handle: Handle<PractitionerId>,
    how: Particulars,
    request: Request<Person, SightsOfOne>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let practitioner = handle.0;
    let within = Within { from: body.from, to: body.to };
    let window = window_of(within)?;
    let filter = json!({
        "practitioner": practitioner, "from": body.from, "to": body.to, "what": body.what,
    });
    let asked = Asked {
        question: Question::SeenByPractitioner,
        about: vec![Stream::Practitioner(practitioner)],
        within: Some(within),
        events: Vec::new(),
        reason: body.reason,
    };
    let (whose, range) = (Whose::Practitioner(practitioner), window.sights(1));
    let plan = Plan { asked, filter, whose, range, within, what: body.what, scope: None };
    plan.carry_out(&directory, &how, (&by, &context)).await
}

/// Ask for everything that was seen in a window of time, anywhere or by people of one organisation.
#[utoipa::path(tag = "sets", request_body = SightsInWindow, responses((status = 200, body = serde_json::Value)))]
#[post("/sights/queries")]
async fn query_sights(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, SightsInWindow>,
) -> Result<HttpResponse, Problem> {
    list(directory, how, request).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, SightsInWindow>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let within = Within { from: Some(body.from), to: Some(body.to) };
    let window = window_of(within)?;
    let scope = Scope::of(&by, body.organisation);
    let filter = json!({
        "organisation": scope.organisation, "from": body.from, "to": body.to, "what": body.what,
    });
    let asked = Asked {
        question: Question::SeenByAnybody,
        about: scope.about(),
        within: Some(within),
        events: Vec::new(),
        reason: body.reason,
    };
    let whose = scope.organisation.map_or(Whose::Anybody, Whose::Authority);
    let range = window.sights(1);
    let plan = Plan { asked, filter, whose, range, within, what: body.what, scope: Some(scope) };
    plan.carry_out(&directory, &how, (&by, &context)).await
}

/// A listing about to be asked for.
struct Plan {
    asked: Asked,
    filter: Value,
    whose: Whose,
    range: Range,
    within: Within,
    what: BTreeSet<Deed>,
    scope: Option<Scope>,
}

impl Plan {
    async fn carry_out(
        self,
        directory: &Directory,
        how: &Particulars,
        (by, context): (&Person, &crate::request::Context),
    ) -> Result<HttpResponse, Problem> {
        let turn = how.turn(directory, &self.filter)?;
        let noted = note(directory, context, by.id, self.asked).await?;
        let reader = directory.read_models().reader::<Seen>();
        let speaking = speak(directory, &reader, &turn, (context.at, Some(noted))).await?;
        let mut other = 0_u64;
        let find = async |range| seen::outlines(&reader, self.whose, &range).await;
        let page = scan_found(find, self.range, &turn.wanted, async |found| {
            let mut asked_for = |outline: &Outline| {
                let wanted = self.what.is_empty() || self.what.contains(&outline.deed.into());
                other = other.saturating_add(u64::from(!wanted));
                wanted
            };
            let known = |outline: &Outline| speaking.known_by.reaches(outline.known);
            let outlines = found.into_iter().map(|found| Some(found.document).filter(known));
            let outlines: Vec<Option<Outline>> =
                outlines.map(|outline| outline.filter(&mut asked_for)).collect();
            let wanted: Vec<bool> = outlines.iter().map(Option::is_some).collect();
            let outlines = outlines.into_iter().flatten().collect();
            let told = seen::told(&reader, outlines, speaking.known_by).await;
            let mut told = told.map_err(failure::asking)?.into_iter().map(SightRow::counted);
            Ok(wanted.into_iter().map(|wanted| wanted.then(|| told.next()).flatten()).collect())
        })
        .await?;
        let page = shown(&reader, page).await?;
        let mut searched = Searched {
            from: self.within.from,
            to: self.within.to,
            left_alone: self.scope.map(|scope| scope.left_alone()).unwrap_or_default(),
            ..Searched::default()
        };
        if !self.what.is_empty() {
            searched.excluded.insert("other_deeds_among_the_rows_looked_at", other);
        }
        let scope = self.scope.unwrap_or(Scope::of(by, None));
        if scope.is_of_the_department() {
            let skipped = reader.skipped(10_000).await.map_err(failure::asking)?;
            let skipped = u64::try_from(skipped.value.len()).unwrap_or(u64::MAX);
            searched.excluded.insert("events_that_could_not_be_read", skipped);
        }
        let (columns, facets) = (COLUMNS, FACETS);
        let filter = self.filter;
        Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
            .answer(directory))
    }
}

/// Reads the rows that are shown.
async fn shown(reader: &Reader<Seen>, page: Page<SightRow>) -> Result<Page<SightRow>, Problem> {
    let positions: Vec<u64> =
        page.rows.iter().map(|placed| placed.row.told.known.position).collect();
    let sights = seen::sights(reader, &positions).await.map_err(failure::asking)?;
    let rows = page.rows.into_iter().zip(sights);
    let rows = rows.map(|(Placed { key, row }, sight)| Placed { key, row: row.shown(sight) });
    Ok(Page { rows: rows.collect(), ..page })
}

/// Adds the questions.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_sights).service(query_sights_of_one);
}
