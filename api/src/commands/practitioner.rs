//! The standing of a person.

mod account;
mod appointment;
mod override_right;
mod training;
mod vetting;

use std::sync::Arc;

use domain::{
    caller::Caller,
    identity::{OrganisationId, PractitionerId},
    organisation::Organisation,
    policy::Policy,
    practitioner::{Event, Practitioner},
    stream::Stream,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt};
use crate::{
    directory::{Directory, Outcome, View},
    problem::Problem,
    request::Context,
};

/// Adds every command about somebody's standing.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    account::configure(service);
    appointment::configure(service);
    override_right::configure(service);
    training::configure(service);
    vetting::configure(service);
}

/// A decision that rests on the standing alone.
async fn standing<R>(
    directory: &Directory,
    context: &Context,
    id: PractitionerId,
    decide: impl Fn(&Practitioner, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Practitioner(id), async |view| {
            let state = view.fold::<Practitioner>(Stream::Practitioner(id)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&state, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}

/// A decision that rests on the standing and on the organisation that nominated the person.
async fn employed<R>(
    directory: &Directory,
    context: &Context,
    id: PractitionerId,
    decide: impl Fn(&Practitioner, &Organisation, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Practitioner(id), async |view| {
            let state = view.fold::<Practitioner>(Stream::Practitioner(id)).await?;
            let organisation = employer(view, &state).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&state, &organisation, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}

/// A decision that rests on the standing and on an organisation that the command names.
async fn of_organisation<R>(
    directory: &Directory,
    context: &Context,
    (id, organisation): (PractitionerId, OrganisationId),
    decide: impl Fn(&Practitioner, &Organisation, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Practitioner(id), async |view| {
            let state = view.fold::<Practitioner>(Stream::Practitioner(id)).await?;
            let organisation =
                view.fold::<Organisation>(Stream::Organisation(organisation)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&state, &organisation, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}

/// The organisation that nominated somebody; one without any event if nobody did.
async fn employer(view: &View, state: &Practitioner) -> Result<Arc<Organisation>, Problem> {
    match state.nomination() {
        Some(by) => view.fold(Stream::Organisation(by.organisation)).await,
        None => Ok(Arc::default()),
    }
}
