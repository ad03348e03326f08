//! Rule R7: whoever has parental responsibility or care is recorded, with how to reach them.
//!
//! Source: Schedule 1, paragraph 6, S1c.
//! Reading: recording a carer again under the same handle replaces what is known of them.

use chrono::{DateTime, Utc};

use super::{
    Carer, Child, Event,
    entitlement::{self, Barred},
};
use crate::{
    caller::Caller, identity::CarerId, organisation::Capability, personal::Personal, policy::Policy,
};

/// Records a carer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCarer {
    /// When.
    pub at: DateTime<Utc>,
    /// Which carer.
    pub carer: CarerId,
    /// What is known of them.
    pub particulars: Carer,
}

/// Why no carer is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordCarer,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    Ok(vec![Event::CarerRecorded {
        carer: command.carer,
        particulars: Personal::Known(command.particulars.clone()),
    }])
}
