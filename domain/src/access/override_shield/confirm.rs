//! Rule A6: whoever goes on after the warning sees what was hidden, and an investigation opens with it.
//!
//! Source: S27: if the user goes on, hidden data is shown, and this triggers an immediate
//! investigation. Every confirmation has exactly one.
//! Reading: both are events of one append, so neither can be without the other. The right and every
//! condition are judged again at this instant; the reason is the one stated at the attempt. Only the
//! user who was warned can confirm, and only once. An override does not open sensitive services, and
//! lasts until they leave this record: a later opening shows the shielded view again, and everybody
//! else sees the shield throughout.

use chrono::{DateTime, Days, Utc};

use super::own;
use crate::{
    access::{Access, Basis, Decided, Event, Stage, entitlement, visible},
    caller::Caller,
    child::Child,
    identity::{InvestigationId, OverrideId},
    policy::Policy,
    shield::Shield,
};

/// Go on after the warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfirmOverride {
    /// When.
    pub at: DateTime<Utc>,
    /// Which run.
    pub procedure: OverrideId,
    /// The handle of the investigation that opens, chosen by the edge.
    pub investigation: InvestigationId,
}

/// Why there is nothing to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller never began it.
    #[error("no such override")]
    NoSuchProcedure,
    /// It is not waiting for a decision after a warning.
    #[error("the override is not waiting to be confirmed or withdrawn")]
    NotWarned(Stage),
    /// They have left the record.
    #[error("the record is not open by this opening")]
    NotOpen,
    /// The record is not shielded any more.
    #[error("the record is not shielded")]
    NotShielded,
    /// The handle of the investigation is taken.
    #[error("the investigation's handle is taken")]
    InvestigationTaken,
}

/// Decides whether what was hidden is shown.
pub fn decide(
    access: &Access,
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ConfirmOverride,
) -> Result<Decided<Event>, Rejection> {
    let ConfirmOverride { at, procedure, investigation } = command;
    let run = own(access, caller, *procedure).ok_or(Rejection::NoSuchProcedure)?;
    if run.stage != Stage::Warned {
        return Err(Rejection::NotWarned(run.stage));
    }
    let refusals = entitlement::to_override(child, policy, caller, *at);
    if !refusals.is_empty() {
        let refused = Event::AccessRefused {
            purpose: run.purpose.clone(),
            sought: Basis::Override,
            refusals: refusals.clone(),
        };
        return Ok(Decided::refused(vec![refused], refusals));
    }
    if !access.opening(run.opening).is_some_and(|opening| opening.is_open_to(caller.id)) {
        return Err(Rejection::NotOpen);
    }
    if !shield.is_shielded() {
        return Err(Rejection::NotShielded);
    }
    if access.investigation(*investigation).is_some() {
        return Err(Rejection::InvestigationTaken);
    }
    let values = policy.on(at.date_naive()).1;
    let seen = visible(child, shield, Basis::Override, values);
    let days = Days::new(values.investigation_days.into());
    let due = at.date_naive().checked_add_days(days).unwrap_or(chrono::NaiveDate::MAX);
    Ok(Decided::granted(vec![
        Event::ShieldOverrideConfirmed {
            procedure: *procedure,
            shield: shield.state(),
            shown: seen.shown,
            withheld: seen.withheld,
        },
        Event::InvestigationOpened {
            investigation: *investigation,
            procedure: *procedure,
            practitioner: caller.id,
            due,
        },
    ]))
}
