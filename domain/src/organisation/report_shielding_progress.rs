//! Rule O5: an organisation reports how far its shielding before first use has come.
//!
//! Source: Commons 23 March 2009, 264636 (two thirds of the authorities reported it done by 13 March).
//! Reading: its own management team reports, once it is enabled to shield; two counts, no children.

use chrono::{DateTime, Utc};

use super::{Capability, Event, Organisation, ShieldingPhase};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// Report progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportShieldingProgress {
    /// Now.
    pub at: DateTime<Utc>,
    /// Requests looked at.
    pub considered: u32,
    /// Requests still waiting.
    pub waiting: u32,
}

/// Why progress is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not registered.
    #[error("no such organisation is registered")]
    NotRegistered,
    /// It is signed off.
    #[error("the shielding phase is signed off already")]
    AlreadySignedOff,
}

/// Records the report; quiet if nothing changed.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ReportShieldingProgress,
) -> Result<Vec<Event>, Rejection> {
    let id = organisation.id().filter(|_| organisation.registration().is_some());
    let id = id.ok_or(Rejection::NotRegistered)?;
    let team = Needs::ManagementTeamUsing(id, Capability::Shield);
    require(caller, policy, command.at, team)?;
    match organisation.shielding() {
        ShieldingPhase::Completed { .. } => Err(Rejection::AlreadySignedOff),
        ShieldingPhase::Underway { considered, waiting }
            if considered == command.considered && waiting == command.waiting =>
        {
            Ok(Vec::new())
        }
        ShieldingPhase::NotReported | ShieldingPhase::Underway { .. } => {
            Ok(vec![Event::ShieldingPhaseProgressReported {
                considered: command.considered,
                waiting: command.waiting,
            }])
        }
    }
}
