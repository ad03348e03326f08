//! Tests for teams and trainers, none for practitioners (U8).

use domain::{
    actor::Role,
    practitioner::{
        AccountRole, Event, Practitioner, Topic, demand_examination,
        record_test::{Outcome, RecordTest, Rejection, decide},
    },
};
use fixtures::{
    people::{Person, nominated},
    scenario::{History, given, on},
};

use crate::users::{AUTHORITY, SUBJECT, noon, official, other_office, ours, team, trainer};

fn trained(role: AccountRole) -> History<Event> {
    nominated(SUBJECT, role, AUTHORITY)
        .then(Event::TrainingAttended { on: on("2009-06-10"), topics: [Topic::Use].into() })
}

fn record(
    by: &Person,
    day: &'static str,
    outcome: Outcome,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, Rejection> {
    move |person| {
        let command = RecordTest { at: noon(), on: on(day), outcome };
        decide(person, &ours(), &by.caller(), &command)
    }
}

fn demand(
    by: &Person,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, demand_examination::Rejection> {
    move |person| {
        let command = demand_examination::DemandExamination { at: noon() };
        demand_examination::decide(person, &ours(), &by.caller(), &command)
    }
}

#[test]
fn u8_management_teams_and_trainers_are_tested() {
    for role in [AccountRole::ManagementTeam, AccountRole::Trainer] {
        for by in [trainer(), official()] {
            given(trained(role))
                .when(record(&by, "2009-06-22", Outcome::Passed))
                .then([Event::TrainingTestPassed { on: on("2009-06-22") }]);
            given(trained(role))
                .when(record(&by, "2009-06-22", Outcome::Failed))
                .then([Event::TrainingTestFailed { on: on("2009-06-22") }]);
        }
    }
}

#[test]
fn u8_no_examination_of_a_practitioner_is_recorded() {
    for outcome in [Outcome::Passed, Outcome::Failed] {
        given(trained(AccountRole::Practitioner))
            .when(record(&trainer(), "2009-06-22", outcome))
            .then_refused(Rejection::NoExaminationForPractitioners);
    }
}

#[test]
fn u8_a_written_examination_cannot_be_demanded_of_a_practitioner() {
    for by in [team(), official()] {
        given(trained(AccountRole::Practitioner))
            .when(demand(&by))
            .then_refused(demand_examination::Rejection::NoExaminationForPractitioners);
        given(trained(AccountRole::Trainer)).when(demand(&by)).then_nothing();
    }
}

#[test]
fn u8_the_refusal_cites_the_written_answer() {
    let answer = "There is no mandatory written exam for practitioners to become authorised users";
    for refusal in [
        Rejection::NoExaminationForPractitioners.to_string(),
        demand_examination::Rejection::NoExaminationForPractitioners.to_string(),
    ] {
        assert!(refusal.contains("HL4246") && refusal.contains(answer), "{refusal}");
    }
}

#[test]
fn u8_a_test_is_part_of_training_and_not_ahead_of_it() {
    given(trained(AccountRole::Trainer))
        .when(record(&trainer(), "2009-06-10", Outcome::Passed))
        .then([Event::TrainingTestPassed { on: on("2009-06-10") }]);
    given(trained(AccountRole::Trainer))
        .when(record(&trainer(), "2009-06-09", Outcome::Passed))
        .then_refused(Rejection::NoTrainingAttended);
    given(trained(AccountRole::Trainer))
        .when(record(&trainer(), "2009-06-23", Outcome::Passed))
        .then_refused(Rejection::InTheFuture { on: on("2009-06-23") });
}

#[test]
fn u8_a_test_older_than_the_last_is_not_slipped_in() {
    let failed =
        || trained(AccountRole::Trainer).then(Event::TrainingTestFailed { on: on("2009-06-15") });
    given(failed())
        .when(record(&trainer(), "2009-06-15", Outcome::Passed))
        .then([Event::TrainingTestPassed { on: on("2009-06-15") }]);
    given(failed())
        .when(record(&trainer(), "2009-06-14", Outcome::Passed))
        .then_refused(Rejection::EarlierThanLast { last: on("2009-06-15") });
}

#[test]
fn u8_a_team_does_not_test_its_own() {
    given(trained(AccountRole::ManagementTeam))
        .when(record(&team(), "2009-06-22", Outcome::Passed))
        .then_refused(Rejection::NotEntitled(other_office(
            Role::ManagementTeam,
            [Role::Trainer, Role::Official],
        )));
}
