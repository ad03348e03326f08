use domain::child::{
    Child, Event,
    indicate_common_assessment::{self, IndicateCommonAssessment},
    withdraw_common_assessment::{self, WithdrawCommonAssessment},
};
use fixtures::scenario::{given, on};

use super::{TODAY, TOMORROW, june_2009, now, practitioner, record};

fn indicated() -> Event {
    Event::CommonAssessmentIndicated { on: on("2009-06-01") }
}

#[test]
fn r19_an_assessment_is_indicated_today_but_not_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let indicate = |day| IndicateCommonAssessment { at: now(), on: on(day) };
    given(record())
        .when(|child: &Child| {
            indicate_common_assessment::decide(child, &policy, &person.caller(), &indicate(TODAY))
        })
        .then([Event::CommonAssessmentIndicated { on: on(TODAY) }]);
    given(record())
        .when(|child: &Child| {
            indicate_common_assessment::decide(
                child,
                &policy,
                &person.caller(),
                &indicate(TOMORROW),
            )
        })
        .then_refused(indicate_common_assessment::Rejection::NotYet);
}

#[test]
fn r19_the_record_knows_that_there_is_one_and_since_when() {
    let child: Child = record().then(indicated()).fold();
    assert_eq!(child.common_assessment(), Some(on("2009-06-01")));
}

#[test]
fn r20_the_indication_is_withdrawn_today_but_not_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let withdraw = |day| WithdrawCommonAssessment { at: now(), on: on(day) };
    given(record().then(indicated()))
        .when(|child: &Child| {
            withdraw_common_assessment::decide(child, &policy, &person.caller(), &withdraw(TODAY))
        })
        .then([Event::CommonAssessmentWithdrawn { on: on(TODAY) }]);
    given(record().then(indicated()))
        .when(|child: &Child| {
            withdraw_common_assessment::decide(
                child,
                &policy,
                &person.caller(),
                &withdraw(TOMORROW),
            )
        })
        .then_refused(withdraw_common_assessment::Rejection::NotYet);
}

#[test]
fn r20_whether_there_was_one_is_not_told() {
    let (policy, person) = (june_2009(), practitioner());
    let withdraw = WithdrawCommonAssessment { at: now(), on: on(TODAY) };
    let decide = |child: &Child| {
        withdraw_common_assessment::decide(child, &policy, &person.caller(), &withdraw)
    };
    assert_eq!(decide(&record().fold()), decide(&record().then(indicated()).fold()));
}
