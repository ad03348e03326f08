//! Rule T6: "when is the phase expected to be completed?" is answered from what has happened.
//!
//! Source: HL4245, which was printed without a date.
//! Reading: a phase is completed when every team that belongs to it has completed it, on the last of
//! those days. Until then the answer is that it is not complete, who is missing, and the date stated by
//! the department, if any; none is made up.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Organisation, Phase, TeamTraining};
use crate::identity::OrganisationId;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhaseAnswer {
    /// There is no such phase.
    NotAnnounced,
    /// At least one team has not completed it.
    NotYetComplete {
        /// Teams that have.
        completed: BTreeSet<OrganisationId>,
        /// Teams in training.
        pending: BTreeSet<OrganisationId>,
        /// Teams that failed, and are not enrolled again.
        failed: BTreeSet<OrganisationId>,
        /// Teams that belong to the phase and were never enrolled.
        not_enrolled: BTreeSet<OrganisationId>,
        /// The date now expected; none if no date is stated.
        expected: Option<NaiveDate>,
    },
    /// Every team has completed it; the last on this day.
    CompletedOn(NaiveDate),
}

/// Answers for a phase, from the department's stream and those of the teams that belong to it. Given
/// the states of a past day, it answers as of that day.
pub fn when_is_phase_expected_to_complete(
    phase: Phase,
    department: &Organisation,
    teams: &[(OrganisationId, &Organisation)],
) -> PhaseAnswer {
    let Some(announced) = department.phases().get(&phase) else {
        return PhaseAnswer::NotAnnounced;
    };
    let mut completed = BTreeSet::new();
    let mut pending = BTreeSet::new();
    let mut failed = BTreeSet::new();
    let mut not_enrolled = BTreeSet::new();
    let mut last = None;
    for team in &announced.teams {
        let state = teams.iter().find(|(id, _)| id == team).map(|(_, state)| *state);
        let place = match state.and_then(|state| state.training(phase)) {
            None => &mut not_enrolled,
            Some(TeamTraining::Enrolled { .. }) => &mut pending,
            Some(TeamTraining::Failed { .. }) => &mut failed,
            Some(TeamTraining::Completed { on, .. }) => {
                last = last.max(Some(*on));
                &mut completed
            }
        };
        place.insert(*team);
    }
    match last {
        Some(last) if completed == announced.teams => PhaseAnswer::CompletedOn(last),
        Some(_) | None => PhaseAnswer::NotYetComplete {
            completed,
            pending,
            failed,
            not_enrolled,
            expected: announced.expected,
        },
    }
}
