//! The right to override shields (U14).

use domain::{
    actor::Role,
    policy::PolicyVersion,
    practitioner::{
        AccountRole, Condition, Event, Practitioner, SuspensionCause, grant_override_right,
        withdraw_override_right,
    },
};
use fixtures::{
    people::{Person, authorised, organisation, prepared, text},
    scenario::{History, given},
};

use crate::users::{AUTHORITY, SUBJECT, noon, official, other_office, ours, team};

fn user() -> History<Event> {
    authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

fn granted() -> Event {
    Event::ShieldOverrideRightGranted { justification: text("Child protection officer") }
}

fn grant(
    by: &Person,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, grant_override_right::Rejection> {
    move |person| {
        let justification = text("Child protection officer");
        let command = grant_override_right::GrantOverrideRight { at: noon(), justification };
        let organisation = organisation(AUTHORITY);
        grant_override_right::decide(person, &organisation, &ours(), &by.caller(), &command)
    }
}

fn withdraw(
    by: &Person,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, withdraw_override_right::Rejection> {
    move |person| {
        let reason = text("Other duties");
        let command = withdraw_override_right::WithdrawOverrideRight { at: noon(), reason };
        withdraw_override_right::decide(person, &ours(), &by.caller(), &command)
    }
}

#[test]
fn u14_the_team_grants_the_right_to_one_authorised_practitioner() {
    given(user()).when(grant(&team())).then([granted()]);
    given(user().then(granted())).when(grant(&team())).then_nothing();
    let holder: Practitioner = user().then(granted()).fold();
    assert!(holder.holds_override_right());
}

#[test]
fn u14_an_account_that_could_not_be_used_is_not_granted_it() {
    let unmet = |conditions: &[Condition]| grant_override_right::Rejection::Unmet {
        conditions: conditions.iter().copied().collect(),
        policy: PolicyVersion(0),
    };
    given(prepared(SUBJECT, AccountRole::Practitioner, AUTHORITY))
        .when(grant(&team()))
        .then_refused(unmet(&[Condition::AccountAuthorised]));
    let cause = SuspensionCause::Suspected;
    given(user().then(Event::AccountSuspended { cause, particulars: text("x") }))
        .when(grant(&team()))
        .then_refused(unmet(&[Condition::NotSuspended]));
}

#[test]
fn u14_teams_and_trainers_hold_no_such_right() {
    for role in [AccountRole::ManagementTeam, AccountRole::Trainer] {
        given(authorised(SUBJECT, role, AUTHORITY))
            .when(grant(&team()))
            .then_refused(grant_override_right::Rejection::NotAPractitioner { role });
    }
}

#[test]
fn u14_an_official_does_not_grant_it() {
    given(user()).when(grant(&official())).then_refused(
        grant_override_right::Rejection::NotEntitled(other_office(
            Role::Official,
            [Role::ManagementTeam],
        )),
    );
}

#[test]
fn u14_it_is_withdrawn_whatever_state_the_account_is_in() {
    let withdrawn = || Event::ShieldOverrideRightWithdrawn { reason: text("Other duties") };
    let cause = SuspensionCause::Suspected;
    let suspended = Event::AccountSuspended { cause, particulars: text("x") };
    given(user().then(granted())).when(withdraw(&team())).then([withdrawn()]);
    given(user().then(granted()).then(suspended)).when(withdraw(&official())).then([withdrawn()]);
    given(user()).when(withdraw(&team())).then_nothing();
    given(user().then(granted()).then(withdrawn())).when(withdraw(&team())).then_nothing();
    let without: Practitioner = user().then(granted()).then(withdrawn()).fold();
    assert!(!without.holds_override_right());
}
