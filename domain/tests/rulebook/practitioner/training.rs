//! Training attended, and successfully completed (U6, U7).

use std::collections::BTreeSet;

use domain::{
    actor::Role,
    caller::NotEntitled,
    practitioner::{
        AccountRole, Condition, Event, Practitioner, Topic, assess, complete_training,
        record_training_attended,
    },
};
use fixtures::{
    people::{Person, nominated, organisation},
    scenario::{History, given, on},
};

use crate::users::{AUTHORITY, SUBJECT, noon, official, other_office, ours, team, trainer};

fn nominee() -> History<Event> {
    nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

fn attended(day: &str, topics: impl IntoIterator<Item = Topic>) -> Event {
    Event::TrainingAttended { on: on(day), topics: topics.into_iter().collect() }
}

fn attend(
    by: &Person,
    day: &'static str,
    topics: &[Topic],
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, record_training_attended::Rejection> {
    let topics: BTreeSet<Topic> = topics.iter().copied().collect();
    move |person| {
        let command =
            record_training_attended::RecordTrainingAttended { at: noon(), on: on(day), topics };
        record_training_attended::decide(person, &ours(), &by.caller(), &command)
    }
}

fn complete(
    by: &Person,
    day: &'static str,
    topics: &[Topic],
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, complete_training::Rejection> {
    let topics: BTreeSet<Topic> = topics.iter().copied().collect();
    move |person| {
        let command = complete_training::CompleteTraining { at: noon(), on: on(day), topics };
        complete_training::decide(person, &ours(), &by.caller(), &command)
    }
}

#[test]
fn u6_a_trainer_or_an_official_records_attendance() {
    for by in [trainer(), official()] {
        given(nominee())
            .when(attend(&by, "2009-06-22", &[Topic::Use]))
            .then([attended("2009-06-22", [Topic::Use])]);
    }
}

#[test]
fn u6_attendance_by_itself_meets_no_condition() {
    let all = [
        Topic::Use,
        Topic::SecurityResponsibilities,
        Topic::GoodSecurityPractice,
        Topic::DataProtectionAct,
        Topic::HumanRightsAct,
    ];
    let unmet = |history: &History<Event>| {
        let person: Practitioner = history.fold();
        let role = AccountRole::Practitioner;
        assess(&person, &organisation(AUTHORITY), &ours(), role, None, noon()).unmet
    };
    let sat_through = nominee().then(attended("2009-02-01", all));
    assert_eq!(unmet(&sat_through), unmet(&nominee()));
    let completed =
        sat_through.then(Event::TrainingCompleted { on: on("2009-02-01"), topics: all.into() });
    let mut expected = unmet(&nominee());
    expected.remove(&Condition::TrainingCompleted);
    assert_eq!(unmet(&completed), expected);
}

#[test]
fn u6_attendance_is_not_recorded_ahead_nor_without_a_topic_nor_by_a_team() {
    use record_training_attended::Rejection;
    given(nominee())
        .when(attend(&trainer(), "2009-06-23", &[Topic::Use]))
        .then_refused(Rejection::InTheFuture { on: on("2009-06-23") });
    given(nominee()).when(attend(&trainer(), "2009-06-22", &[])).then_refused(Rejection::NoTopics);
    given(nominee()).when(attend(&team(), "2009-06-22", &[Topic::Use])).then_refused(
        Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Trainer, Role::Official])),
    );
}

#[test]
fn u6_a_trainer_does_not_train_themselves() {
    let own = Person::trainer(SUBJECT, AUTHORITY);
    given(nominated(SUBJECT, AccountRole::Trainer, AUTHORITY))
        .when(attend(&own, "2009-06-22", &[Topic::Use]))
        .then_refused(record_training_attended::Rejection::NotEntitled(NotEntitled::OwnStanding));
}

#[test]
fn u7_what_was_attended_can_be_completed_on_that_day_or_later() {
    let sat = || nominee().then(attended("2009-06-10", [Topic::Use]));
    let completed =
        |day| Event::TrainingCompleted { on: on(day), topics: BTreeSet::from([Topic::Use]) };
    for day in ["2009-06-10", "2009-06-22"] {
        given(sat()).when(complete(&trainer(), day, &[Topic::Use])).then([completed(day)]);
    }
    given(sat())
        .when(complete(&trainer(), "2009-06-09", &[Topic::Use]))
        .then_refused(complete_training::Rejection::NotAttended { topics: [Topic::Use].into() });
    given(sat())
        .when(complete(&trainer(), "2009-06-23", &[Topic::Use]))
        .then_refused(complete_training::Rejection::InTheFuture { on: on("2009-06-23") });
}

#[test]
fn u7_every_topic_not_attended_is_named() {
    given(nominee().then(attended("2009-06-10", [Topic::Use])))
        .when(complete(
            &trainer(),
            "2009-06-22",
            &[Topic::Use, Topic::HumanRightsAct, Topic::DataProtectionAct],
        ))
        .then_refused(complete_training::Rejection::NotAttended {
            topics: [Topic::HumanRightsAct, Topic::DataProtectionAct].into(),
        });
    given(nominee())
        .when(complete(&trainer(), "2009-06-22", &[]))
        .then_refused(complete_training::Rejection::NoTopics);
}

#[test]
fn u7_the_mandatory_topics_are_the_five_of_the_answer() {
    assert_eq!(
        domain::policy::Values::default().mandatory_topics,
        [
            Topic::Use,
            Topic::SecurityResponsibilities,
            Topic::GoodSecurityPractice,
            Topic::DataProtectionAct,
            Topic::HumanRightsAct,
        ]
        .into()
    );
}
