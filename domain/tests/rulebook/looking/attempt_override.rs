use std::collections::BTreeSet;

use domain::{
    access::{
        Access, Basis, Decided, Event, Refusal,
        override_shield::attempt::{AttemptOverride, Rejection, WARNING, decide},
    },
    caller::Caller,
    child::Child,
    practitioner::Condition,
    shield::{Ground, Shield},
};

use super::a_record::{
    AUTHORITY, COLLEAGUE, NURSE, TEAM, applied, confirmed, june_2009, nobody_looked, now,
    opened_by, opening, practitioner, protection, provisional, quarantined, record, requested, run,
    team, unshielded, warned,
};

fn command(number: u128) -> AttemptOverride {
    AttemptOverride {
        at: now(),
        procedure: run(number),
        opening: opening(1),
        purpose: protection(),
    }
}

fn attempt(
    access: &Access,
    child: &Child,
    shield: &Shield,
    caller: &Caller<'_>,
) -> Result<Decided<Event>, Rejection> {
    decide(access, child, shield, &june_2009(), caller, &command(2))
}

fn shielded() -> Shield {
    applied(Ground::ChildAtRisk)
}

fn begun() -> Decided<Event> {
    Decided::granted(vec![
        Event::ShieldOverrideAttempted {
            procedure: run(2),
            opening: opening(1),
            purpose: protection(),
        },
        Event::ShieldOverrideWarned { procedure: run(2) },
    ])
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
fn a5_a_holder_of_the_right_who_asks_is_warned_in_the_same_append() {
    let nurse = practitioner(NURSE).trusted();
    let access = opened_by(NURSE).fold();
    assert_eq!(attempt(&access, &record(), &shielded(), &nurse.caller()), Ok(begun()));
    let provisional = provisional(Ground::ChildAtRisk);
    assert_eq!(attempt(&access, &record(), &provisional, &nurse.caller()), Ok(begun()));
    assert!(WARNING.contains("investigation"));
}

#[test]
fn a5_without_the_right_the_attempt_is_refused_and_recorded() {
    let nurse = practitioner(NURSE);
    assert_eq!(
        attempt(&opened_by(NURSE).fold(), &record(), &shielded(), &nurse.caller()),
        Ok(refused([Refusal::OverrideRightNotHeld]))
    );
}

#[test]
fn a5_a_right_that_was_withdrawn_is_not_held() {
    let nurse = practitioner(NURSE).trusted().with(
        domain::practitioner::Event::ShieldOverrideRightWithdrawn {
            reason: fixtures::people::text("Moved to another duty"),
        },
    );
    assert_eq!(
        attempt(&opened_by(NURSE).fold(), &record(), &shielded(), &nurse.caller()),
        Ok(refused([Refusal::OverrideRightNotHeld]))
    );
}

#[test]
fn a5_the_right_does_not_stand_in_for_a_condition() {
    let suspended = practitioner(NURSE).suspended();
    let unmet = Refusal::Unmet(BTreeSet::from([Condition::NotSuspended]));
    assert_eq!(
        attempt(&opened_by(NURSE).fold(), &record(), &shielded(), &suspended.caller()),
        Ok(refused([unmet.clone(), Refusal::OverrideRightNotHeld]))
    );
    let suspended = practitioner(NURSE).trusted().suspended();
    assert_eq!(
        attempt(&opened_by(NURSE).fold(), &record(), &shielded(), &suspended.caller()),
        Ok(refused([unmet]))
    );
}

#[test]
fn a5_a_management_team_has_no_override() {
    let member = team(TEAM, AUTHORITY).trusted();
    assert_eq!(
        attempt(&opened_by(TEAM).fold(), &record(), &shielded(), &member.caller()),
        Ok(refused([Refusal::OfficeMayNotLook]))
    );
}

#[test]
fn a5_there_must_be_a_shield_to_go_behind() {
    let nurse = practitioner(NURSE).trusted();
    let access = opened_by(NURSE).fold();
    for shield in [unshielded(), requested()] {
        assert_eq!(
            attempt(&access, &record(), &shield, &nurse.caller()),
            Err(Rejection::NotShielded)
        );
    }
}

#[test]
fn a5_it_starts_from_a_record_the_user_has_open() {
    let nurse = practitioner(NURSE).trusted();
    let closed = opened_by(NURSE).then(Event::RecordClosed { opening: opening(1) }).fold();
    for access in [nobody_looked(), opened_by(COLLEAGUE).fold(), closed] {
        assert_eq!(
            attempt(&access, &record(), &shielded(), &nurse.caller()),
            Err(Rejection::NotOpen)
        );
    }
}

#[test]
fn a5_one_run_at_a_time() {
    let nurse = practitioner(NURSE).trusted();
    for running in [warned(NURSE), confirmed(NURSE)] {
        assert_eq!(
            attempt(&running.fold(), &record(), &shielded(), &nurse.caller()),
            Err(Rejection::AlreadyRunning(run(1)))
        );
    }
}

#[test]
fn a5_needed_again_the_whole_procedure_is_gone_through_again() {
    let nurse = practitioner(NURSE).trusted();
    for over in [
        warned(NURSE).then(Event::ShieldOverrideWithdrawn { procedure: run(1) }),
        confirmed(NURSE).then(Event::ShieldOverrideEnded { procedure: run(1) }),
    ] {
        assert_eq!(attempt(&over.fold(), &record(), &shielded(), &nurse.caller()), Ok(begun()));
    }
}

#[test]
fn a5_a_run_has_a_handle_of_its_own() {
    let nurse = practitioner(NURSE).trusted();
    let access = warned(NURSE).then(Event::ShieldOverrideWithdrawn { procedure: run(1) }).fold();
    let decided =
        decide(&access, &record(), &shielded(), &june_2009(), &nurse.caller(), &command(1));
    assert_eq!(decided, Err(Rejection::ProcedureTaken));
}

#[test]
fn a5_a_quarantined_record_and_none_read_alike() {
    let nurse = practitioner(NURSE).trusted();
    let look =
        |child: &Child| attempt(&nobody_looked(), child, &shielded(), &nurse.caller()).unwrap();
    assert_eq!(look(&quarantined()), refused([Refusal::NoSuchRecord]));
    assert_eq!(look(&Child::default()), Decided::refused(vec![], [Refusal::NoSuchRecord].into()));
    assert_eq!(look(&quarantined()).told(), look(&Child::default()).told());
}
