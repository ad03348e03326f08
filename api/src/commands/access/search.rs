//! Searching. What is asked for travels in the body, so that no name lands in an address.

use std::sync::Arc;

use actix_web::{post, query, web::Data};
use domain::{
    activity::{
        self, SearchOutcome, Terms,
        search::{self, Candidate, Search},
    },
    child::Child,
    identity::{ChildRef, PractitionerId},
    shield::Shield,
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, recordable, refusal, released};
use crate::{
    caller::Person,
    directory::{Directory, View},
    openapi::vocabulary,
    problem::Problem,
    request::{Context, GivenReason, Request},
};

/// What is asked for, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchForChildren {
    /// At least two fields, by the policy of 2009.
    #[schema(value_type = vocabulary::Terms)]
    terms: Terms,
    /// Why.
    reason: GivenReason,
}

/// Search for a child. The answer is exactly the list that was recorded as shown. The same request
/// can be made with the method QUERY on /children (RFC 10008), which `OpenAPI` 3.1 cannot describe.
#[utoipa::path(tag = "looking", request_body = SearchForChildren,
    responses((status = 200, body = vocabulary::ResultList)))]
#[post("/children/search")]
async fn search_children(
    directory: Data<Directory>,
    request: Request<Person, SearchForChildren>,
) -> Answer {
    searching(&directory, request).await
}

#[query("/children")]
async fn query_children(
    directory: Data<Directory>,
    request: Request<Person, SearchForChildren>,
) -> Answer {
    searching(&directory, request).await
}

async fn searching(directory: &Directory, request: Request<Person, SearchForChildren>) -> Answer {
    let Request { by, context, body, .. } = request;
    let command = Search { at: context.at, purpose: body.reason.into(), terms: body.terms };
    let outcome = decided(directory, &context, by.id, &command).await?;
    refusal(&outcome.recorded)?;
    released::list(directory, &outcome).await
}

/// Decides a search and records it. A search of the demonstration goes this way, too.
pub(crate) async fn decided(
    directory: &Directory,
    context: &Context,
    searcher: PractitionerId,
    command: &Search,
) -> Result<crate::directory::Outcome, Problem> {
    directory
        .handle(context, Stream::Activity(searcher), async |view| {
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let caller = asker.caller();
            // Judged once without relying on anything, to learn which records would be shown; then
            // once more on just those, which the decision relies on. A record that comes to match in
            // between is left out; one that ceases to match makes the append fail.
            let cap = policy.on(command.at.date_naive()).1.search_cap;
            let mut limit = usize::try_from(cap).unwrap_or(usize::MAX).saturating_mul(2);
            let first = loop {
                let (possible, more) = Records::unguarded(directory, &command.terms, limit).await?;
                let first = search::decide(&possible.candidates(), &policy, &caller, command);
                // Where some that might match do not, others beyond the limit may.
                if !more || shown(&first.events).is_none() {
                    break first;
                }
                limit = limit.saturating_mul(4);
            };
            let Some(shown) = shown(&first.events) else { return recordable(first) };
            let records = Records::guarded(view, shown).await?;
            recordable(search::decide(&records.candidates(), &policy, &caller, command))
        })
        .await
}

/// The children in the list; none when there is no list, and so nothing to rely on.
fn shown(events: &[activity::Event]) -> Option<Vec<ChildRef>> {
    events.iter().find_map(|event| match event {
        activity::Event::SearchPerformed { outcome: SearchOutcome::Shown(rows), .. } => {
            Some(rows.iter().map(|row| row.child).collect())
        }
        activity::Event::SearchPerformed { outcome: SearchOutcome::TooMany, .. }
        | activity::Event::SearchRefused { .. } => None,
    })
}

/// Records with their shields.
struct Records(Vec<(ChildRef, Arc<Child>, Arc<Shield>)>);

impl Records {
    /// Those that might match, and whether there are more.
    async fn unguarded(
        directory: &Directory,
        terms: &Terms,
        limit: usize,
    ) -> Result<(Self, bool), Problem> {
        let mut records = Vec::new();
        let possible = directory.candidates(terms, limit).await?;
        for child in possible.children {
            let record = directory.state::<Child>(Stream::Child(child)).await?;
            records.push((child, record, directory.state(Stream::Shield(child)).await?));
        }
        Ok((Self(records), possible.more))
    }

    async fn guarded(view: &View, children: Vec<ChildRef>) -> Result<Self, Problem> {
        let mut records = Vec::new();
        for child in children {
            let record = view.fold::<Child>(Stream::Child(child)).await?;
            records.push((child, record, view.fold(Stream::Shield(child)).await?));
        }
        Ok(Self(records))
    }

    fn candidates(&self) -> Vec<Candidate<'_>> {
        self.0
            .iter()
            .map(|(child, record, shield)| Candidate { child: *child, record, shield })
            .collect()
    }
}

/// Adds the search.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(search_children);
}

/// Adds its twin by the method QUERY.
pub(crate) fn by_method(service: &mut actix_web::web::ServiceConfig) {
    service.service(query_children);
}
