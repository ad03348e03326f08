//! Rule E8: until an erasure has begun, any officer who may decide about it can take it back.
//!
//! Source: none; ours.
//! Reading: it takes two to erase and one to stop. Where nothing is proposed, stopping is quiet.

use chrono::{DateTime, Utc};

use super::{Erasure, Event, NotErasable, Stage, Subject};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    policy::Policy,
};

/// Takes a proposal or an authorisation back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// When.
    pub at: DateTime<Utc>,
}

/// Why it cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It has begun.
    #[error(transparent)]
    TooLate(#[from] NotErasable),
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    state: &Erasure,
    subject: Option<Subject<'_>>,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Withdraw,
) -> Result<Vec<Event>, Rejection> {
    let officers = subject.map_or_else(|| vec![Needs::Official], Subject::officers);
    let about = subject.and_then(Subject::person);
    require_about_another(caller, policy, command.at, Needs::AnyOf(&officers), about)?;
    match state.stage() {
        Stage::NotProposed => Ok(Vec::new()),
        Stage::Proposed(_) | Stage::Authorised { .. } => Ok(vec![Event::ProposalWithdrawn {}]),
        Stage::Begun(_) | Stage::Erased { .. } => Err(NotErasable::Begun.into()),
    }
}
