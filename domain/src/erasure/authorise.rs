//! Rule E7: a second officer, who is not the one who proposed it, authorises an erasure.
//!
//! Source: two persons for an erasure, ours; separation of duties, ISO 14641.
//! Reading: the second officer judges the same grounds anew on their own day, and is entitled as the first was. It
//! is the person that must differ, not the office: whoever holds two offices is one officer.

use chrono::{DateTime, Utc};

use super::{Erasure, Event, NotErasable, Stage, Subject, proposal::erasable};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    policy::Policy,
};

/// Authorises an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorise {
    /// When.
    pub at: DateTime<Utc>,
}

/// Why it is not authorised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// Nobody has proposed it.
    #[error("nobody has proposed this erasure")]
    NotProposed,
    /// The caller proposed it.
    #[error("the officer who proposed an erasure cannot authorise it")]
    SameOfficer,
    /// The subject may not be erased at present.
    #[error(transparent)]
    NotErasable(#[from] NotErasable),
}

/// Decides. Quiet when the caller has authorised it before.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    state: &Erasure,
    subject: Option<Subject<'_>>,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Authorise,
) -> Result<Vec<Event>, Rejection> {
    let officers = subject.map_or_else(|| vec![Needs::Official], Subject::officers);
    let about = subject.and_then(Subject::person);
    require_about_another(caller, policy, command.at, Needs::AnyOf(&officers), about)?;
    let (proposal, already) = match state.stage() {
        Stage::Proposed(proposal) => (proposal, None),
        Stage::Authorised { proposal, by, .. } => (proposal, Some(*by)),
        Stage::Begun(_) | Stage::Erased { .. } => return Err(NotErasable::Begun.into()),
        Stage::NotProposed => return Err(Rejection::NotProposed),
    };
    if proposal.by == caller.id {
        return Err(Rejection::SameOfficer);
    }
    if already.is_some() {
        return Ok(Vec::new());
    }
    let subject = subject.ok_or(Rejection::NotProposed)?;
    let today = command.at.date_naive();
    let retention = policy.on(today).1.retention();
    erasable(state, subject, retention, (proposal.grounds, today))?;
    Ok(vec![Event::Authorised { proposed_by: proposal.by, grounds: proposal.grounds }])
}
