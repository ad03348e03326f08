//! Organisations, and the training programme of their management teams.

mod body;
mod notices;
mod programme;

use domain::{
    caller::Caller,
    identity::OrganisationId,
    organisation::{Event, Organisation},
    policy::Policy,
    stream::Stream,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt};
use crate::{
    directory::{Directory, Outcome},
    problem::Problem,
    request::Context,
};

/// Adds every command about organisations.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    body::configure(service);
    notices::configure(service);
    programme::configure(service);
}

/// A decision that rests on the organisation's stream alone.
async fn organisation_state<R>(
    directory: &Directory,
    context: &Context,
    id: OrganisationId,
    decide: impl Fn(&Organisation, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Organisation(id), async |view| {
            let state = view.fold::<Organisation>(Stream::Organisation(id)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&state, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}
