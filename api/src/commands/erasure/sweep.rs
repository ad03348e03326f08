//! Going through everybody: records into the archive on their day, and what is due put on record.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    child::{Child, archive_record},
    erasure::{Erasure, Subject, record_due},
    identity::{ChildRef, PractitionerId},
    practitioner::Practitioner,
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Answer, covered_in_time};
use crate::{
    caller::Official,
    directory::Directory,
    problem::Problem,
    request::{Context, PREFERENCE_APPLIED, Request},
};

/// How many subjects one request looks at, unless it says otherwise; and the most it may ask for. Ours.
const USUAL: usize = 1_000;
const MOST: usize = 10_000;

/// Which part of everybody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sweep {
    /// Those after this handle; from the beginning without it.
    #[serde(default)]
    after: Option<Uuid>,
    /// At most so many, 1,000 if nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    limit: Option<usize>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
struct Swept {
    /// How many were looked at.
    looked_at: usize,
    /// Records that went into the archive, or were closed to data managers there.
    archived: Vec<Uuid>,
    /// Subjects whose erasure was found to be due.
    due: Vec<Uuid>,
    /// Go on after this one; none when everybody has been looked at.
    next: Option<Uuid>,
}

/// Put records into the archive on their day, and put on record whose erasure is due. Done again, it
/// changes nothing; go on with `next` until there is none.
#[utoipa::path(tag = "erasure", request_body = Sweep, responses((status = 200, body = Swept)))]
#[post("/erasures/sweeps")]
async fn sweep_erasures(directory: Data<Directory>, request: Request<Official, Sweep>) -> Answer {
    let Request { context, body, .. } = request;
    let limit = body.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::at_field("limit", format!("1 to {MOST}")));
    }
    let after = body.after.unwrap_or_default();
    let subjects = directory.subjects_after(after, limit).await?;
    let next = subjects.last().copied().filter(|_| subjects.len() == limit);
    let mut swept = Swept { looked_at: subjects.len(), archived: vec![], due: vec![], next };
    let mut last = None;
    for subject in subjects {
        if let Some(position) = archive(&directory, &context, subject).await? {
            swept.archived.push(subject);
            last = Some(position);
        }
        if let Some(position) = record(&directory, &context, subject).await? {
            swept.due.push(subject);
            last = Some(position);
        }
    }
    let mut answer = HttpResponse::Ok();
    if covered_in_time(&directory, &context, last).await.is_some() {
        answer.insert_header((PREFERENCE_APPLIED, "wait"));
    }
    Ok(answer.json(swept))
}

async fn archive(
    directory: &Directory,
    context: &Context,
    subject: Uuid,
) -> Result<Option<u64>, Problem> {
    let stream = Stream::Child(ChildRef::new(subject));
    let context = part(context, subject, b"archive");
    let command = archive_record::ArchiveRecord { at: context.at };
    let outcome = directory
        .handle(&context, stream, async |view| {
            let child = view.fold::<Child>(stream).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            match archive_record::decide(&child, &policy, &asker.caller(), &command) {
                Ok(events) => Ok(events.into_iter().map(Into::into).collect()),
                Err(
                    archive_record::Rejection::NotDue | archive_record::Rejection::NoSuchRecord,
                ) => Ok(Vec::new()),
                Err(rejection @ archive_record::Rejection::NotEntitled(_)) => Err(rejection.into()),
            }
        })
        .await?;
    Ok(outcome.recorded.last().map(|event| event.stamp.position))
}

async fn record(
    directory: &Directory,
    context: &Context,
    subject: Uuid,
) -> Result<Option<u64>, Problem> {
    let stream = Stream::Erasure(subject);
    let context = part(context, subject, b"due");
    let command = record_due::RecordDue { at: context.at };
    let outcome = directory
        .handle(&context, stream, async |view| {
            let state = view.fold::<Erasure>(stream).await?;
            let child = view.fold::<Child>(Stream::Child(ChildRef::new(subject))).await?;
            let person = Stream::Practitioner(PractitionerId::new(subject));
            let person = view.fold::<Practitioner>(person).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let Some(about) = Subject::of(&child, &person) else { return Ok(Vec::new()) };
            match record_due::decide(&state, about, &policy, &asker.caller(), &command) {
                Ok(events) => Ok(events.into_iter().map(Into::into).collect()),
                Err(record_due::Rejection::NotDue) => Ok(Vec::new()),
                Err(rejection @ record_due::Rejection::NotEntitled(_)) => Err(rejection.into()),
            }
        })
        .await?;
    Ok(outcome.recorded.last().map(|event| event.stamp.position))
}

/// A part of a sweep: a command of its own, the same when the same sweep comes again. The sweep waits for a
/// checkpoint once, and not its parts.
fn part(context: &Context, subject: Uuid, what: &[u8]) -> Context {
    let command = Uuid::new_v5(&Uuid::new_v5(&context.command, subject.as_bytes()), what);
    Context { command, wait: None, ..*context }
}

/// Adds the command.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(sweep_erasures);
}
