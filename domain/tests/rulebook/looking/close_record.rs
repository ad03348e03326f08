use domain::access::{
    Access, Event,
    close_record::{CloseRecord, Rejection, decide},
};
use fixtures::scenario::{given, given_nothing};

use super::a_record::{
    COLLEAGUE, NURSE, confirmed, now, opened_by, opening, practitioner, run, warned,
};

fn close() -> CloseRecord {
    CloseRecord { at: now(), opening: opening(1) }
}

#[test]
fn a4_a_user_leaves_a_record_they_opened() {
    let nurse = practitioner(NURSE);
    given(opened_by(NURSE))
        .when(|access: &Access| decide(access, &nurse.caller(), &close()))
        .then([Event::RecordClosed { opening: opening(1) }]);
}

#[test]
fn a4_leaving_ends_an_override_in_the_same_append() {
    let nurse = practitioner(NURSE);
    given(confirmed(NURSE)).when(|access: &Access| decide(access, &nurse.caller(), &close())).then(
        [
            Event::ShieldOverrideEnded { procedure: run(1) },
            Event::RecordClosed { opening: opening(1) },
        ],
    );
}

#[test]
fn a4_leaving_after_the_warning_withdraws() {
    let nurse = practitioner(NURSE);
    given(warned(NURSE)).when(|access: &Access| decide(access, &nurse.caller(), &close())).then([
        Event::ShieldOverrideWithdrawn { procedure: run(1) },
        Event::RecordClosed { opening: opening(1) },
    ]);
}

#[test]
fn a4_an_override_that_ended_before_does_not_end_again() {
    let nurse = practitioner(NURSE);
    given(confirmed(NURSE).then(Event::ShieldOverrideEnded { procedure: run(1) }))
        .when(|access: &Access| decide(access, &nurse.caller(), &close()))
        .then([Event::RecordClosed { opening: opening(1) }]);
}

#[test]
fn a4_somebody_suspended_can_still_leave() {
    let suspended = practitioner(NURSE).suspended();
    given(opened_by(NURSE))
        .when(|access: &Access| decide(access, &suspended.caller(), &close()))
        .then([Event::RecordClosed { opening: opening(1) }]);
}

#[test]
fn a4_a_record_is_left_once() {
    let nurse = practitioner(NURSE);
    given(opened_by(NURSE).then(Event::RecordClosed { opening: opening(1) }))
        .when(|access: &Access| decide(access, &nurse.caller(), &close()))
        .then_refused(Rejection::AlreadyClosed);
}

#[test]
fn a4_somebody_elses_opening_reads_like_none() {
    let colleague = practitioner(COLLEAGUE);
    given(opened_by(NURSE))
        .when(|access: &Access| decide(access, &colleague.caller(), &close()))
        .then_refused(Rejection::NoSuchOpening);
    given_nothing()
        .when(|access: &Access| decide(access, &colleague.caller(), &close()))
        .then_refused(Rejection::NoSuchOpening);
}

#[test]
fn a4_an_opening_whose_screen_was_held_back_is_closed() {
    let nurse = practitioner(NURSE);
    let disclosure = opened_by(NURSE).recorded()[0].stamp.id;
    given(opened_by(NURSE).then(Event::DisclosureWithheld { disclosure }))
        .when(|access: &Access| decide(access, &nurse.caller(), &close()))
        .then_refused(Rejection::AlreadyClosed);
}
