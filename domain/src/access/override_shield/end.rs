//! Rule A8: what an override shows can be covered again before the user leaves the record.
//!
//! Source: "shown only until they leave that record"; "needed again: whole procedure again" (S27).
//! Reading: ending it by itself is allowed, once; there is no way to take it up again. No condition
//! has to hold to end it.

use chrono::{DateTime, Utc};

use super::own;
use crate::{
    access::{Access, Event, Stage},
    caller::Caller,
    identity::OverrideId,
};

/// Cover what was hidden again, and stay in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndOverride {
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
    /// Nothing hidden is shown by it.
    #[error("the override is not in force")]
    NotInForce(Stage),
}

/// Decides it.
pub fn decide(
    access: &Access,
    caller: &Caller<'_>,
    command: &EndOverride,
) -> Result<Vec<Event>, Rejection> {
    let run = own(access, caller, command.procedure).ok_or(Rejection::NoSuchProcedure)?;
    if run.stage != Stage::Confirmed {
        return Err(Rejection::NotInForce(run.stage));
    }
    Ok(vec![Event::ShieldOverrideEnded { procedure: command.procedure }])
}
