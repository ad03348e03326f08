//! Rule T3: a management team is enrolled in a cohort of a phase to which it belongs.
//!
//! Source: statement of 26 January 2009 (first phase: the early adopters).
//! Reading: officials enrol; the team may do so itself once its members are authorised. A team that did not
//! complete the phase may be enrolled again.

use chrono::{DateTime, Utc};

use super::{Cohort, Event, Organisation, Phase, TeamTraining};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// Enrol a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolTeam {
    /// Now.
    pub at: DateTime<Utc>,
    /// In which phase.
    pub phase: Phase,
    /// In which cohort.
    pub cohort: Cohort,
}

/// Why a team is not enrolled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not registered.
    #[error("no such organisation is registered")]
    NotRegistered,
    /// There is no such phase.
    #[error("the phase has not been announced")]
    NotAnnounced,
    /// The team belongs to another phase.
    #[error("the team does not belong to this phase")]
    NotOfThisPhase,
    /// It is in another cohort.
    #[error("the team is enrolled in another cohort")]
    AlreadyEnrolled {
        /// Which.
        cohort: Cohort,
    },
    /// It has completed the phase.
    #[error("the team has completed the phase")]
    AlreadyCompleted,
}

/// Enrols the team; quiet if it is in that cohort.
pub fn decide(
    organisation: &Organisation,
    department: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &EnrolTeam,
) -> Result<Vec<Event>, Rejection> {
    let id = organisation.id().filter(|_| organisation.registration().is_some());
    let id = id.ok_or(Rejection::NotRegistered)?;
    let enrollers = [Needs::Official, Needs::ManagementTeamOf(id)];
    require(caller, policy, command.at, Needs::AnyOf(&enrollers))?;
    let announced = department.phases().get(&command.phase).ok_or(Rejection::NotAnnounced)?;
    if !announced.teams.contains(&id) {
        return Err(Rejection::NotOfThisPhase);
    }
    match organisation.training(command.phase) {
        Some(TeamTraining::Enrolled { cohort }) if *cohort == command.cohort => Ok(Vec::new()),
        Some(TeamTraining::Enrolled { cohort }) => {
            Err(Rejection::AlreadyEnrolled { cohort: *cohort })
        }
        Some(TeamTraining::Completed { .. }) => Err(Rejection::AlreadyCompleted),
        None | Some(TeamTraining::Failed { .. }) => {
            Ok(vec![Event::TeamEnrolled { phase: command.phase, cohort: command.cohort }])
        }
    }
}
