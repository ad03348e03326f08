//! Looking: a POST that returns what was disclosed, after what records it is durable.

mod brokering;
mod copying;
mod opening;
mod overriding;
mod refused;
mod released;
mod search;

use domain::{
    access::Access, caller::Caller, child::Child, identity::ChildRef, policy::Policy,
    shield::Shield, stream::Stream,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt, note_waiting};
use crate::{directory::View, problem::Problem};

pub(crate) use refused::{recordable, refusal};
pub(crate) use search::{by_method, decided as search};

/// Adds every look.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    // The most frequent first.
    opening::configure(service);
    search::configure(service);
    overriding::configure(service);
    brokering::configure(service);
    copying::configure(service);
}

/// Everything that a decision about one child's record and its accesses rests on.
async fn deciding<T>(
    view: &View,
    child: ChildRef,
    decide: impl Fn(&Access, &Child, &Shield, &Policy, &Caller<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let access = view.fold::<Access>(Stream::Access(child)).await?;
    let record = view.fold::<Child>(Stream::Child(child)).await?;
    let shield = view.fold::<Shield>(Stream::Shield(child)).await?;
    let (policy, asker) = (view.policy().await?, view.asker().await?);
    decide(&access, &record, &shield, &policy, &asker.caller())
}
