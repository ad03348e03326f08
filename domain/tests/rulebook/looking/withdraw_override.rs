use domain::access::{
    Access, Event, Stage,
    override_shield::withdraw::{Rejection, WithdrawOverride, decide},
};
use fixtures::scenario::given;

use super::a_record::{COLLEAGUE, NURSE, confirmed, now, opened_by, practitioner, run, warned};

const COMMAND: fn() -> WithdrawOverride = || WithdrawOverride { at: now(), procedure: run(1) };

#[test]
fn a7_whoever_was_warned_may_step_back_and_nothing_is_shown() {
    let nurse = practitioner(NURSE);
    given(warned(NURSE))
        .when(|access: &Access| decide(access, &nurse.caller(), &COMMAND()))
        .then([Event::ShieldOverrideWithdrawn { procedure: run(1) }]);
}

#[test]
fn a7_it_is_done_once() {
    let nurse = practitioner(NURSE);
    given(warned(NURSE).then(Event::ShieldOverrideWithdrawn { procedure: run(1) }))
        .when(|access: &Access| decide(access, &nurse.caller(), &COMMAND()))
        .then_refused(Rejection::NotWarned(Stage::Withdrawn));
}

#[test]
fn a7_somebody_suspended_can_still_do_it() {
    let suspended = practitioner(NURSE).suspended();
    given(warned(NURSE))
        .when(|access: &Access| decide(access, &suspended.caller(), &COMMAND()))
        .then([Event::ShieldOverrideWithdrawn { procedure: run(1) }]);
}

#[test]
fn a7_only_the_user_who_began_it_does_it() {
    let colleague = practitioner(COLLEAGUE);
    given(warned(NURSE))
        .when(|access: &Access| decide(access, &colleague.caller(), &COMMAND()))
        .then_refused(Rejection::NoSuchProcedure);
    given(opened_by(NURSE))
        .when(|access: &Access| decide(access, &colleague.caller(), &COMMAND()))
        .then_refused(Rejection::NoSuchProcedure);
}

#[test]
fn a7_once_confirmed_there_is_no_stepping_back() {
    let nurse = practitioner(NURSE);
    given(confirmed(NURSE))
        .when(|access: &Access| decide(access, &nurse.caller(), &COMMAND()))
        .then_refused(Rejection::NotWarned(Stage::Confirmed));
}
