//! How often each authority applied, refused, kept and lifted shields: whether they decide alike.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{actor::Role, organisation::OrganisationKind};
use projections::read_models::{
    Organisations, Shields,
    organisations::bodies,
    shields::{Decision, decisions},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    failure,
    listing::{Listing, Searched},
    page::{Placed, cut},
    particulars::Particulars,
    speaking::speak,
    window::LAST,
};
use crate::{
    caller::Investigator,
    directory::Directory,
    problem::Problem,
    request::{Asking, Parameters},
};

const COLUMNS: &[&str] =
    &["authority", "applied", "refused", "kept", "lifted", "upheld", "refused_percent"];

/// In which window of time.
#[derive(Deserialize, IntoParams)]
pub(super) struct WhichDecisions {
    /// From this instant; since the beginning if left out.
    from: Option<DateTime<Utc>>,
    /// To this instant, exclusive; until the moment the answer speaks for if left out.
    to: Option<DateTime<Utc>>,
}

/// How often each authority decided in each way, so that it can be seen whether they decide alike. A
/// management team sees its own authority's numbers.
#[utoipa::path(tag = "sets", params(WhichDecisions), responses((status = 200, body = serde_json::Value)))]
#[get("/shields/decisions")]
async fn shield_decisions(
    directory: Data<Directory>,
    who: Asking<Investigator>,
    which: Parameters<WhichDecisions>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    list(directory, who, which, how).await
}

pub(super) async fn list(
    directory: Data<Directory>,
    who: Asking<Investigator>,
    which: Parameters<WhichDecisions>,
    how: Particulars,
) -> Result<HttpResponse, Problem> {
    let own = (who.0.role == Role::ManagementTeam).then_some(who.0.organisation);
    let filter = json!({"organisation": own, "from": which.0.from, "to": which.0.to});
    let turn = how.turn(&directory, &filter)?;
    let reader = directory.read_models().reader::<Shields>();
    let speaking = speak(&directory, &reader, &turn, (directory.clock().now(), None)).await?;
    let from = which.0.from.unwrap_or(DateTime::UNIX_EPOCH);
    let known = speaking.last_known(&directory).await?;
    let to = which.0.to.unwrap_or(LAST);
    let organisations = directory.read_models().reader::<Organisations>();
    speaking.await_also(&directory, &organisations, &turn).await?;
    let bodies = bodies(&organisations, speaking.known_by).await.map_err(failure::asking)?.value;
    let mut rows = Vec::new();
    for (id, state) in bodies.states() {
        let authority = state
            .registration()
            .is_some_and(|registered| registered.kind == OrganisationKind::LocalAuthority);
        if authority && own.is_none_or(|own| own == *id) {
            let counts = decisions(&reader, *id, (from, to), known).await;
            let counts = counts.map_err(failure::asking)?.value;
            rows.push(Placed { key: id.to_string(), row: row(&json!(id), &counts) });
        }
    }
    let page = cut(rows, &turn.wanted);
    let left_alone = own.map(|_| vec!["rows of other organisations"]).unwrap_or_default();
    let to = which.0.to.or(Some(speaking.effective_at));
    let searched = Searched { from: which.0.from, to, left_alone, ..Searched::default() };
    let (how, columns, facets) = (&how, COLUMNS, &[]);
    Ok(Listing { how, filter, speaking, page, columns, facets, searched, summary: None }
        .answer(&directory))
}

fn row(authority: &Value, counts: &[(Decision, u64)]) -> Value {
    let of = |wanted: Decision| {
        counts.iter().find(|(decision, _)| *decision == wanted).map_or(0, |(_, count)| *count)
    };
    let (applied, refused) = (of(Decision::Applied), of(Decision::Refused));
    let mut row = Map::from_iter([("authority".to_owned(), authority.clone())]);
    for (decision, count) in counts {
        let name = json!(decision).as_str().unwrap_or_default().to_owned();
        row.insert(name, json!(count));
    }
    let percent = refused.saturating_mul(100).checked_div(applied.saturating_add(refused));
    row.insert("refused_percent".to_owned(), json!(percent));
    Value::Object(row)
}

/// Adds the question.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(shield_decisions);
}
