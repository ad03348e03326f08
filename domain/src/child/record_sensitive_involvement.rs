//! Rule R15: a sensitive service is recorded by its provider on a stated basis: consent, or suspected
//! significant harm.
//!
//! Source: sexual health, mental health, substance misuse, with explicit consent, S7; the second basis,
//! regulation 11(3), S5b; who consents, S29; the evidence is not held, S15c.
//! Reading: the command cannot be made without a basis. The event does not name the organisation, since
//! that would betray the service; the provider is the organisation that recorded it. An ordinary kind
//! of service is refused here, so that nothing ordinary is hidden.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event, InvolvedService, SensitiveBasis,
    entitlement::{self, Barred},
    record_involvement::is_somebody_elses,
};
use crate::{
    caller::Caller, identity::InvolvementId, organisation::Capability, personal::Personal,
    policy::Policy,
};

/// Records a sensitive involvement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSensitiveInvolvement {
    /// When.
    pub at: DateTime<Utc>,
    /// Which involvement.
    pub involvement: InvolvementId,
    /// On what basis.
    pub basis: SensitiveBasis,
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
    /// The service is not one of the three sensitive kinds.
    #[error("the service is not sensitive")]
    NotSensitive,
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
    command: &RecordSensitiveInvolvement,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    let unmet: BTreeSet<Unmet> = [
        (child.knows_involvement(command.involvement), Unmet::HandleTaken),
        (!command.service.kind.is_sensitive(), Unmet::NotSensitive),
        (is_somebody_elses(caller, &command.service), Unmet::SomebodyElses),
        (command.from > command.at.date_naive(), Unmet::NotYet),
    ]
    .into_iter()
    .filter_map(|(stands_in_the_way, unmet)| stands_in_the_way.then_some(unmet))
    .collect();
    if !unmet.is_empty() {
        return Err(Rejection::Unmet(unmet));
    }
    Ok(vec![Event::SensitiveInvolvementRecorded {
        involvement: command.involvement,
        basis: command.basis,
        service: Personal::Known(command.service.clone()),
        from: command.from,
    }])
}
