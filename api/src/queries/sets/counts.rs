//! Counts for Parliament: as of a day, and as known at an instant.

use actix_web::{HttpResponse, get, web::Data};
use chrono::NaiveDate;
use projections::read_models::{Organisations, Shields, parliament::Clerks};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Placed, cut},
    particulars::Particulars,
    speaking::speak,
};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{Asking, Parameters},
};

const COLUMNS: &[&str] = &["what", "count"];

/// On which day.
#[derive(Deserialize, IntoParams)]
pub(super) struct WhichDay {
    /// The day, whose end is meant; that of the moment the answer speaks for if left out.
    day: Option<NaiveDate>,
}

/// How many accounts, accredited organisations and shielded records there were at the end of a day, as
/// known at the moment that `as_of` names: the answer that was given then can be given again.
#[utoipa::path(tag = "sets", params(WhichDay), responses((status = 200, body = serde_json::Value)))]
#[get("/counts")]
async fn counts_for_parliament(
    directory: Data<Directory>,
    who: Asking<Person>,
    which: Parameters<WhichDay>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    list(directory, who, which, how).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    _who: Asking<Person>,
    which: Parameters<WhichDay>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    let filter = json!({"day": which.0.day});
    let turn = how.turn(&directory, &filter)?;
    let models = directory.read_models();
    let clerks = Clerks {
        users: models.reader(),
        organisations: models.reader::<Organisations>(),
        shields: models.reader::<Shields>(),
    };
    let now = (directory.clock().now(), None);
    let speaking = speak(&directory, &clerks.shields, &turn, now).await?;
    let day = which.0.day.unwrap_or(speaking.effective_at.date_naive());
    speaking.await_also(&directory, &clerks.users, &turn).await?;
    speaking.await_also(&directory, &clerks.organisations, &turn).await?;
    let known = speaking.last_known(&directory).await?;
    let counts = clerks.counts(day, known).await.map_err(failure::asking)?;
    let rows: Vec<(&str, Value)> = vec![
        ("accounts-in-use", json!(counts.accounts)),
        ("local-authorities-accredited", json!(counts.authorities)),
        ("national-partners-accredited", json!(counts.partners)),
        ("other-bodies-accredited", json!(counts.others)),
        ("records-shielded", json!(counts.shielded)),
    ];
    let rows = rows.into_iter().enumerate().map(|(number, (what, count))| Placed {
        key: number.to_string(),
        row: json!({"what": what, "count": count}),
    });
    let page = cut(rows.collect(), &turn.wanted);
    let summary = Some(json!({"day": day, "known_at": known.at}));
    let (how, columns, facets, searched) = (&how, COLUMNS, &[], Searched::default());
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary }
        .answer(&directory))
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(counts_for_parliament);
}
