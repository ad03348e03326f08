use std::collections::BTreeSet;

use domain::{
    access::{
        Access, Basis, Decided, Event, Fields, Refusal, ShieldState, Stage,
        override_shield::confirm::{ConfirmOverride, Rejection, decide},
        visible,
    },
    caller::Caller,
    identity::PractitionerId,
    policy::Values,
    practitioner::Condition,
    shield::{Ground, Shield},
};
use fixtures::scenario::{History, id, on};

use super::a_record::{
    COLLEAGUE, NURSE, applied, confirmed, investigation, june_2009, now, opened_by, opening,
    practitioner, protection, record, run, unshielded, warned,
};

fn confirm(
    history: &History<Event>,
    shield: &Shield,
    caller: &Caller<'_>,
    number: u128,
) -> Result<Decided<Event>, Rejection> {
    let command =
        ConfirmOverride { at: now(), procedure: run(1), investigation: investigation(number) };
    let access: Access = history.fold();
    decide(&access, &record(), shield, &june_2009(), caller, &command)
}

fn shielded() -> Shield {
    applied(Ground::PlacementAtRisk)
}

fn refused(refusals: impl Into<BTreeSet<Refusal>>) -> Decided<Event> {
    let refusals = refusals.into();
    let event = Event::AccessRefused {
        purpose: protection(),
        sought: Basis::Override,
        refusals: refusals.clone(),
    };
    Decided::refused(vec![event], refusals)
}

#[test]
fn a6_going_on_shows_what_was_hidden_and_opens_one_investigation_in_the_same_append() {
    let nurse = practitioner(NURSE).trusted();
    let seen = visible(&record(), &shielded(), Basis::Override, &Values::default());
    assert_eq!(
        confirm(&warned(NURSE), &shielded(), &nurse.caller(), 1),
        Ok(Decided::granted(vec![
            Event::ShieldOverrideConfirmed {
                procedure: run(1),
                shield: ShieldState::Applied,
                shown: seen.shown,
                withheld: seen.withheld,
            },
            Event::InvestigationOpened {
                investigation: investigation(1),
                procedure: run(1),
                practitioner: PractitionerId::new(id(NURSE)),
                due: on("2009-07-06"),
            },
        ]))
    );
}

#[test]
fn a6_an_override_is_confirmed_only_once() {
    let nurse = practitioner(NURSE).trusted();
    assert_eq!(
        confirm(&confirmed(NURSE), &shielded(), &nurse.caller(), 2),
        Err(Rejection::NotWarned(Stage::Confirmed))
    );
    let over = confirmed(NURSE).then(Event::ShieldOverrideEnded { procedure: run(1) });
    assert_eq!(
        confirm(&over, &shielded(), &nurse.caller(), 2),
        Err(Rejection::NotWarned(Stage::Ended))
    );
}

#[test]
fn a6_one_that_was_withdrawn_cannot_be_confirmed() {
    let nurse = practitioner(NURSE).trusted();
    let withdrawn = warned(NURSE).then(Event::ShieldOverrideWithdrawn { procedure: run(1) });
    assert_eq!(
        confirm(&withdrawn, &shielded(), &nurse.caller(), 1),
        Err(Rejection::NotWarned(Stage::Withdrawn))
    );
}

#[test]
fn a6_nobody_confirms_before_the_warning() {
    let nurse = practitioner(NURSE).trusted();
    let unwarned = opened_by(NURSE).then(Event::ShieldOverrideAttempted {
        procedure: run(1),
        opening: opening(1),
        purpose: protection(),
    });
    assert_eq!(
        confirm(&unwarned, &shielded(), &nurse.caller(), 1),
        Err(Rejection::NotWarned(Stage::Attempted))
    );
}

#[test]
fn a6_only_the_user_who_was_warned_confirms() {
    let colleague = practitioner(COLLEAGUE).trusted();
    assert_eq!(
        confirm(&warned(NURSE), &shielded(), &colleague.caller(), 1),
        Err(Rejection::NoSuchProcedure)
    );
    assert_eq!(
        confirm(&opened_by(NURSE), &shielded(), &colleague.caller(), 1),
        Err(Rejection::NoSuchProcedure)
    );
}

#[test]
fn a6_conditions_are_judged_again_at_the_confirmation() {
    let suspended = practitioner(NURSE).trusted().suspended();
    let unmet = Refusal::Unmet([Condition::NotSuspended].into());
    assert_eq!(confirm(&warned(NURSE), &shielded(), &suspended.caller(), 1), Ok(refused([unmet])));
}

#[test]
fn a6_a_right_withdrawn_since_the_warning_is_not_held() {
    let nurse = practitioner(NURSE);
    assert_eq!(
        confirm(&warned(NURSE), &shielded(), &nurse.caller(), 1),
        Ok(refused([Refusal::OverrideRightNotHeld]))
    );
}

#[test]
fn a6_a_shield_lifted_since_the_warning_leaves_nothing_to_override() {
    let nurse = practitioner(NURSE).trusted();
    assert_eq!(
        confirm(&warned(NURSE), &unshielded(), &nurse.caller(), 1),
        Err(Rejection::NotShielded)
    );
}

#[test]
fn a6_an_opening_whose_screen_was_held_back_is_not_open() {
    let nurse = practitioner(NURSE).trusted();
    let disclosure = warned(NURSE).recorded()[0].stamp.id;
    assert_eq!(
        confirm(
            &warned(NURSE).then(Event::DisclosureWithheld { disclosure }),
            &shielded(),
            &nurse.caller(),
            1
        ),
        Err(Rejection::NotOpen)
    );
}

#[test]
fn a6_each_confirmation_has_an_investigation_of_its_own() {
    let nurse = practitioner(NURSE).trusted();
    let again = confirmed(COLLEAGUE)
        .by(fixtures::scenario::actor(NURSE, domain::actor::Role::Practitioner, 100))
        .then(Event::RecordOpened {
            opening: opening(2),
            purpose: protection(),
            basis: Basis::Practitioner,
            shield: ShieldState::Applied,
            shown: Fields::NONE,
            withheld: Fields::NONE,
        })
        .then(Event::ShieldOverrideAttempted {
            procedure: run(2),
            opening: opening(2),
            purpose: protection(),
        })
        .then(Event::ShieldOverrideWarned { procedure: run(2) });
    let command = |number| ConfirmOverride {
        at: now(),
        procedure: run(2),
        investigation: investigation(number),
    };
    let ask = |number| {
        decide(
            &again.fold(),
            &record(),
            &shielded(),
            &june_2009(),
            &nurse.caller(),
            &command(number),
        )
    };
    assert_eq!(ask(1), Err(Rejection::InvestigationTaken));
    assert_eq!(ask(2).unwrap().events.len(), 2);
}
