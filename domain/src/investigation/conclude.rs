//! Rule I2: an investigation is concluded once, with a report, and never by the one it is about.
//!
//! Source: S8: suspicion is investigated at once; by October 2009 five cases of wrong procedure had been
//! found and nobody had been disciplined for misuse.
//! Reading: the findings are proper use, wrong procedure, misuse. Nobody concludes what is about
//! themselves. The one it is assigned to concludes it, or another member of the management team of
//! the user's organisation; either must be entitled to their office at that instant. Until somebody
//! has been assigned there is nothing to conclude.

use chrono::{DateTime, Utc};

use super::{Event, Finding, Investigation};
use crate::{
    caller::{Caller, Needs, NotEntitled, require_about_another},
    personal::Personal,
    policy::Policy,
    practitioner::Practitioner,
    reason::Text,
};

/// Conclude an investigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclude {
    /// When.
    pub at: DateTime<Utc>,
    /// The finding.
    pub finding: Finding,
    /// The report.
    pub report: Personal<Text>,
}

/// Why it cannot be concluded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Nobody has been assigned, or to an investigation into somebody else.
    #[error("nobody has been assigned to it")]
    NotAssigned,
    /// The caller may not conclude it.
    #[error("not entitled to conclude this investigation: {0}")]
    NotEntitled(NotEntitled),
    /// It has ended.
    #[error("the investigation has been concluded already")]
    AlreadyConcluded,
}

/// Decides how it ended.
pub fn decide(
    state: &Investigation,
    subject: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Conclude,
) -> Result<Vec<Event>, Rejection> {
    let assigned = state
        .assigned()
        .filter(|assigned| subject.id() == Some(assigned.subject))
        .ok_or(Rejection::NotAssigned)?;
    let theirs = [Needs::ManagementTeam, Needs::Official, Needs::Auditor];
    let team = subject.nomination().map(|by| Needs::ManagementTeamOf(by.organisation));
    let needs = if caller.id == assigned.investigator {
        Needs::AnyOf(&theirs)
    } else {
        Needs::AnyOf(team.as_slice())
    };
    require_about_another(caller, policy, command.at, needs, Some(assigned.subject))
        .map_err(Rejection::NotEntitled)?;
    match state {
        Investigation::Concluded { .. } => Err(Rejection::AlreadyConcluded),
        Investigation::NotAssigned | Investigation::Assigned(_) => {
            Ok(vec![Event::Concluded { finding: command.finding, report: command.report.clone() }])
        }
    }
}
