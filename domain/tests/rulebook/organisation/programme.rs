//! "When is the first phase expected to be completed?" (T6)

use std::collections::BTreeSet;

use domain::{
    identity::OrganisationId,
    organisation::{
        Cohort, Event, Organisation, Phase,
        programme::{PhaseAnswer, when_is_phase_expected_to_complete},
    },
    stream::Stream,
};
use fixtures::scenario::{History, id, on};

const FIRST: Phase = Phase(1);

const fn team(number: u128) -> OrganisationId {
    OrganisationId::new(id(number))
}

fn teams(numbers: &[u128]) -> BTreeSet<OrganisationId> {
    numbers.iter().map(|number| team(*number)).collect()
}

fn department(expected: Option<&str>) -> Organisation {
    History::of(Stream::Organisation(OrganisationId::DEPARTMENT))
        .then(Event::TrainingPhaseAnnounced {
            phase: FIRST,
            teams: teams(&[1, 2, 3, 4]),
            expected_completion: None,
        })
        .then(Event::TrainingPhaseExpectationStated {
            phase: FIRST,
            expected_completion: expected.map(on),
        })
        .fold()
}

const ENROLLED: Event = Event::TeamEnrolled { phase: FIRST, cohort: Cohort(1) };

fn with(number: u128, events: impl IntoIterator<Item = Event>) -> (OrganisationId, Organisation) {
    let history = History::of(Stream::Organisation(team(number))).then(ENROLLED);
    (team(number), events.into_iter().fold(history, History::then).fold())
}

fn completed(day: &str) -> Event {
    Event::TeamTrainingCompleted { phase: FIRST, on: on(day), members: BTreeSet::new() }
}

fn failed(day: &str) -> Event {
    Event::TeamTrainingFailed { phase: FIRST, on: on(day) }
}

fn answer(department: &Organisation, teams: &[(OrganisationId, Organisation)]) -> PhaseAnswer {
    let teams: Vec<(OrganisationId, &Organisation)> =
        teams.iter().map(|(id, state)| (*id, state)).collect();
    when_is_phase_expected_to_complete(FIRST, department, &teams)
}

#[test]
fn t6_a_phase_that_nobody_announced_is_said_to_be_so() {
    assert_eq!(answer(&Organisation::default(), &[]), PhaseAnswer::NotAnnounced);
}

#[test]
fn t6_as_in_june_2009_it_is_not_complete_and_no_date_is_stated() {
    let states = [with(1, [completed("2009-03-01")]), with(2, []), with(3, [failed("2009-04-01")])];
    assert_eq!(
        answer(&department(None), &states),
        PhaseAnswer::NotYetComplete {
            completed: teams(&[1]),
            pending: teams(&[2]),
            failed: teams(&[3]),
            not_enrolled: teams(&[4]),
            expected: None,
        }
    );
}

#[test]
fn t6_a_date_that_was_stated_is_given() {
    assert_eq!(
        answer(&department(Some("2009-09-30")), &[]),
        PhaseAnswer::NotYetComplete {
            completed: teams(&[]),
            pending: teams(&[]),
            failed: teams(&[]),
            not_enrolled: teams(&[1, 2, 3, 4]),
            expected: Some(on("2009-09-30")),
        }
    );
}

#[test]
fn t6_one_team_short_is_not_complete_and_the_last_team_makes_it_so() {
    let mut states = vec![
        with(1, [completed("2009-03-01")]),
        with(2, [completed("2009-05-31")]),
        with(3, [failed("2009-04-01"), ENROLLED, completed("2009-05-01")]),
        with(4, []),
    ];
    assert_eq!(
        answer(&department(None), &states),
        PhaseAnswer::NotYetComplete {
            completed: teams(&[1, 2, 3]),
            pending: teams(&[4]),
            failed: teams(&[]),
            not_enrolled: teams(&[]),
            expected: None,
        }
    );
    states[3] = with(4, [completed("2009-05-02")]);
    assert_eq!(answer(&department(None), &states), PhaseAnswer::CompletedOn(on("2009-05-31")));
    // A date stated earlier is of no interest once it is done.
    assert_eq!(
        answer(&department(Some("2009-12-31")), &states),
        PhaseAnswer::CompletedOn(on("2009-05-31"))
    );
}

#[test]
fn t6_another_phase_and_another_team_change_nothing() {
    let elsewhere = History::of(Stream::Organisation(team(9)))
        .then(ENROLLED)
        .then(completed("2009-03-01"))
        .fold();
    let second = History::of(Stream::Organisation(team(1)))
        .then(Event::TeamEnrolled { phase: Phase(2), cohort: Cohort(1) })
        .fold();
    assert_eq!(
        answer(&department(None), &[(team(9), elsewhere), (team(1), second)]),
        PhaseAnswer::NotYetComplete {
            completed: teams(&[]),
            pending: teams(&[]),
            failed: teams(&[]),
            not_enrolled: teams(&[1, 2, 3, 4]),
            expected: None,
        }
    );
}
