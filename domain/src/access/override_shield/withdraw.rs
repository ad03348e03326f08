//! Rule A7: a user who was warned may step back, and that they tried stays recorded.
//!
//! Source: S27 ("if the user goes on").
//! Reading: that somebody tried is worth knowing, so it is recorded. Nothing was shown, so no
//! investigation opens. No condition has to hold to step back.

use chrono::{DateTime, Utc};

use super::own;
use crate::{
    access::{Access, Event, Stage},
    caller::Caller,
    identity::OverrideId,
};

/// Step back after the warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawOverride {
    /// When.
    pub at: DateTime<Utc>,
    /// Which run.
    pub procedure: OverrideId,
}

/// Why it cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller never began it.
    #[error("no such override")]
    NoSuchProcedure,
    /// It is not waiting for a decision after a warning.
    #[error("the override is not waiting to be confirmed or withdrawn")]
    NotWarned(Stage),
}

/// Decides it.
pub fn decide(
    access: &Access,
    caller: &Caller<'_>,
    command: &WithdrawOverride,
) -> Result<Vec<Event>, Rejection> {
    let run = own(access, caller, command.procedure).ok_or(Rejection::NoSuchProcedure)?;
    if run.stage != Stage::Warned {
        return Err(Rejection::NotWarned(run.stage));
    }
    Ok(vec![Event::ShieldOverrideWithdrawn { procedure: command.procedure }])
}
