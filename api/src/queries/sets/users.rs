//! Who may use the directory, who is suspended, and who lapses within so many days.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Days, Utc};
use domain::{
    audit::Question,
    identity::OrganisationId,
    practitioner::{AccountRole, Practitioner},
};
use projections::{
    read_models::{
        AuthorisedUsers, Organisations,
        authorised_users::{Bench, Document, Judged, SUSPENDED, lapsing_within, of_organisation},
        organisations::expiring,
    },
    reader::{Found, Reader},
    store::{Range, beginning_with},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Page, Placed, Wanted, cut, scan},
    particulars::Particulars,
    scope::Scope,
    speaking::{Speaking, speak},
};
use crate::{
    caller::Person,
    directory::{Directory, reading},
    openapi::vocabulary,
    problem::Problem,
    queries::trail::{Asked, note},
    request::{GivenReason, Request},
};

const COLUMNS: &[&str] = &[
    "practitioner",
    "organisation",
    "role",
    "authorised",
    "unmet",
    "lapses_on",
    "suspended_since",
    "policy",
];
const FACETS: &[&str] = &["authorised", "organisation", "role", "unmet", "lapses_on"];

/// The longest time ahead that is looked at. Ours.
const MOST_DAYS: u64 = 3_660;

/// Which users are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Which {
    /// Who may use the directory.
    #[default]
    Authorised,
    /// Who may not, though somebody nominated them.
    NotAuthorised,
    /// Whose account is suspended.
    Suspended,
    /// Everybody.
    Any,
}

/// Which users are asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Users {
    /// Why this is asked.
    reason: GivenReason,
    /// Only those of this organisation. A management team's own if left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    organisation: Option<OrganisationId>,
    /// Which.
    #[serde(default)]
    which: Which,
    /// Only those who are authorised and, if nothing else happens, will not be within so many days.
    #[serde(default)]
    lapses_within_days: Option<u64>,
    /// Only accounts of this kind.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::AccountRole>)]
    role: Option<AccountRole>,
}

/// Ask who may use the directory, who is suspended, or who lapses within so many days. Each is judged by
/// the rule-book at the instant asked about, with every condition that does not hold.
#[utoipa::path(tag = "sets", request_body = Users, responses((status = 200, body = serde_json::Value)))]
#[post("/practitioners/queries")]
async fn query_users(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, Users>,
) -> Result<HttpResponse, Problem> {
    list(directory, how, request).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    how: Particulars,
    request: Request<Person, Users>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    if body.lapses_within_days.is_some_and(|days| days > MOST_DAYS) {
        return Err(Problem::at_field("lapses_within_days", "is at most 3660"));
    }
    let scope = Scope::of(&by, body.organisation);
    let filter = json!({
        "organisation": scope.organisation, "which": body.which, "role": body.role,
        "lapses_within_days": body.lapses_within_days,
    });
    let turn = how.turn(&directory, &filter)?;
    let asked = Asked {
        question: Question::AuthorisedUsers,
        about: scope.about(),
        within: None,
        events: Vec::new(),
        reason: body.reason,
    };
    let noted = note(&directory, &context, by.id, asked).await?;
    let reader = directory.read_models().reader::<AuthorisedUsers>();
    let speaking = speak(&directory, &reader, &turn, (context.at, Some(noted))).await?;
    if body.lapses_within_days.is_some() {
        let organisations = directory.read_models().reader::<Organisations>();
        speaking.await_also(&directory, &organisations, &turn).await?;
    }
    let bench = Bench::of(directory.log(), speaking.as_of()).await.map_err(reading)?;
    let narrowed = Narrowed {
        organisation: scope.organisation,
        which: body.which,
        days: body.lapses_within_days,
        role: body.role,
    };
    let mut clerk = Clerk { directory: &directory, reader, bench, speaking, narrowed };
    let page = clerk.page(&turn.wanted).await?;
    let searched = Searched { left_alone: scope.left_alone(), ..Searched::default() };
    let (how, columns, facets) = (&how, COLUMNS, FACETS);
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
        .answer(&directory))
}

/// To what the question is narrowed.
#[derive(Clone, Copy)]
struct Narrowed {
    organisation: Option<OrganisationId>,
    which: Which,
    days: Option<u64>,
    role: Option<AccountRole>,
}

impl Narrowed {
    fn takes(&self, judged: &Judged, person: &Practitioner, at: DateTime<Utc>) -> bool {
        let which = match self.which {
            Which::Authorised => judged.standing.authorised(),
            Which::NotAuthorised => !judged.standing.authorised(),
            Which::Suspended => person.account().suspension().is_some(),
            Which::Any => true,
        };
        let lapses = self.days.is_none_or(|days| {
            let last = at.date_naive().checked_add_days(Days::new(days));
            judged.standing.authorised()
                && judged.standing.lapses_on.is_some_and(|day| last.is_none_or(|last| day <= last))
        });
        which
            && lapses
            && self.role.is_none_or(|role| judged.role == role)
            && self.organisation.is_none_or(|organisation| judged.organisation == organisation)
    }
}

/// Who looks the users up.
struct Clerk<'a> {
    directory: &'a Directory,
    reader: Reader<AuthorisedUsers>,
    bench: Bench,
    speaking: Speaking,
    narrowed: Narrowed,
}

impl Clerk<'_> {
    async fn page(&mut self, wanted: &Wanted) -> Result<Page, Problem> {
        let (few, key): (_, fn(&Value) -> String) = match (self.narrowed.days, self.narrowed.which)
        {
            (Some(days), _) => (self.lapsing(days).await?, lapsing_key),
            (None, Which::Suspended) => (self.suspended().await?, person_key),
            (None, Which::Authorised | Which::NotAuthorised | Which::Any) => {
                return self.scan(self.everybody(), wanted).await;
            }
        };
        // Of what is long past, everybody is judged: an index says who is suspended, or will lapse, as
        // things are now.
        let all = match few {
            Some(few) => few,
            None => self.all(self.everybody()).await?,
        };
        let mut placed: Vec<Placed> =
            all.into_iter().map(|row| Placed { key: key(&row), row }).collect();
        placed.sort_by(|one, other| one.key.cmp(&other.key));
        placed.dedup_by(|one, other| one.key == other.key);
        Ok(cut(placed, wanted))
    }

    async fn all(&mut self, range: Range) -> Result<Vec<Value>, Problem> {
        let page = self.scan(range, &Wanted::everything()).await?;
        Ok(page.rows.into_iter().map(|placed| placed.row).collect())
    }

    fn everybody(&self) -> Range {
        self.narrowed.organisation.map_or_else(|| Range::documents(1), of_organisation)
    }

    async fn scan(&mut self, range: Range, wanted: &Wanted) -> Result<Page, Problem> {
        let Self { reader, bench, speaking, narrowed, .. } = self;
        let judge = async |found: Vec<Found<Document>>| {
            let mut rows = Vec::with_capacity(found.len());
            for found in found {
                rows.push(judged_row(bench, speaking, narrowed, &found.document).await?);
            }
            Ok(rows)
        };
        scan(reader, range, wanted, judge).await
    }

    /// Those who are suspended; none if that was so long ago that no index leads to them.
    async fn suspended(&mut self) -> Result<Option<Vec<Value>>, Problem> {
        if self.narrowed.organisation.is_some() {
            return Ok(None);
        }
        let mut rows = self.all(beginning_with(SUSPENDED, "", 1)).await?;
        let Self { reader, bench, speaking, narrowed, .. } = self;
        let since = reader.touched_after(speaking.position).await.map_err(failure::asking)?;
        for found in &since.documents {
            rows.extend(judged_row(bench, speaking, narrowed, &found.document).await?);
        }
        Ok(since.all.then_some(rows))
    }

    /// Those who lapse, by the day on which they do; none if that was so long ago that no index leads to
    /// them.
    async fn lapsing(&mut self, days: u64) -> Result<Option<Vec<Value>>, Problem> {
        let position = self.speaking.position;
        let at = self.speaking.effective_at;
        let last =
            at.date_naive().checked_add_days(Days::new(days)).unwrap_or(chrono::NaiveDate::MAX);
        let organisations = self.directory.read_models().reader::<Organisations>();
        let ending = expiring(&organisations, at.date_naive(), last, position).await;
        let Some(ending) = ending.map_err(failure::asking)? else { return Ok(None) };
        let (reader, bench) = (&self.reader, &mut self.bench);
        let lapsing = lapsing_within(reader, bench, &ending, (at, days), position).await;
        let Some(lapsing) = lapsing.map_err(failure::listing)? else { return Ok(None) };
        let nobody = Practitioner::default();
        let taken = lapsing.iter().filter(|judged| self.narrowed.takes(judged, &nobody, at));
        Ok(Some(taken.map(|judged| row(judged, &nobody)).collect()))
    }
}

/// The row of somebody, as judged, if it is asked for.
async fn judged_row(
    bench: &mut Bench,
    speaking: &Speaking,
    narrowed: &Narrowed,
    document: &Document,
) -> Result<Option<Value>, Problem> {
    let at = speaking.effective_at;
    let judged = bench.judge(document, speaking.known_by, at).await.map_err(reading)?;
    let person: Practitioner = document.state(speaking.known_by);
    let judged = judged.filter(|judged| narrowed.takes(judged, &person, at));
    Ok(judged.map(|judged| row(&judged, &person)))
}

fn text(row: &Value, name: &str) -> String {
    row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn person_key(row: &Value) -> String {
    text(row, "practitioner")
}

fn lapsing_key(row: &Value) -> String {
    format!("{}/{}", text(row, "lapses_on"), text(row, "practitioner"))
}

fn row(judged: &Judged, person: &Practitioner) -> Value {
    json!({
        "practitioner": judged.practitioner,
        "organisation": judged.organisation,
        "role": judged.role,
        "authorised": judged.standing.authorised(),
        "unmet": judged.standing.unmet,
        "lapses_on": judged.standing.lapses_on,
        "suspended_since": person.account().suspension().map(|suspension| suspension.at),
        "policy": judged.standing.policy,
    })
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_users);
}
