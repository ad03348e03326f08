//! What the days bring about for one person: done by the clock, or by an official who will not wait for it.

use domain::{
    child::{Child, archive_record},
    erasure::{Erasure, Subject, record_due},
    identity::{ChildRef, PractitionerId},
    practitioner::{Practitioner, record_lapse},
    stream::Stream,
};
use uuid::Uuid;

use crate::{directory::Directory, problem::Problem, request::Context};

/// Puts a record where it belongs on this day (rule K4). Answers where that was recorded, if anything was.
///
/// # Errors
/// When the caller may not, or nothing can be recorded.
pub(crate) async fn archive(
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

/// Puts on record that an erasure is due (rule E4). Answers where that was recorded, if anything was.
///
/// # Errors
/// When the caller may not, or nothing can be recorded.
pub(crate) async fn find_due(
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

/// Puts on record that somebody's check has lapsed (rule U5). Answers where that was recorded, if anything was.
///
/// # Errors
/// When the caller may not, or nothing can be recorded.
pub(crate) async fn lapse(
    directory: &Directory,
    context: &Context,
    subject: Uuid,
) -> Result<Option<u64>, Problem> {
    let stream = Stream::Practitioner(PractitionerId::new(subject));
    let context = part(context, subject, b"lapse");
    let command = record_lapse::RecordLapse { at: context.at };
    let outcome = directory
        .handle(&context, stream, async |view| {
            let person = view.fold::<Practitioner>(stream).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            match record_lapse::decide(&person, &policy, &asker.caller(), &command) {
                Ok(events) => Ok(events.into_iter().map(Into::into).collect()),
                Err(
                    record_lapse::Rejection::NoOpenAccount(_)
                    | record_lapse::Rejection::NoCheck
                    | record_lapse::Rejection::StillHolds { .. },
                ) => Ok(Vec::new()),
                Err(rejection @ record_lapse::Rejection::NotEntitled(_)) => Err(rejection.into()),
            }
        })
        .await?;
    Ok(outcome.recorded.last().map(|event| event.stamp.position))
}

/// A part of a round: a command of its own, the same when the same round comes again. Whoever goes through everybody
/// waits for a checkpoint once, and not with each part.
fn part(context: &Context, subject: Uuid, what: &[u8]) -> Context {
    let command = Uuid::new_v5(&Uuid::new_v5(&context.command, subject.as_bytes()), what);
    Context { command, wait: None, ..*context }
}
