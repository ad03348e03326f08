//! Rule R13: a service records its own involvement with a child, and how to reach who works with them.
//!
//! Source: practitioners record their own involvement, S1b, S25; what an involvement means, S29; the
//! three sensitive kinds, S7.
//! Reading: the organisation is the caller's own, always. A practitioner records themselves; a management
//! team records on behalf of its organisation's practitioners. A sensitive kind is refused here, since
//! it needs a basis (R15).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event, InvolvedService,
    entitlement::{self, Barred},
};
use crate::{
    actor::Role, caller::Caller, identity::InvolvementId, organisation::Capability,
    personal::Personal, policy::Policy,
};

/// Records an involvement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordInvolvement {
    /// When.
    pub at: DateTime<Utc>,
    /// Which involvement.
    pub involvement: InvolvementId,
    /// The service, and how to reach it.
    pub service: InvolvedService,
    /// From which day.
    pub from: NaiveDate,
}

/// Something about the involvement that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unmet {
    /// The handle is taken. Handles are chosen at random.
    #[error("an involvement with this handle exists")]
    HandleTaken,
    /// The service is sensitive, so it is recorded with its basis (R15).
    #[error("a sensitive service is recorded with its basis")]
    Sensitive,
    /// A practitioner records their own involvement, not somebody else's.
    #[error("the involvement is somebody else's")]
    SomebodyElses,
    /// The day has not come.
    #[error("the day lies in the future")]
    NotYet,
}

/// Why no involvement is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// Everything about the involvement that stands in the way.
    #[error("the involvement cannot be recorded as described")]
    Unmet(BTreeSet<Unmet>),
}

/// Decides.
///
/// # Errors
/// Names everything that stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordInvolvement,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    let unmet: BTreeSet<Unmet> = [
        (child.knows_involvement(command.involvement), Unmet::HandleTaken),
        (command.service.kind.is_sensitive(), Unmet::Sensitive),
        (is_somebody_elses(caller, &command.service), Unmet::SomebodyElses),
        (command.from > command.at.date_naive(), Unmet::NotYet),
    ]
    .into_iter()
    .filter_map(|(stands_in_the_way, unmet)| stands_in_the_way.then_some(unmet))
    .collect();
    if !unmet.is_empty() {
        return Err(Rejection::Unmet(unmet));
    }
    Ok(vec![Event::InvolvementRecorded {
        involvement: command.involvement,
        organisation: caller.organisation_id,
        service: Personal::Known(command.service.clone()),
        from: command.from,
    }])
}

/// Whether a practitioner names another account than their own.
pub(super) fn is_somebody_elses(caller: &Caller<'_>, service: &InvolvedService) -> bool {
    caller.role == Role::Practitioner
        && service.practitioner.is_some_and(|named| named != caller.id)
}
