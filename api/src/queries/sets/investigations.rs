//! Investigations; and overrides without a finished one, by age.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    audit::Question,
    identity::{OrganisationId, PractitionerId},
    investigation::{Progress, Stage},
    stream::Stream,
};
use projections::{
    projection::Projection,
    read_models::{
        Investigations,
        investigations::{
            Document, Into as About, into_conduct_of, unfinished, unfinished_overrides,
        },
    },
    reader::{Found, QueryError, Reader},
    store::Range,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Placed, cut},
    particulars::Particulars,
    scope::Scope,
    speaking::{Speaking, speak},
};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    queries::trail::{Asked, note},
    request::{Context, GivenReason, Request},
};

const COLUMNS: &[&str] = &[
    "opened_at",
    "investigation",
    "into",
    "child",
    "override",
    "practitioner",
    "organisation",
    "stage",
    "investigator",
    "finding",
    "concluded_at",
    "age_days",
    "due",
    "overdue",
];
const FACETS: &[&str] = &["into", "organisation", "stage", "overdue", "finding"];

/// More than there will ever be.
const MOST: usize = 10_000_000;

/// How far an investigation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Which {
    /// Not concluded.
    Unfinished,
    /// Not concluded, and the day by which it should have been has passed.
    Overdue,
    /// Concluded.
    Concluded,
}

/// What an investigation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// An override.
    Override,
    /// A suspicion that led to suspension.
    Suspicion,
}

/// Which investigations are asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichInvestigations {
    /// Why this is asked.
    reason: GivenReason,
    /// Only into people of this organisation. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// Only into the conduct of this person.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    practitioner: Option<PractitionerId>,
    /// Only into this.
    #[serde(default)]
    into: Option<Kind>,
    /// Only those that have come so far.
    #[serde(default)]
    which: Option<Which>,
}

/// Which overrides are asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichOverrides {
    /// Why this is asked.
    reason: GivenReason,
    /// Only by people of this organisation. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// Only those whose investigation has been open for at least so many days.
    #[serde(default)]
    older_than_days: Option<i64>,
}

/// Ask for investigations: into whom, into what, how far they have come, and which are overdue.
#[utoipa::path(tag = "sets", request_body = WhichInvestigations, responses((status = 200, body = serde_json::Value)))]
#[post("/investigations/queries")]
async fn query_investigations(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, WhichInvestigations>,
) -> Result<HttpResponse, Problem> {
    list(directory, how, request).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, WhichInvestigations>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let scope = Scope::of(&by, body.organisation);
    let mut about = scope.about();
    about.extend(body.practitioner.map(Stream::Practitioner));
    let narrowed = Narrowed {
        organisation: scope.organisation,
        practitioner: body.practitioner,
        into: body.into,
        which: body.which,
        older_than_days: None,
    };
    let plan = Plan { question: Question::Investigations, about, narrowed, scope };
    plan.carry_out(&directory, &how, (&by, &context, body.reason)).await
}

/// Ask for overrides without a finished investigation, the oldest first.
#[utoipa::path(tag = "sets", request_body = WhichOverrides, responses((status = 200, body = serde_json::Value)))]
#[post("/overrides/queries")]
async fn query_overrides(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, WhichOverrides>,
) -> Result<HttpResponse, Problem> {
    list_overrides(directory, how, request).await
}

pub(super) async fn list_overrides(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, WhichOverrides>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let scope = Scope::of(&by, body.organisation);
    let narrowed = Narrowed {
        organisation: scope.organisation,
        practitioner: None,
        into: Some(Kind::Override),
        which: Some(Which::Unfinished),
        older_than_days: body.older_than_days,
    };
    let about = scope.about();
    let plan = Plan { question: Question::UnfinishedOverrides, about, narrowed, scope };
    plan.carry_out(&directory, &how, (&by, &context, body.reason)).await
}

/// To what the question is narrowed.
#[derive(Clone, Copy, Serialize)]
struct Narrowed {
    organisation: Option<OrganisationId>,
    practitioner: Option<PractitionerId>,
    into: Option<Kind>,
    which: Option<Which>,
    older_than_days: Option<i64>,
}

impl Narrowed {
    /// Where everything stands that may be asked for, whenever it was so.
    fn everything(&self) -> Range {
        self.practitioner.map_or_else(|| Range::documents(MOST), |of| into_conduct_of(of, MOST))
    }

    /// The index that leads to what is unfinished now, if that is asked for.
    fn index_of_now(&self) -> Option<Range> {
        match (self.practitioner, self.which?, self.into) {
            (Some(_), _, _) | (_, Which::Concluded, _) => None,
            (None, _, Some(Kind::Override)) => Some(unfinished_overrides(MOST)),
            (None, _, _) => Some(unfinished(MOST)),
        }
    }

    /// Every investigation that may be asked for, as known at a position.
    async fn found(
        &self,
        reader: &Reader<Investigations>,
        position: u64,
    ) -> Result<Vec<Found<Document>>, QueryError> {
        if let Some(index) = self.index_of_now() {
            let mut found = reader.find(vec![index]).await?.value;
            let since = reader.touched_after(position).await?;
            if since.all {
                found.extend(since.documents);
                return Ok(found);
            }
        }
        Ok(reader.find(vec![self.everything()]).await?.value)
    }

    fn takes(&self, it: &Document, progress: &Progress) -> bool {
        let concluded = matches!(progress.stage, Stage::Concluded { .. });
        let which = self.which.is_none_or(|which| match which {
            Which::Unfinished => !concluded,
            Which::Overdue => progress.overdue,
            Which::Concluded => concluded,
        });
        let into = self.into.is_none_or(|into| match it.into {
            About::Override { .. } => into == Kind::Override,
            About::Suspicion => into == Kind::Suspicion,
        });
        which
            && into
            && self.organisation.is_none_or(|id| it.organisation == Some(id))
            && self.older_than_days.is_none_or(|days| progress.age_days >= days)
    }
}

/// A listing about to be asked for.
struct Plan {
    question: Question,
    about: Vec<Stream>,
    narrowed: Narrowed,
    scope: Scope,
}

impl Plan {
    async fn carry_out(
        self,
        directory: &Directory,
        how: &Particulars,
        (by, context, reason): (&Person, &Context, GivenReason),
    ) -> Result<HttpResponse, Problem> {
        let Self { question, about, narrowed, scope } = self;
        let filter = json!(narrowed);
        let turn = how.turn(directory, &filter)?;
        let asked = Asked { question, about, within: None, events: Vec::new(), reason };
        let noted = note(directory, context, by.id, asked).await?;
        let reader = directory.read_models().reader::<Investigations>();
        let speaking = speak(directory, &reader, &turn, (context.at, Some(noted))).await?;
        let found = narrowed.found(&reader, speaking.position).await.map_err(failure::asking)?;
        let known = found.into_iter();
        let known = known.filter_map(|it| Investigations::as_of(it.document, speaking.known_by));
        let mut rows: Vec<Placed> =
            known.filter_map(|it| placed(&it, &narrowed, &speaking)).collect();
        // What was touched since may have been found by the index as well.
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        rows.dedup_by(|one, other| one.key == other.key);
        let page = cut(rows, &turn.wanted);
        let left_alone = scope.left_alone();
        let searched = Searched { left_alone, ..Searched::default() };
        let (columns, facets) = (COLUMNS, FACETS);
        Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
            .answer(directory))
    }
}

fn placed(it: &Document, narrowed: &Narrowed, speaking: &Speaking) -> Option<Placed> {
    let progress = it.progress(speaking.known_by, speaking.effective_at.date_naive());
    if !narrowed.takes(it, &progress) {
        return None;
    }
    let (into, child, procedure) = match it.into {
        About::Override { child, procedure } => ("override", Some(child), Some(procedure)),
        About::Suspicion => ("suspicion", None, None),
    };
    let (stage, investigator, ended) = match progress.stage {
        Stage::NotAssigned => ("not-assigned", None, None),
        Stage::Assigned { investigator } => ("assigned", Some(investigator), None),
        Stage::Concluded { finding, at } => ("concluded", None, Some((finding, at))),
    };
    let row = json!({
        "opened_at": it.opened.at,
        "investigation": it.investigation,
        "into": into,
        "child": child,
        "override": procedure,
        "practitioner": it.practitioner,
        "organisation": it.organisation,
        "stage": stage,
        "investigator": investigator,
        "finding": ended.map(|(finding, _)| finding),
        "concluded_at": ended.map(|(_, at)| at),
        "age_days": progress.age_days,
        "due": progress.due,
        "overdue": progress.overdue,
    });
    Some(Placed { key: format!("{:020}/{}", it.opened.position, it.investigation), row })
}

/// Adds the questions.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_investigations).service(query_overrides);
}
