use std::collections::BTreeSet;

use domain::{
    access::{
        Access, Basis, Decided, Event, Field, Fields, Form, Purpose, Refusal, ShieldState,
        copy::take::{Rejection, TakeCopy, decide},
        visible, visible_under_a_shield,
    },
    caller::Caller,
    child::Child,
    policy::Values,
    practitioner::{Condition, Office},
    shield::{Ground, Shield},
};
use fixtures::{
    people::text,
    scenario::{History, given, given_nothing},
};

use super::a_record::{
    AUTHORITY, COLLEAGUE, ELSEWHERE, NURSE, TEAM, applied, confirmed, copy, department, june_2009,
    lifted, nobody_looked, now, opened_by, opening, practitioner, printed_by, protection, purpose,
    quarantined, record, team, unshielded,
};

fn command(form: Form, purpose: Purpose) -> TakeCopy {
    let holder = text("Her file, second floor");
    TakeCopy { at: now(), copy: copy(1), opening: opening(1), form, holder, purpose }
}

fn take(
    history: &History<Event>,
    child: &Child,
    shield: &Shield,
    caller: &Caller<'_>,
) -> Result<Decided<Event>, Rejection> {
    let access: Access = history.fold();
    let command = command(Form::Print, protection());
    decide(&access, child, shield, &june_2009(), caller, &command)
}

fn refused(sought: Basis, refusals: impl Into<BTreeSet<Refusal>>) -> Decided<Event> {
    let refusals = refusals.into();
    let event = Event::AccessRefused { purpose: protection(), sought, refusals: refusals.clone() };
    Decided::refused(vec![event], refusals)
}

#[test]
fn a15_a_print_and_a_file_hold_what_the_opening_would_show_now() {
    let nurse = practitioner(NURSE);
    for form in [Form::Print, Form::Export] {
        let seen = visible(&record(), &unshielded(), Basis::Practitioner, &Values::default());
        given(opened_by(NURSE))
            .when(|access: &Access| {
                let command = command(form, protection());
                decide(access, &record(), &unshielded(), &june_2009(), &nurse.caller(), &command)
                    .map(|decided| decided.events)
            })
            .then([Event::DisclosureCopied {
                copy: copy(1),
                opening: opening(1),
                form,
                holder: text("Her file, second floor"),
                purpose: protection(),
                basis: Basis::Practitioner,
                shield: ShieldState::Unshielded,
                shown: seen.shown,
                withheld: seen.withheld,
            }]);
    }
}

fn on_it(decided: Result<Decided<Event>, Rejection>) -> Fields {
    let taken = |event| {
        if let Event::DisclosureCopied { shown, .. } = event { Some(shown) } else { None }
    };
    decided.unwrap().events.into_iter().find_map(taken).unwrap()
}

#[test]
fn a15_a_shield_applied_since_the_opening_keeps_it_off_the_paper() {
    let nurse = practitioner(NURSE);
    for ground in [Ground::ChildAtRisk, Ground::PlacementAtRisk] {
        let shown = on_it(take(&opened_by(NURSE), &record(), &applied(ground), &nurse.caller()));
        assert_eq!(shown, visible_under_a_shield(ground == Ground::PlacementAtRisk));
    }
}

#[test]
fn a15_what_an_override_shows_is_never_copied() {
    let holder = practitioner(NURSE).trusted();
    let shielded = applied(Ground::ChildAtRisk);
    let shown = on_it(take(&confirmed(NURSE), &record(), &shielded, &holder.caller()));
    assert_eq!(shown, visible_under_a_shield(false));
}

#[test]
fn a15_the_responsible_team_copies_what_it_may_see() {
    let shielded = applied(Ground::ChildAtRisk);
    let team = team(TEAM, AUTHORITY);
    let shown = on_it(take(&opened_by(TEAM), &record(), &shielded, &team.caller()));
    assert_eq!(shown, Fields::from(Field::ALL));
}

#[test]
fn a15_every_condition_is_judged_again_and_a_refusal_recorded() {
    let suspended = practitioner(NURSE).suspended();
    let unmet = Refusal::Unmet(BTreeSet::from([Condition::NotSuspended]));
    assert_eq!(
        take(&opened_by(NURSE), &record(), &unshielded(), &suspended.caller()),
        Ok(refused(Basis::Practitioner, [unmet]))
    );
    let elsewhere = team(TEAM, ELSEWHERE);
    assert_eq!(
        take(&opened_by(TEAM), &record(), &unshielded(), &elsewhere.caller()),
        Ok(refused(Basis::ResponsibleTeam, [Refusal::NotEntitled]))
    );
    let auditor = department(7, Office::Auditor);
    assert_eq!(
        take(&opened_by(7), &record(), &unshielded(), &auditor.caller()),
        Ok(refused(Basis::Practitioner, [Refusal::OfficeMayNotLook]))
    );
}

#[test]
fn a15_a_record_in_quarantine_is_not_copied_and_a_handle_that_names_nothing_leaves_no_trace() {
    let nurse = practitioner(NURSE);
    assert_eq!(
        take(&opened_by(NURSE), &quarantined(), &unshielded(), &nurse.caller()),
        Ok(refused(Basis::Practitioner, [Refusal::NoSuchRecord]))
    );
    let nothing = take(&opened_by(NURSE), &Child::default(), &unshielded(), &nurse.caller());
    assert_eq!(nothing, Ok(Decided::refused(vec![], BTreeSet::from([Refusal::NoSuchRecord]))));
}

#[test]
fn a15_the_reason_is_of_the_list() {
    let nurse = practitioner(NURSE);
    let access: Access = opened_by(NURSE).fold();
    let command = command(Form::Export, purpose("curiosity"));
    let decided =
        decide(&access, &record(), &unshielded(), &june_2009(), &nurse.caller(), &command);
    assert_eq!(decided.unwrap().told(), Some(BTreeSet::from([Refusal::ReasonNotListed])));
}

#[test]
fn a15_only_what_one_has_open_oneself_is_copied() {
    let (nurse, colleague) = (practitioner(NURSE), practitioner(COLLEAGUE));
    let take = |history: &History<Event>, caller: &Caller<'_>| {
        take(history, &record(), &unshielded(), caller)
    };
    assert_eq!(take(&opened_by(NURSE), &colleague.caller()), Err(Rejection::NotOpen));
    let left = opened_by(NURSE).then(Event::RecordClosed { opening: opening(1) });
    assert_eq!(take(&left, &nurse.caller()), Err(Rejection::NotOpen));
    given_nothing()
        .when(|access: &Access| {
            assert_eq!(*access, nobody_looked());
            let command = command(Form::Print, protection());
            decide(access, &record(), &unshielded(), &june_2009(), &nurse.caller(), &command)
                .map(|decided| decided.events)
        })
        .then_refused(Rejection::NotOpen);
}

#[test]
fn a15_every_copy_has_a_handle_of_its_own() {
    let nurse = practitioner(NURSE);
    let again = take(&printed_by(NURSE), &record(), &unshielded(), &nurse.caller());
    assert_eq!(again, Err(Rejection::CopyTaken));
}

#[test]
fn a15_after_the_shield_is_lifted_all_is_on_it_again() {
    let nurse = practitioner(NURSE);
    let shield: Shield = History::of(domain::stream::Stream::Shield(super::a_record::CHILD))
        .then(super::a_record::apply(Ground::ChildAtRisk))
        .then(lifted())
        .fold();
    let shown = on_it(take(&opened_by(NURSE), &record(), &shield, &nurse.caller()));
    assert!(shown.contains(Field::Whereabouts));
}
