//! Legal holds and erasures of a subject: a child with a record, or somebody who uses the directory.

mod holds;
mod officers;
mod sweep;

use domain::{
    caller::Caller,
    child::Child,
    erasure::{Erasure, Event, Subject},
    identity::{ChildRef, PractitionerId},
    policy::Policy,
    practitioner::Practitioner,
    stream::Stream,
};
use event_log::transparency;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Answer, Receipt};
use crate::{
    directory::{Directory, Outcome},
    problem::Problem,
    request::Context,
};

/// Adds these commands.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    holds::configure(service);
    officers::configure(service);
    sweep::configure(service);
}

/// A decision about the erasure of a subject, which rests on what the subject is.
async fn decided<R>(
    directory: &Directory,
    context: &Context,
    subject: Uuid,
    decide: impl Fn(&Erasure, Option<Subject<'_>>, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Erasure(subject), async |view| {
            let state = view.fold::<Erasure>(Stream::Erasure(subject)).await?;
            let child = view.fold::<Child>(Stream::Child(ChildRef::new(subject))).await?;
            let person = PractitionerId::new(subject);
            let person = view.fold::<Practitioner>(Stream::Practitioner(person)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let about = Subject::of(&child, &person);
            let events = decide(&state, about, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}

/// The receipt of what was recorded last of several commands, once a checkpoint covers it, if the caller waits
/// for that and it comes in time. All is done, published or not: whoever waited in vain asks for it later.
async fn covered_in_time(
    directory: &Directory,
    context: &Context,
    last: Option<u64>,
) -> Option<transparency::Receipt> {
    let (wait, position) = (context.wait?, last?);
    directory.receipt(position, Some(wait)).await.ok()
}
