use std::collections::BTreeSet;

use domain::{
    access::{
        Answer, Basis, Decided, Event, Field, Purpose, Refusal, ShieldState,
        open_record::{OpenRecord, decide},
        visible,
    },
    caller::Caller,
    child::Child,
    policy::Values,
    practitioner::{Condition, Office},
    shield::{Ground, Shield},
};
use fixtures::{people, scenario::at};

use super::a_record::{
    AUTHORITY, ELSEWHERE, NURSE, TEAM, applied, department, june_2009, now, opening, practitioner,
    protection, provisional, purpose, quarantined, record, team, trainer, unshielded,
};

fn open(child: &Child, shield: &Shield, caller: &Caller<'_>) -> Decided<Event> {
    decide(child, shield, &june_2009(), caller, &command(protection()))
}

fn command(purpose: Purpose) -> OpenRecord {
    OpenRecord { at: now(), opening: opening(1), purpose }
}

fn opened(basis: Basis, state: ShieldState, shield: &Shield) -> Decided<Event> {
    let seen = visible(&record(), shield, basis, &Values::default());
    Decided::granted(vec![Event::RecordOpened {
        opening: opening(1),
        purpose: protection(),
        basis,
        shield: state,
        shown: seen.shown,
        withheld: seen.withheld,
    }])
}

fn refused(sought: Basis, refusals: impl Into<BTreeSet<Refusal>>) -> Decided<Event> {
    let refusals = refusals.into();
    let event = Event::AccessRefused { purpose: protection(), sought, refusals: refusals.clone() };
    Decided::refused(vec![event], refusals)
}

#[test]
fn a3_a_practitioner_who_meets_every_condition_opens_a_record() {
    let nurse = practitioner(NURSE);
    assert_eq!(
        open(&record(), &unshielded(), &nurse.caller()),
        opened(Basis::Practitioner, ShieldState::Unshielded, &unshielded())
    );
}

#[test]
fn a3_a_shielded_record_opens_with_what_the_shield_leaves() {
    let nurse = practitioner(NURSE);
    let (decided, at_once) = (applied(Ground::ChildAtRisk), provisional(Ground::ChildAtRisk));
    assert_eq!(
        open(&record(), &decided, &nurse.caller()),
        opened(Basis::Practitioner, ShieldState::Applied, &decided)
    );
    assert_eq!(
        open(&record(), &at_once, &nurse.caller()),
        opened(Basis::Practitioner, ShieldState::Provisional, &at_once)
    );
}

#[test]
fn a3_a_member_of_the_responsible_team_opens_it_whole() {
    let member = team(TEAM, AUTHORITY);
    let shield = applied(Ground::ChildAtRisk);
    let decided = open(&record(), &shield, &member.caller());
    assert_eq!(decided, opened(Basis::ResponsibleTeam, ShieldState::Applied, &shield));
    assert!(matches!(
        decided.events.as_slice(),
        [Event::RecordOpened { shown, .. }] if shown.contains(Field::SensitiveServices)
    ));
}

#[test]
fn a3_a_team_of_another_authority_is_refused_and_hears_of_no_record() {
    let member = team(TEAM, ELSEWHERE);
    let decided = open(&record(), &unshielded(), &member.caller());
    assert_eq!(decided, refused(Basis::ResponsibleTeam, [Refusal::NotEntitled]));
    assert_eq!(decided.told(), Some([Refusal::NoSuchRecord].into()));
}

#[test]
fn a3_trainers_officials_and_auditors_open_no_record() {
    for other in [trainer(5), department(6, Office::Official), department(7, Office::Auditor)] {
        assert_eq!(
            open(&record(), &unshielded(), &other.caller()),
            refused(Basis::Practitioner, [Refusal::OfficeMayNotLook])
        );
    }
}

#[test]
fn a3_a_refusal_names_every_unmet_condition_and_is_recorded() {
    let bare = people::authority(AUTHORITY).recorded()[..1].to_vec();
    let nowhere = domain::fold::Fold::replay(&bare);
    let suspended = practitioner(NURSE).suspended().of(nowhere);
    let conditions = BTreeSet::from([
        Condition::OrganisationAccredited,
        Condition::CapabilityEnabled,
        Condition::NotSuspended,
    ]);
    assert_eq!(
        open(&record(), &unshielded(), &suspended.caller()),
        refused(Basis::Practitioner, [Refusal::Unmet(conditions)])
    );
}

#[test]
fn a3_the_last_instant_of_a_check_opens_and_the_first_after_it_does_not() {
    let nurse = practitioner(NURSE);
    let look = |instant| {
        let command = OpenRecord { at: at(instant), opening: opening(1), purpose: protection() };
        decide(&record(), &unshielded(), &june_2009(), &nurse.caller(), &command)
    };
    assert_eq!(
        look("2011-08-31T23:59:59Z"),
        opened(Basis::Practitioner, ShieldState::Unshielded, &unshielded())
    );
    let lapsed = Refusal::Unmet([Condition::CurrentCrbCheck].into());
    assert_eq!(look("2011-09-01T00:00:00Z"), refused(Basis::Practitioner, [lapsed]));
}

#[test]
fn a3_a_reason_must_be_of_the_policys_list() {
    let nurse = practitioner(NURSE);
    let idle = purpose("curiosity");
    let refusals = BTreeSet::from([Refusal::ReasonNotListed]);
    let decided =
        decide(&record(), &unshielded(), &june_2009(), &nurse.caller(), &command(idle.clone()));
    let event = Event::AccessRefused {
        purpose: idle,
        sought: Basis::Practitioner,
        refusals: refusals.clone(),
    };
    assert_eq!(decided, Decided::refused(vec![event], refusals));
}

#[test]
fn a3_a_quarantined_record_is_refused_and_recorded_but_reads_like_none() {
    let nurse = practitioner(NURSE);
    let quarantined = open(&quarantined(), &unshielded(), &nurse.caller());
    assert_eq!(quarantined, refused(Basis::Practitioner, [Refusal::NoSuchRecord]));
    let absent = open(&Child::default(), &unshielded(), &nurse.caller());
    assert_eq!(absent, Decided::refused(vec![], [Refusal::NoSuchRecord].into()));
    assert_eq!(quarantined.told(), absent.told());
}

#[test]
fn a3_somebody_suspended_is_told_the_same_of_a_record_in_quarantine_of_one_and_of_none() {
    let suspended = practitioner(NURSE).suspended();
    let told = |child: &Child| open(child, &unshielded(), &suspended.caller()).told();
    let expected = Some([Refusal::Unmet([Condition::NotSuspended].into())].into());
    assert_eq!(told(&record()), expected);
    assert_eq!(told(&quarantined()), expected);
    assert_eq!(told(&Child::default()), expected);
}

#[test]
fn a3_a_team_is_told_the_same_of_somebody_elses_record_in_quarantine_or_none() {
    let member = team(TEAM, ELSEWHERE);
    for child in [record(), quarantined(), Child::default()] {
        let decided = open(&child, &unshielded(), &member.caller());
        assert_eq!(decided.told(), Some([Refusal::NoSuchRecord].into()));
    }
}

#[test]
fn a3_what_is_granted_has_nothing_to_tell_of_a_refusal() {
    let decided: Decided<Event> = Decided::granted(vec![]);
    assert_eq!((decided.told(), decided.answer), (None, Answer::Granted));
}
