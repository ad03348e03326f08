//! Rule T4: a team completes a phase when every member named was tested and passed.
//!
//! Source: HL4246 ("ContactPoint management teams and trainers are subject to testing"); HL4245.
//! Reading: trainers record it, or officials. Each member is of the management team of that organisation,
//! the account not closed, and the last test passed by that day. Every member who falls short is named.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Organisation, Phase, TeamTraining};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    identity::{OrganisationId, PractitionerId},
    policy::Policy,
    practitioner::{AccountRole, Practitioner, TestResult},
};

/// Record that a team completed a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteTeamTraining {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which phase.
    pub phase: Phase,
    /// On which day.
    pub on: NaiveDate,
    /// The members who passed.
    pub members: BTreeSet<PractitionerId>,
}

/// Why a member does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// Not of the management team of this organisation.
    NotOfThisTeam,
    /// The last test was not passed by that day.
    TestNotPassed,
}

/// Why it is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// The team is not enrolled.
    #[error("the team is not enrolled in this phase")]
    NotEnrolled,
    /// No member is named.
    #[error("at least one member must be named")]
    NoMembers,
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
    /// Members who fall short: every one.
    #[error("members fall short: {members:?}")]
    MembersFallShort {
        /// Who, and why.
        members: BTreeMap<PractitionerId, Shortfall>,
    },
}

/// Records the completion. `standings` are those of the members named.
pub fn decide(
    organisation: &Organisation,
    standings: &[&Practitioner],
    policy: &Policy,
    caller: &Caller<'_>,
    command: &CompleteTeamTraining,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::AnyOf(&[Needs::Trainer, Needs::Official]))?;
    match organisation.training(command.phase) {
        Some(TeamTraining::Enrolled { .. }) => {}
        Some(TeamTraining::Completed { on, members })
            if *on == command.on && *members == command.members =>
        {
            return Ok(Vec::new());
        }
        None | Some(TeamTraining::Completed { .. } | TeamTraining::Failed { .. }) => {
            return Err(Rejection::NotEnrolled);
        }
    }
    if command.members.is_empty() {
        return Err(Rejection::NoMembers);
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    let members: BTreeMap<PractitionerId, Shortfall> = command
        .members
        .iter()
        .filter_map(|member| {
            let standing = standings.iter().find(|it| it.id() == Some(*member)).copied();
            Some((*member, shortfall(standing, organisation.id(), command.on)?))
        })
        .collect();
    if !members.is_empty() {
        return Err(Rejection::MembersFallShort { members });
    }
    Ok(vec![Event::TeamTrainingCompleted {
        phase: command.phase,
        on: command.on,
        members: command.members.clone(),
    }])
}

fn shortfall(
    standing: Option<&Practitioner>,
    team: Option<OrganisationId>,
    day: NaiveDate,
) -> Option<Shortfall> {
    let member = standing.filter(|person| {
        !person.is_closed()
            && person.nomination().is_some_and(|nomination| {
                nomination.role == AccountRole::ManagementTeam
                    && Some(nomination.organisation) == team
            })
    });
    match member.map(Practitioner::test) {
        None => Some(Shortfall::NotOfThisTeam),
        Some(TestResult::Passed { on }) if on <= day => None,
        Some(TestResult::NotTaken | TestResult::Passed { .. } | TestResult::Failed { .. }) => {
            Some(Shortfall::TestNotPassed)
        }
    }
}
