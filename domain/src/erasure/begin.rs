//! Rule E9: an authorised erasure begins with one event, after which there is no way back.
//!
//! Source: none; ours.
//! Reading: an officer who may decide about it starts it; all that was judged before is judged once more. The event
//! names everybody who must acknowledge that they hold nothing personal of the subject, so that none can be forgotten
//! after a restart. A hold and a beginning are written to the same stream, so of two at once only one happens.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Erasure, Event, NotErasable, Stage, Subject, proposal::erasable};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    policy::Policy,
};

/// Begins an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// When.
    pub at: DateTime<Utc>,
    /// Everybody who must acknowledge.
    pub holders: BTreeSet<String>,
}

/// Why it does not begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// Nobody, or one officer only, has asked for it.
    #[error("two officers must have authorised this erasure")]
    NotAuthorised,
    /// The subject may not be erased at present.
    #[error(transparent)]
    NotErasable(#[from] NotErasable),
}

/// Decides. Quiet when it has begun.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    state: &Erasure,
    subject: Option<Subject<'_>>,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Begin,
) -> Result<Vec<Event>, Rejection> {
    let officers = subject.map_or_else(|| vec![Needs::Official], Subject::officers);
    let about = subject.and_then(Subject::person);
    require_about_another(caller, policy, command.at, Needs::AnyOf(&officers), about)?;
    let (proposal, authorised_by) = match state.stage() {
        Stage::Authorised { proposal, by, .. } => (proposal, *by),
        Stage::Begun(_) | Stage::Erased { .. } => return Ok(Vec::new()),
        Stage::NotProposed | Stage::Proposed(_) => return Err(Rejection::NotAuthorised),
    };
    let subject = subject.ok_or(Rejection::NotAuthorised)?;
    let today = command.at.date_naive();
    let retention = policy.on(today).1.retention();
    let rule = erasable(state, subject, retention, (proposal.grounds, today))?;
    Ok(vec![Event::Begun {
        grounds: proposal.grounds,
        rule,
        proposed_by: proposal.by,
        authorised_by,
        holders: command.holders.clone(),
    }])
}
