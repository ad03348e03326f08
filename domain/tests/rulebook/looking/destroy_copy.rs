use domain::{
    access::{
        Access, Event,
        copy::destroy::{DestroyCopy, Rejection, decide},
    },
    caller::{Caller, NotEntitled},
    policy::PolicyVersion,
    practitioner::Condition,
};
use fixtures::{people::text, scenario::given};

use super::a_record::{
    AUTHORITY, COLLEAGUE, ELSEWHERE, NURSE, TEAM, copy, june_2009, now, opened_by, practitioner,
    printed_by, team,
};

fn destroy(access: &Access, caller: &Caller<'_>) -> Result<Vec<Event>, Rejection> {
    let command = DestroyCopy { at: now(), copy: copy(1), manner: text("Shredded, two present") };
    decide(access, &june_2009(), caller, &command)
}

fn destroyed() -> Event {
    Event::CopyDestroyed { copy: copy(1), manner: text("Shredded, two present") }
}

#[test]
fn a16_whoever_took_a_copy_destroys_it() {
    let nurse = practitioner(NURSE);
    given(printed_by(NURSE))
        .when(|access: &Access| destroy(access, &nurse.caller()))
        .then([destroyed()]);
}

#[test]
fn a16_somebody_suspended_can_still_hand_in_paper() {
    let suspended = practitioner(NURSE).suspended();
    given(printed_by(NURSE))
        .when(|access: &Access| destroy(access, &suspended.caller()))
        .then([destroyed()]);
}

#[test]
fn a16_the_team_of_their_organisation_may_record_it_if_it_is_authorised() {
    let own = team(TEAM, AUTHORITY);
    given(printed_by(NURSE))
        .when(|access: &Access| destroy(access, &own.caller()))
        .then([destroyed()]);
    let suspended = team(TEAM, AUTHORITY).suspended();
    given(printed_by(NURSE))
        .when(|access: &Access| destroy(access, &suspended.caller()))
        .then_refused(Rejection::NotEntitled(NotEntitled::Unmet {
            conditions: [Condition::NotSuspended].into(),
            policy: PolicyVersion::default(),
        }));
}

#[test]
fn a16_a_copy_of_somebody_else_reads_like_none() {
    let (colleague, elsewhere) = (practitioner(COLLEAGUE), team(TEAM, ELSEWHERE));
    for caller in [colleague.caller(), elsewhere.caller()] {
        given(printed_by(NURSE))
            .when(|access: &Access| destroy(access, &caller))
            .then_refused(Rejection::NoSuchCopy);
        given(opened_by(NURSE))
            .when(|access: &Access| destroy(access, &caller))
            .then_refused(Rejection::NoSuchCopy);
    }
}

#[test]
fn a16_destroying_again_is_quiet() {
    let nurse = practitioner(NURSE);
    given(printed_by(NURSE).then(destroyed()))
        .when(|access: &Access| destroy(access, &nurse.caller()))
        .then_nothing();
}

#[test]
fn a16_what_was_never_released_is_not_destroyed() {
    let nurse = practitioner(NURSE);
    let disclosure = printed_by(NURSE).recorded()[1].stamp.id;
    given(printed_by(NURSE).then(Event::DisclosureWithheld { disclosure }))
        .when(|access: &Access| destroy(access, &nurse.caller()))
        .then_refused(Rejection::NoSuchCopy);
}
