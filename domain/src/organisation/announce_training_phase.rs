//! Rule T1: the department announces a phase of training, its teams, and a date only if there is one.
//!
//! Source: statement of 26 January 2009 (the early adopters trained their teams first); HL4245, which asked
//! for a date and was answered without one.
//! Reading: announced in the department's stream, once; "none" is a date stated by nobody.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Organisation, Phase};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    identity::OrganisationId,
    policy::Policy,
};

/// Announce a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnounceTrainingPhase {
    /// Now.
    pub at: DateTime<Utc>,
    /// Which, from 1.
    pub phase: Phase,
    /// The teams that belong to it.
    pub teams: BTreeSet<OrganisationId>,
    /// When it is expected to end, if anybody says so.
    pub expected_completion: Option<NaiveDate>,
}

/// Why a phase is not announced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It has been announced.
    #[error("the phase is announced already")]
    AlreadyAnnounced,
    /// Phases are numbered from 1.
    #[error("phases are numbered from 1")]
    UnusableNumber,
    /// It has no team.
    #[error("at least one team belongs to a phase")]
    NoTeams,
    /// The date expected has passed.
    #[error("a phase is expected to end today or later, not on {expected}")]
    ExpectedInThePast {
        /// The date given.
        expected: NaiveDate,
    },
}

/// Announces the phase.
pub fn decide(
    department: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &AnnounceTrainingPhase,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::Official)?;
    if command.phase.0 == 0 {
        return Err(Rejection::UnusableNumber);
    }
    if department.phases().contains_key(&command.phase) {
        return Err(Rejection::AlreadyAnnounced);
    }
    if command.teams.is_empty() {
        return Err(Rejection::NoTeams);
    }
    if let Some(expected) = command.expected_completion.filter(|day| *day < command.at.date_naive())
    {
        return Err(Rejection::ExpectedInThePast { expected });
    }
    Ok(vec![Event::TrainingPhaseAnnounced {
        phase: command.phase,
        teams: command.teams.clone(),
        expected_completion: command.expected_completion,
    }])
}
