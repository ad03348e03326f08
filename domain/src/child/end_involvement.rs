//! Rule R14: an involvement is ended by its own organisation, or by the management team of the responsible
//! authority.
//!
//! Source: ending an involvement, S25; data quality is the management team's work, S27.
//! Reading: an ended involvement stays on the record with its last day (S34). Whoever may not end a
//! sensitive one is told that there is no such involvement (the entry itself can expose
//! the child, S21b). The lead professional whose involvement ends is lead professional no longer.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, identity::InvolvementId, organisation::Capability, policy::Policy};

/// Ends an involvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndInvolvement {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub involvement: InvolvementId,
    /// The first day on which it is over.
    pub on: NaiveDate,
}

/// Why no involvement is ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no such involvement that this caller may know of.
    #[error("there is no such involvement")]
    NoSuchInvolvement,
    /// It is another organisation's.
    #[error("the involvement is another organisation's")]
    AnotherOrganisations,
    /// It has ended already, on this day.
    #[error("the involvement has ended already")]
    EndedAlready(NaiveDate),
    /// It began later than it is said to have ended.
    #[error("the involvement began after that day")]
    BeganLater(NaiveDate),
    /// The day has not come.
    #[error("the day lies in the future")]
    NotYet,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EndInvolvement,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    let responsible = entitlement::is_responsible_team(child, caller);
    let own = |organisation| responsible || organisation == caller.organisation_id;
    let (from, ended) = if let Some(found) = child.involvements().get(&command.involvement) {
        if !own(found.organisation) {
            return Err(Rejection::AnotherOrganisations);
        }
        (found.from, found.ended)
    } else {
        match child.sensitive_involvements().get(&command.involvement) {
            Some(found) if responsible || found.provider == Some(caller.organisation_id) => {
                (found.from, found.ended)
            }
            Some(_) | None => return Err(Rejection::NoSuchInvolvement),
        }
    };
    if let Some(day) = ended {
        return Err(Rejection::EndedAlready(day));
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::NotYet);
    }
    if command.on < from {
        return Err(Rejection::BeganLater(from));
    }
    Ok(vec![Event::InvolvementEnded { involvement: command.involvement, on: command.on }])
}
