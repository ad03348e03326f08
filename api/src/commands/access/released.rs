//! What a disclosure shows, built from the event that recorded it: the same function for an answer
//! given now, an answer given again, and an investigator years later.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpResponse, http::header::ContentType};
use domain::{
    access::{self, Screen},
    activity::{self, ResultList},
    child::Child,
    event::Event,
    identity::ChildRef,
    recorded::{Recorded, ReliedOn},
    stream::Stream,
};

use super::note_waiting;
use crate::{
    directory::{Directory, Outcome},
    problem::{Problem, kind},
    request::{CONSISTENCY_TOKEN, ConsistencyToken, ExpectedRevision},
};

/// The screen that an opening, a confirmed override, a copy or a broker's look shows.
pub(super) async fn screen(
    directory: &Directory,
    outcome: &Outcome,
    child: ChildRef,
) -> Result<HttpResponse, Problem> {
    let recorded = first(outcome)?;
    still_holds(directory, outcome, recorded).await?;
    let revision = revision_of(recorded, child);
    let record = as_relied_on(directory, recorded, child).await?;
    let event = access::Event::try_from(recorded.event.clone())
        .map_err(|_| Problem::new(&kind::INTERNAL))?;
    let narrowed = Recorded { stamp: recorded.stamp.clone(), event };
    let screen = Screen::rebuild(&narrowed, &record).ok_or(Problem::new(&kind::INTERNAL))?;
    let made_something = screen.opening.is_some() || screen.copy.is_some();
    let mut answer = if made_something { HttpResponse::Created() } else { HttpResponse::Ok() };
    if let Some(revision) = revision {
        answer.insert_header(("ETag", ExpectedRevision { child, revision }.etag()));
    }
    note_waiting(outcome, &mut answer);
    bytes(outcome, answer, &screen)
}

/// The list that a search shows.
pub(super) async fn list(
    directory: &Directory,
    outcome: &Outcome,
) -> Result<HttpResponse, Problem> {
    let recorded = first(outcome)?;
    still_holds(directory, outcome, recorded).await?;
    let mut records = BTreeMap::new();
    for relied in &recorded.stamp.relied_on {
        if let Stream::Child(child) = relied.stream {
            records.insert(child, as_relied_on(directory, recorded, child).await?);
        }
    }
    let records = records.iter().map(|(child, record)| (*child, record.as_ref())).collect();
    let event = activity::Event::try_from(recorded.event.clone())
        .map_err(|_| Problem::new(&kind::INTERNAL))?;
    let narrowed = Recorded { stamp: recorded.stamp.clone(), event };
    let list = ResultList::rebuild(&narrowed, &records).ok_or(Problem::new(&kind::INTERNAL))?;
    let mut answer = HttpResponse::Ok();
    note_waiting(outcome, &mut answer);
    bytes(outcome, answer, &list)
}

fn bytes(
    outcome: &Outcome,
    mut answer: actix_web::HttpResponseBuilder,
    shown: &impl serde::Serialize,
) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_string(shown).map_err(|_| Problem::new(&kind::INTERNAL))?;
    if let Some(last) = outcome.recorded.last() {
        let token = ConsistencyToken(last.stamp.position);
        answer.insert_header((CONSISTENCY_TOKEN, token.to_header()));
    }
    Ok(answer.insert_header(ContentType::json()).body(body))
}

fn first(outcome: &Outcome) -> Result<&Recorded<Event>, Problem> {
    outcome.recorded.first().ok_or(Problem::new(&kind::INTERNAL))
}

fn revision_of(recorded: &Recorded<Event>, child: ChildRef) -> Option<u64> {
    let relied = &recorded.stamp.relied_on;
    relied.iter().find(|one| one.stream == Stream::Child(child)).and_then(|one| one.revision)
}

async fn as_relied_on(
    directory: &Directory,
    recorded: &Recorded<Event>,
    child: ChildRef,
) -> Result<Arc<Child>, Problem> {
    directory.state_at(Stream::Child(child), revision_of(recorded, child)).await
}

/// An answer may be given again only while everything it rested on stands as it did: a shield hides
/// from the first read after it, and a repeated request is such a read.
async fn still_holds(
    directory: &Directory,
    outcome: &Outcome,
    recorded: &Recorded<Event>,
) -> Result<(), Problem> {
    if !outcome.repeated {
        return Ok(());
    }
    for ReliedOn { stream, revision } in &recorded.stamp.relied_on {
        let own = *stream == recorded.stamp.stream;
        if !own && directory.revision(*stream).await? != *revision {
            return Err(Problem::new(&kind::ALREADY_ANSWERED));
        }
    }
    Ok(())
}
