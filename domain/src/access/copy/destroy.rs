//! Rule A16: a copy is destroyed on record, by whoever took it or by the team of their organisation.
//!
//! Source: paper and files are disclosures until they are gone (S11, S31).
//! Reading: whoever took the copy needs to meet no condition to destroy it: somebody suspended can
//! still hand in paper. The management team of the organisation they acted for may record it, since
//! people leave. Destroying again is quiet. A copy that one has no part in reads like one that never
//! was.

use chrono::{DateTime, Utc};

use super::State;
use crate::{
    access::{Access, Event},
    actor::Role,
    caller::{Caller, Needs, NotEntitled, require},
    identity::CopyId,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Record that a copy was destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestroyCopy {
    /// When.
    pub at: DateTime<Utc>,
    /// Which copy.
    pub copy: CopyId,
    /// How, and before whom.
    pub manner: Personal<Text>,
}

/// Why there is nothing to destroy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no copy that the caller has a part in.
    #[error("no such copy")]
    NoSuchCopy,
}

/// Records the destruction; quiet if it is on record.
pub fn decide(
    access: &Access,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &DestroyCopy,
) -> Result<Vec<Event>, Rejection> {
    let copied = access.copy(command.copy).ok_or(Rejection::NoSuchCopy)?;
    if copied.by != Some(caller.id) {
        let own = caller.role == Role::ManagementTeam
            && copied.organisation == Some(caller.organisation_id);
        if !own {
            return Err(Rejection::NoSuchCopy);
        }
        require(caller, policy, command.at, Needs::ManagementTeamOf(caller.organisation_id))?;
    }
    match copied.state {
        State::HeldBack => Err(Rejection::NoSuchCopy),
        State::Destroyed => Ok(Vec::new()),
        State::Kept => {
            Ok(vec![Event::CopyDestroyed { copy: command.copy, manner: command.manner.clone() }])
        }
    }
}
