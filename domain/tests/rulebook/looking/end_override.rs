use domain::access::{
    Access, Event, Stage,
    override_shield::end::{EndOverride, Rejection, decide},
};
use fixtures::scenario::given;

use super::a_record::{COLLEAGUE, NURSE, confirmed, now, opened_by, practitioner, run, warned};

const COMMAND: fn() -> EndOverride = || EndOverride { at: now(), procedure: run(1) };

#[test]
fn a8_what_is_shown_can_be_covered_before_leaving() {
    let nurse = practitioner(NURSE);
    given(confirmed(NURSE))
        .when(|access: &Access| decide(access, &nurse.caller(), &COMMAND()))
        .then([Event::ShieldOverrideEnded { procedure: run(1) }]);
}

#[test]
fn a8_it_is_done_once() {
    let nurse = practitioner(NURSE);
    given(confirmed(NURSE).then(Event::ShieldOverrideEnded { procedure: run(1) }))
        .when(|access: &Access| decide(access, &nurse.caller(), &COMMAND()))
        .then_refused(Rejection::NotInForce(Stage::Ended));
}

#[test]
fn a8_somebody_suspended_can_still_do_it() {
    let suspended = practitioner(NURSE).suspended();
    given(confirmed(NURSE))
        .when(|access: &Access| decide(access, &suspended.caller(), &COMMAND()))
        .then([Event::ShieldOverrideEnded { procedure: run(1) }]);
}

#[test]
fn a8_only_the_user_who_began_it_does_it() {
    let colleague = practitioner(COLLEAGUE);
    given(confirmed(NURSE))
        .when(|access: &Access| decide(access, &colleague.caller(), &COMMAND()))
        .then_refused(Rejection::NoSuchProcedure);
    given(opened_by(NURSE))
        .when(|access: &Access| decide(access, &colleague.caller(), &COMMAND()))
        .then_refused(Rejection::NoSuchProcedure);
}

#[test]
fn a8_before_the_confirmation_there_is_nothing_to_end() {
    let nurse = practitioner(NURSE);
    given(warned(NURSE))
        .when(|access: &Access| decide(access, &nurse.caller(), &COMMAND()))
        .then_refused(Rejection::NotInForce(Stage::Warned));
}
