//! The training of management teams: announced, expected, enrolled, completed, failed (T1 to T5).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
    organisation::{
        Cohort, Event, Organisation, Phase, announce_training_phase,
        complete_team_training::{self, Shortfall},
        enrol_team, fail_team_training, state_phase_expectation,
    },
    practitioner::{self, AccountRole, Practitioner},
    stream::Stream,
};
use fixtures::{
    people::{Person, authority as authority_history, nominated, prepared, text},
    scenario::{History, given, given_nothing, id, on},
};

use crate::users::{
    AUTHORITY, ELSEWHERE, authority, noon, official, other_office, ours, team, team_elsewhere,
    trainer,
};

const FIRST: Phase = Phase(1);

fn announced(expected: Option<&str>) -> Event {
    Event::TrainingPhaseAnnounced {
        phase: FIRST,
        teams: [authority()].into(),
        expected_completion: expected.map(on),
    }
}

fn department() -> History<Event> {
    History::of(Stream::Organisation(OrganisationId::DEPARTMENT))
}

fn announce(
    by: &Person,
    phase: u32,
    teams: &[OrganisationId],
    expected: Option<NaiveDate>,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, announce_training_phase::Rejection> {
    let command = announce_training_phase::AnnounceTrainingPhase {
        at: noon(),
        phase: Phase(phase),
        teams: teams.iter().copied().collect(),
        expected_completion: expected,
    };
    move |state| announce_training_phase::decide(state, &ours(), &by.caller(), &command)
}

fn expect(
    by: &Person,
    expected_completion: Option<NaiveDate>,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, state_phase_expectation::Rejection> {
    let command = state_phase_expectation::StatePhaseExpectation {
        at: noon(),
        phase: FIRST,
        expected_completion,
    };
    move |state| state_phase_expectation::decide(state, &ours(), &by.caller(), &command)
}

fn enrol(
    by: &Person,
    cohort: u32,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, enrol_team::Rejection> {
    let department: Organisation = department().then(announced(None)).fold();
    let command = enrol_team::EnrolTeam { at: noon(), phase: FIRST, cohort: Cohort(cohort) };
    move |team| enrol_team::decide(team, &department, &ours(), &by.caller(), &command)
}

const ENROLLED: Event = Event::TeamEnrolled { phase: FIRST, cohort: Cohort(1) };

fn enrolled() -> History<Event> {
    authority_history(AUTHORITY).then(ENROLLED)
}

fn completed(day: &str, members: &[u128]) -> Event {
    let members = members.iter().map(|number| PractitionerId::new(id(*number))).collect();
    Event::TeamTrainingCompleted { phase: FIRST, on: on(day), members }
}

fn complete(
    by: &Person,
    standings: Vec<Practitioner>,
    day: &'static str,
    members: &[u128],
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, complete_team_training::Rejection> {
    let command = complete_team_training::CompleteTeamTraining {
        at: noon(),
        phase: FIRST,
        on: on(day),
        members: members.iter().map(|number| PractitionerId::new(id(*number))).collect(),
    };
    move |team| {
        let standings: Vec<&Practitioner> = standings.iter().collect();
        complete_team_training::decide(team, &standings, &ours(), &by.caller(), &command)
    }
}

fn fail(
    by: &Person,
    day: &'static str,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, fail_team_training::Rejection> {
    let command = fail_team_training::FailTeamTraining { at: noon(), phase: FIRST, on: on(day) };
    move |team| fail_team_training::decide(team, &ours(), &by.caller(), &command)
}

/// Tested and passed on 12 January 2009, not authorised yet.
fn tested(person: u128, organisation: u128) -> Practitioner {
    prepared(person, AccountRole::ManagementTeam, organisation).fold()
}

#[test]
fn t1_a_phase_is_announced_once_with_a_date_or_without() {
    given(department())
        .when(announce(&official(), 1, &[authority()], None))
        .then([announced(None)]);
    given(department())
        .when(announce(&official(), 1, &[authority()], Some(on("2009-06-22"))))
        .then([announced(Some("2009-06-22"))]);
    given(department().then(announced(None)))
        .when(announce(&official(), 1, &[authority()], None))
        .then_refused(announce_training_phase::Rejection::AlreadyAnnounced);
}

#[test]
fn t1_a_phase_has_a_number_a_team_and_no_end_in_the_past() {
    use announce_training_phase::Rejection;
    given(department())
        .when(announce(&official(), 0, &[authority()], None))
        .then_refused(Rejection::UnusableNumber);
    given(department()).when(announce(&official(), 1, &[], None)).then_refused(Rejection::NoTeams);
    let yesterday = on("2009-06-21");
    given(department())
        .when(announce(&official(), 1, &[authority()], Some(yesterday)))
        .then_refused(Rejection::ExpectedInThePast { expected: yesterday });
    given(department())
        .when(announce(&team(), 1, &[authority()], None))
        .then_refused(Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Official])));
}

#[test]
fn t2_a_date_is_stated_changed_and_taken_back() {
    let stated = |expected: Option<&str>| Event::TrainingPhaseExpectationStated {
        phase: FIRST,
        expected_completion: expected.map(on),
    };
    let history = department().then(announced(None));
    given(history.clone())
        .when(expect(&official(), Some(on("2009-06-22"))))
        .then([stated(Some("2009-06-22"))]);
    let history = history.then(stated(Some("2009-09-30")));
    given(history.clone()).when(expect(&official(), Some(on("2009-09-30")))).then_nothing();
    given(history.clone())
        .when(expect(&official(), Some(on("2009-10-31"))))
        .then([stated(Some("2009-10-31"))]);
    given(history.clone()).when(expect(&official(), None)).then([stated(None)]);
    given(history).when(expect(&official(), Some(on("2009-06-21")))).then_refused(
        state_phase_expectation::Rejection::ExpectedInThePast { expected: on("2009-06-21") },
    );
}

#[test]
fn t2_a_phase_that_nobody_announced_is_not_expected_to_end() {
    given(department())
        .when(expect(&official(), Some(on("2009-09-30"))))
        .then_refused(state_phase_expectation::Rejection::NotAnnounced);
    given(department().then(announced(None))).when(expect(&trainer(), None)).then_refused(
        state_phase_expectation::Rejection::NotEntitled(other_office(
            Role::Trainer,
            [Role::Official],
        )),
    );
}

#[test]
fn t3_a_team_is_enrolled_in_a_phase_to_which_it_belongs() {
    for by in [official(), team()] {
        given(authority_history(AUTHORITY)).when(enrol(&by, 1)).then([ENROLLED]);
    }
    given(authority_history(ELSEWHERE))
        .when(enrol(&team_elsewhere(), 1))
        .then_refused(enrol_team::Rejection::NotOfThisPhase);
    given_nothing::<Organisation>()
        .when(enrol(&official(), 1))
        .then_refused(enrol_team::Rejection::NotRegistered);
}

#[test]
fn t3_a_team_is_in_one_cohort_and_returns_only_after_a_failure() {
    given(enrolled()).when(enrol(&official(), 1)).then_nothing();
    given(enrolled())
        .when(enrol(&official(), 2))
        .then_refused(enrol_team::Rejection::AlreadyEnrolled { cohort: Cohort(1) });
    given(enrolled().then(Event::TeamTrainingFailed { phase: FIRST, on: on("2009-06-01") }))
        .when(enrol(&official(), 2))
        .then([Event::TeamEnrolled { phase: FIRST, cohort: Cohort(2) }]);
    given(enrolled().then(completed("2009-06-01", &[50])))
        .when(enrol(&official(), 2))
        .then_refused(enrol_team::Rejection::AlreadyCompleted);
}

#[test]
fn t3_nobody_is_enrolled_in_a_phase_that_was_not_announced() {
    let state: Organisation = authority_history(AUTHORITY).fold();
    let command = enrol_team::EnrolTeam { at: noon(), phase: Phase(2), cohort: Cohort(1) };
    let department: Organisation = department().then(announced(None)).fold();
    assert_eq!(
        enrol_team::decide(&state, &department, &ours(), &official().caller(), &command),
        Err(enrol_team::Rejection::NotAnnounced)
    );
}

#[test]
fn t4_a_team_completes_when_every_member_named_was_tested_and_passed() {
    for by in [trainer(), official()] {
        let standings = vec![tested(50, AUTHORITY), tested(51, AUTHORITY)];
        given(enrolled())
            .when(complete(&by, standings, "2009-06-22", &[50, 51]))
            .then([completed("2009-06-22", &[50, 51])]);
    }
}

#[test]
fn t4_every_member_who_falls_short_is_named() {
    let failed: Practitioner = prepared(51, AccountRole::ManagementTeam, AUTHORITY)
        .then(practitioner::Event::TrainingTestFailed { on: on("2009-06-01") })
        .fold();
    let untested: Practitioner = nominated(52, AccountRole::ManagementTeam, AUTHORITY).fold();
    let user: Practitioner = prepared(53, AccountRole::Practitioner, AUTHORITY).fold();
    let left: Practitioner = prepared(55, AccountRole::ManagementTeam, AUTHORITY)
        .then(practitioner::Event::AccountClosed { reason: text("left") })
        .fold();
    let standings =
        vec![tested(50, AUTHORITY), failed, untested, user, tested(54, ELSEWHERE), left];
    let members: BTreeMap<PractitionerId, Shortfall> = [
        (51, Shortfall::TestNotPassed),
        (52, Shortfall::TestNotPassed),
        (53, Shortfall::NotOfThisTeam),
        (54, Shortfall::NotOfThisTeam),
        (55, Shortfall::NotOfThisTeam),
        (56, Shortfall::NotOfThisTeam),
    ]
    .map(|(number, shortfall)| (PractitionerId::new(id(number)), shortfall))
    .into();
    given(enrolled())
        .when(complete(&trainer(), standings, "2009-06-22", &[50, 51, 52, 53, 54, 55, 56]))
        .then_refused(complete_team_training::Rejection::MembersFallShort { members });
}

#[test]
fn t4_the_test_was_passed_by_the_day_of_completion() {
    let day_of_test = "2009-01-12";
    given(enrolled())
        .when(complete(&trainer(), vec![tested(50, AUTHORITY)], day_of_test, &[50]))
        .then([completed(day_of_test, &[50])]);
    let members = [(PractitionerId::new(id(50)), Shortfall::TestNotPassed)].into();
    given(enrolled())
        .when(complete(&trainer(), vec![tested(50, AUTHORITY)], "2009-01-11", &[50]))
        .then_refused(complete_team_training::Rejection::MembersFallShort { members });
}

#[test]
fn t4_only_an_enrolled_team_with_members_and_not_ahead() {
    use complete_team_training::Rejection;
    let one = || vec![tested(50, AUTHORITY)];
    given(authority_history(AUTHORITY))
        .when(complete(&trainer(), one(), "2009-06-22", &[50]))
        .then_refused(Rejection::NotEnrolled);
    given(enrolled())
        .when(complete(&trainer(), one(), "2009-06-22", &[]))
        .then_refused(Rejection::NoMembers);
    given(enrolled())
        .when(complete(&trainer(), one(), "2009-06-23", &[50]))
        .then_refused(Rejection::InTheFuture { on: on("2009-06-23") });
    given(enrolled()).when(complete(&team(), one(), "2009-06-22", &[50])).then_refused(
        Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Trainer, Role::Official])),
    );
    given(enrolled().then(completed("2009-06-01", &[50])))
        .when(complete(&trainer(), one(), "2009-06-01", &[50]))
        .then_nothing();
}

#[test]
fn t5_a_team_that_fails_is_out_until_it_is_enrolled_again() {
    let failed = Event::TeamTrainingFailed { phase: FIRST, on: on("2009-06-22") };
    given(enrolled()).when(fail(&trainer(), "2009-06-22")).then([failed.clone()]);
    given(enrolled())
        .when(fail(&trainer(), "2009-06-23"))
        .then_refused(fail_team_training::Rejection::InTheFuture { on: on("2009-06-23") });
    given(enrolled().then(failed.clone()))
        .when(fail(&trainer(), "2009-06-22"))
        .then_refused(fail_team_training::Rejection::NotEnrolled);
    given(enrolled().then(failed))
        .when(complete(&trainer(), vec![tested(50, AUTHORITY)], "2009-06-22", &[50]))
        .then_refused(complete_team_training::Rejection::NotEnrolled);
    given(enrolled()).when(fail(&team(), "2009-06-22")).then_refused(
        fail_team_training::Rejection::NotEntitled(other_office(
            Role::ManagementTeam,
            [Role::Trainer, Role::Official],
        )),
    );
}
