//! Rule E5: one officer proposes an erasure on stated grounds, and it waits for another.
//!
//! Source: two persons for an erasure, ours; documented destruction, ISO 14641.
//! Reading: an official, or a member of the management team of the organisation that answers for the subject;
//! never about themselves. Grounds are codes. A new proposal replaces one that nobody has authorised; the same
//! one by the same officer is quiet.

use chrono::{DateTime, Utc};

use super::{Erasure, Event, Grounds, NotErasable, Stage, Subject, proposal::erasable};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    policy::Policy,
};

/// Proposes an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Propose {
    /// When.
    pub at: DateTime<Utc>,
    /// On what grounds.
    pub grounds: Grounds,
}

/// Why it cannot be proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// The handle names nobody.
    #[error("there is no such subject")]
    NoSuchSubject,
    /// The subject may not be erased at present.
    #[error(transparent)]
    NotErasable(#[from] NotErasable),
    /// It is authorised already.
    #[error("the erasure is authorised")]
    AlreadyAuthorised,
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
    command: &Propose,
) -> Result<Vec<Event>, Rejection> {
    let officers = subject.map_or_else(|| vec![Needs::Official], Subject::officers);
    let about = subject.and_then(Subject::person);
    require_about_another(caller, policy, command.at, Needs::AnyOf(&officers), about)?;
    let subject = subject.ok_or(Rejection::NoSuchSubject)?;
    let today = command.at.date_naive();
    let retention = policy.on(today).1.retention();
    let rule = erasable(state, subject, retention, (command.grounds, today))?;
    let same = match state.stage() {
        Stage::Authorised { .. } => return Err(Rejection::AlreadyAuthorised),
        Stage::Proposed(proposal) => {
            (proposal.by, proposal.grounds, proposal.rule) == (caller.id, command.grounds, rule)
        }
        Stage::NotProposed | Stage::Begun(_) | Stage::Erased { .. } => false,
    };
    if same { Ok(Vec::new()) } else { Ok(vec![Event::Proposed { grounds: command.grounds, rule }]) }
}
