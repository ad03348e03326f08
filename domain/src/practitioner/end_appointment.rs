//! Rule U18: an appointment ends on a day, and with it everything the office allowed.
//!
//! Source: the sources are silent.
//! Reading: the end is today or later, never a day already judged. Nobody ends their own.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Practitioner};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    policy::Policy,
};

/// End an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndAppointment {
    /// Now.
    pub at: DateTime<Utc>,
    /// The first day on which it no longer holds.
    pub on: NaiveDate,
}

/// Why an appointment is not ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// They hold no office.
    #[error("no office of the department is held")]
    NotAppointed,
    /// The day has been judged already.
    #[error("an appointment ends today or later, not on {on}")]
    BackDated {
        /// The day given.
        on: NaiveDate,
    },
}

/// Ends the appointment.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EndAppointment,
) -> Result<Vec<Event>, Rejection> {
    let needs = Needs::AnyOf(&[Needs::Official, Needs::System]);
    require_about_another(caller, policy, command.at, needs, practitioner.id())?;
    let today = command.at.date_naive();
    if practitioner.appointment().office_on(today).is_none() {
        return Err(Rejection::NotAppointed);
    }
    if command.on < today {
        return Err(Rejection::BackDated { on: command.on });
    }
    Ok(vec![Event::DepartmentAppointmentEnded { on: command.on }])
}
