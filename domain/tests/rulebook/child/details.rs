use domain::{
    child::{
        Barred, Child, DataSource, Detail, Event, Gender,
        amend_record::{self, AmendRecord},
        correct_record::{self, CorrectRecord},
    },
    personal::Personal,
};
use fixtures::scenario::{given, on};

use super::{
    EASTSHIRE, TODAY, TOMORROW, born, june_2009, name, now, practitioner, record, team, team_of,
    words,
};

fn new_name() -> Detail {
    Detail::Name(Personal::Known(name("Billie", "Hill")))
}

fn amend(detail: Detail, valid_from: &str) -> Result<Vec<Event>, amend_record::Rejection> {
    let (policy, person) = (june_2009(), practitioner());
    let command = AmendRecord { at: now(), detail, valid_from: on(valid_from) };
    amend_record::decide(&record().fold(), &policy, &person.caller(), &command)
}

fn correct(detail: Detail) -> Result<Vec<Event>, correct_record::Rejection> {
    let (policy, team) = (june_2009(), team());
    let command = CorrectRecord { at: now(), detail, reason: words("Misheard") };
    correct_record::decide(&record().fold(), &policy, &team.caller(), &command)
}

fn superseded(detail: Detail) -> Event {
    Event::DetailSuperseded { detail, valid_from: on(TODAY), source: DataSource::Practitioner }
}

fn corrected(detail: Detail) -> Event {
    Event::DetailCorrected {
        detail,
        reason: Personal::Known(words("Misheard")),
        source: DataSource::ManagementTeam,
    }
}

#[test]
fn r5_a_detail_is_superseded_from_a_day_that_has_come() {
    assert_eq!(amend(new_name(), TODAY), Ok(vec![superseded(new_name())]));
}

#[test]
fn r5_a_detail_is_not_superseded_from_tomorrow() {
    assert_eq!(amend(new_name(), TOMORROW), Err(amend_record::Rejection::NotYetValid));
}

#[test]
fn r5_a_name_superseded_becomes_a_former_name() {
    let child: Child = record().then(superseded(new_name())).fold();
    assert_eq!(child.name(), Some(&Personal::Known(name("Billie", "Hill"))));
    assert_eq!(child.former_names(), [Personal::Known(name("Billie", "Field"))]);
}

#[test]
fn r5_a_date_of_birth_is_only_corrected() {
    let detail = Detail::DateOfBirth(Personal::Known(born("2001-04-04")));
    assert_eq!(amend(detail, TODAY), Err(amend_record::Rejection::OnlyCorrected));
}

#[test]
fn r5_a_detail_that_repeats_what_is_recorded_is_recorded_all_the_same() {
    let same = Detail::Gender(Personal::Known(Gender::Female));
    let other = Detail::Gender(Personal::Known(Gender::Male));
    assert_eq!(amend(same.clone(), TODAY), Ok(vec![superseded(same)]));
    assert_eq!(amend(other.clone(), TODAY), Ok(vec![superseded(other)]));
}

#[test]
fn r6_a_detail_that_was_wrong_is_corrected_with_the_reason() {
    assert_eq!(correct(new_name()), Ok(vec![corrected(new_name())]));
}

#[test]
fn r6_a_wrong_name_does_not_become_a_former_name() {
    let child: Child = record().then(corrected(new_name())).fold();
    assert_eq!(child.name(), Some(&Personal::Known(name("Billie", "Hill"))));
    assert!(child.former_names().is_empty());
}

#[test]
fn r6_a_former_name_corrected_takes_the_place_of_the_most_recent() {
    let first = Personal::Known(name("Billie", "Field"));
    let right = Personal::Known(name("Billie", "Hull"));
    let child: Child = record()
        .then(superseded(new_name()))
        .then(superseded(Detail::Name(Personal::Known(name("Billie", "Marsh")))))
        .then(corrected(Detail::FormerName(right.clone())))
        .fold();
    assert_eq!(child.former_names(), [first, right]);
}

#[test]
fn r6_a_date_of_birth_is_corrected_to_today_at_the_latest() {
    let today = Detail::DateOfBirth(Personal::Known(born(TODAY)));
    let tomorrow = Detail::DateOfBirth(Personal::Known(born(TOMORROW)));
    assert_eq!(correct(today.clone()), Ok(vec![corrected(today)]));
    assert_eq!(correct(tomorrow), Err(correct_record::Rejection::BornInTheFuture));
}

#[test]
fn r6_only_the_responsible_authority_corrects() {
    let (policy, other) = (june_2009(), team_of(EASTSHIRE));
    let command = CorrectRecord { at: now(), detail: new_name(), reason: words("Misheard") };
    given(record())
        .when(|child: &Child| correct_record::decide(child, &policy, &other.caller(), &command))
        .then_refused(correct_record::Rejection::Barred(Barred::NotResponsible));
}
