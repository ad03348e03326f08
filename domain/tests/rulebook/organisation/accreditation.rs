//! Accreditation and its withdrawal (O2, O3).

use domain::{
    actor::Role,
    organisation::{Event, Organisation, OrganisationKind, accredit, withdraw_accreditation},
    policy::{Policy, Values},
    stream::Stream,
};
use fixtures::{
    people::{Person, text},
    scenario::{History, at, given, given_nothing, on},
};

use crate::users::{adopted, authority, noon, official, other_office, ours, team};

fn registered() -> History<Event> {
    History::of(Stream::Organisation(authority())).then(Event::Registered {
        kind: OrganisationKind::LocalAuthority,
        name: "Example County".to_owned(),
    })
}

fn accredited(from: &str, until: &str) -> Event {
    Event::Accredited { on: on(from), until: on(until), disciplinary_procedures_seen: true }
}

fn accredit(
    by: &Person,
    policy: Policy,
    instant: &'static str,
    seen: bool,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, accredit::Rejection> {
    move |organisation| {
        let command = accredit::Accredit { at: at(instant), disciplinary_procedures_seen: seen };
        accredit::decide(organisation, &policy, &by.caller(), &command)
    }
}

fn withdraw(
    by: &Person,
    day: &'static str,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, withdraw_accreditation::Rejection> {
    move |organisation| {
        let reason = text("No procedures after all");
        let command =
            withdraw_accreditation::WithdrawAccreditation { at: noon(), on: on(day), reason };
        withdraw_accreditation::decide(organisation, &ours(), &by.caller(), &command)
    }
}

fn withdrawn(day: &str) -> Event {
    Event::AccreditationWithdrawn { on: on(day), reason: text("No procedures after all") }
}

const NOON: &str = "2009-06-22T12:00:00Z";

#[test]
fn o2_accreditation_holds_from_the_day_of_the_decision_for_the_months_of_the_policy() {
    given(registered())
        .when(accredit(&official(), ours(), NOON, true))
        .then([accredited("2009-06-22", "2012-06-22")]);
    let yearly = Values { accreditation_months: 12, ..Values::default() };
    given(registered())
        .when(accredit(&official(), adopted([("2009-01-01", yearly)]), NOON, true))
        .then([accredited("2009-06-22", "2010-06-22")]);
    given(registered())
        .when(accredit(&official(), ours(), "2008-02-29T12:00:00Z", true))
        .then([accredited("2008-02-29", "2011-02-28")]);
}

#[test]
fn o2_it_holds_on_its_first_day_and_not_on_its_last() {
    let state: Organisation = registered().then(accredited("2009-06-22", "2012-06-22")).fold();
    let held = ["2009-06-21", "2009-06-22", "2012-06-21", "2012-06-22"]
        .map(|day| state.accredited_on(on(day)));
    assert_eq!(held, [false, true, true, false]);
    assert_eq!(state.accredited_until(), Some(on("2012-06-22")));
}

#[test]
fn o2_without_proof_of_disciplinary_procedures_there_is_none() {
    given(registered())
        .when(accredit(&official(), ours(), NOON, false))
        .then_refused(accredit::Rejection::NoDisciplinaryProcedures);
}

#[test]
fn o2_only_a_registered_organisation_and_only_by_an_official() {
    given_nothing::<Organisation>()
        .when(accredit(&official(), ours(), NOON, true))
        .then_refused(accredit::Rejection::NotRegistered);
    given(registered()).when(accredit(&team(), ours(), NOON, true)).then_refused(
        accredit::Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Official])),
    );
}

#[test]
fn o2_renewal_is_quiet_when_the_term_would_be_the_same() {
    let held = || registered().then(accredited("2009-06-22", "2012-06-22"));
    given(held()).when(accredit(&official(), ours(), NOON, true)).then_nothing();
    given(held())
        .when(accredit(&official(), ours(), "2009-06-23T12:00:00Z", true))
        .then([accredited("2009-06-23", "2012-06-23")]);
    given(held().then(withdrawn("2009-06-22")))
        .when(accredit(&official(), ours(), NOON, true))
        .then([accredited("2009-06-22", "2012-06-22")]);
}

#[test]
fn o3_it_is_withdrawn_from_today_or_later_and_never_from_yesterday() {
    let held = || registered().then(accredited("2009-01-02", "2012-01-02"));
    for day in ["2009-06-22", "2009-07-01"] {
        given(held()).when(withdraw(&official(), day)).then([withdrawn(day)]);
    }
    given(held())
        .when(withdraw(&official(), "2009-06-21"))
        .then_refused(withdraw_accreditation::Rejection::BackDated { on: on("2009-06-21") });
}

#[test]
fn o3_what_does_not_hold_on_that_day_is_not_withdrawn() {
    let held = || registered().then(accredited("2009-01-02", "2012-01-02"));
    given(held()).when(withdraw(&official(), "2012-01-01")).then([withdrawn("2012-01-01")]);
    given(held())
        .when(withdraw(&official(), "2012-01-02"))
        .then_refused(withdraw_accreditation::Rejection::NotAccredited { on: on("2012-01-02") });
    given(held().then(withdrawn("2009-06-22")))
        .when(withdraw(&official(), "2009-06-22"))
        .then_refused(withdraw_accreditation::Rejection::NotAccredited { on: on("2009-06-22") });
    given(held()).when(withdraw(&team(), "2009-06-22")).then_refused(
        withdraw_accreditation::Rejection::NotEntitled(other_office(
            Role::ManagementTeam,
            [Role::Official],
        )),
    );
}

#[test]
fn o3_it_holds_until_the_day_before_the_withdrawal() {
    let state: Organisation = registered()
        .then(accredited("2009-01-02", "2012-01-02"))
        .then(withdrawn("2009-06-22"))
        .fold();
    assert!(state.accredited_on(on("2009-06-21")));
    assert!(!state.accredited_on(on("2009-06-22")));
}
