use domain::{
    child::{
        Child, Contact, Event, Provider, ServedBy,
        end_education::{self, EndEducation},
        end_gp::{self, EndGp},
        record_education::{self, RecordEducation},
        record_gp::{self, RecordGp},
    },
    personal::Personal,
};
use fixtures::scenario::{given, on};

use super::{TODAY, TOMORROW, june_2009, now, practitioner, record};

fn provider(name: &str) -> Provider {
    Provider { name: name.to_owned(), contact: Contact::default() }
}

fn at_school(name: &str) -> Event {
    Event::EducationSettingRecorded {
        provider: Personal::Known(provider(name)),
        from: on("2008-09-01"),
    }
}

fn at_practice(name: &str) -> Event {
    Event::GpPracticeRecorded { provider: Personal::Known(provider(name)), from: on("2008-09-01") }
}

#[test]
fn r9_education_is_recorded_from_today_but_not_from_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let record_from =
        |day| RecordEducation { at: now(), provider: provider("Hill School"), from: on(day) };
    given(record())
        .when(|child: &Child| {
            record_education::decide(child, &policy, &person.caller(), &record_from(TODAY))
        })
        .then([Event::EducationSettingRecorded {
            provider: Personal::Known(provider("Hill School")),
            from: on(TODAY),
        }]);
    given(record())
        .when(|child: &Child| {
            record_education::decide(child, &policy, &person.caller(), &record_from(TOMORROW))
        })
        .then_refused(record_education::Rejection::NotYet);
}

#[test]
fn r9_a_new_place_takes_the_place_of_the_one_before() {
    let child: Child = record().then(at_school("Hill")).then(at_school("Dale")).fold();
    let dale = ServedBy { provider: Personal::Known(provider("Dale")), from: on("2008-09-01") };
    assert_eq!(child.education(), Some(&dale));
}

#[test]
fn r10_education_ends_today_but_not_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let end = |day| EndEducation { at: now(), on: on(day) };
    given(record().then(at_school("Hill")))
        .when(|child: &Child| end_education::decide(child, &policy, &person.caller(), &end(TODAY)))
        .then([Event::EducationSettingEnded { on: on(TODAY) }]);
    given(record().then(at_school("Hill")))
        .when(|child: &Child| {
            end_education::decide(child, &policy, &person.caller(), &end(TOMORROW))
        })
        .then_refused(end_education::Rejection::NotYet);
}

#[test]
fn r10_whether_there_was_a_school_is_not_told() {
    let (policy, person) = (june_2009(), practitioner());
    let end = EndEducation { at: now(), on: on(TODAY) };
    let decide = |child: &Child| end_education::decide(child, &policy, &person.caller(), &end);
    assert_eq!(decide(&record().fold()), decide(&record().then(at_school("Hill")).fold()));
    let ended: Child = record().then(Event::EducationSettingEnded { on: on(TODAY) }).fold();
    assert_eq!(ended, record().fold());
}

#[test]
fn r11_a_practice_is_recorded_from_today_but_not_from_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let record_from = |day| RecordGp { at: now(), provider: provider("Mill"), from: on(day) };
    given(record())
        .when(|child: &Child| {
            record_gp::decide(child, &policy, &person.caller(), &record_from(TODAY))
        })
        .then([Event::GpPracticeRecorded {
            provider: Personal::Known(provider("Mill")),
            from: on(TODAY),
        }]);
    given(record())
        .when(|child: &Child| {
            record_gp::decide(child, &policy, &person.caller(), &record_from(TOMORROW))
        })
        .then_refused(record_gp::Rejection::NotYet);
}

#[test]
fn r12_registration_ends_today_but_not_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let end = |day| EndGp { at: now(), on: on(day) };
    given(record().then(at_practice("Mill")))
        .when(|child: &Child| end_gp::decide(child, &policy, &person.caller(), &end(TODAY)))
        .then([Event::GpPracticeEnded { on: on(TODAY) }]);
    given(record().then(at_practice("Mill")))
        .when(|child: &Child| end_gp::decide(child, &policy, &person.caller(), &end(TOMORROW)))
        .then_refused(end_gp::Rejection::NotYet);
}

#[test]
fn r12_whether_there_was_a_practice_is_not_told() {
    let (policy, person) = (june_2009(), practitioner());
    let end = EndGp { at: now(), on: on(TODAY) };
    let decide = |child: &Child| end_gp::decide(child, &policy, &person.caller(), &end);
    assert_eq!(decide(&record().fold()), decide(&record().then(at_practice("Mill")).fold()));
    let ended: Child =
        record().then(at_practice("Mill")).then(Event::GpPracticeEnded { on: on(TODAY) }).fold();
    assert_eq!(ended.gp_practice(), None);
}
