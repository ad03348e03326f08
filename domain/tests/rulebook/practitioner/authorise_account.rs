//! Authorisation (U13).

use std::collections::BTreeSet;

use domain::{
    actor::Role,
    organisation::{self, Organisation},
    policy::{PolicyVersion, Values},
    practitioner::{
        AccountRole, Condition, Event, NoOpenAccount, Practitioner, SuspensionCause,
        authorise_account::{AuthoriseAccount, Rejection, decide},
    },
};
use fixtures::{
    people::{Person, authorised, nominated, organisation, prepared, text},
    scenario::{History, at, given, on},
};

use crate::users::{
    AUTHORITY, SUBJECT, adopted, noon, official, other_office, ours, team, trainer,
};

const HELD: [Condition; 10] = [
    Condition::OrganisationAccredited,
    Condition::Nominated,
    Condition::IdentityVerified,
    Condition::CurrentCrbCheck,
    Condition::TrainingCompleted,
    Condition::ProceduresProvided,
    Condition::AgreementSigned,
    Condition::SecurityToken,
    Condition::NotSuspended,
    Condition::NotClosed,
];

fn asked(by: &Person) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, Rejection> {
    move |person| {
        let command = AuthoriseAccount { at: noon() };
        decide(person, &organisation(AUTHORITY), &ours(), &by.caller(), &command)
    }
}

fn unmet(conditions: impl IntoIterator<Item = Condition>) -> Rejection {
    Rejection::Unmet { conditions: conditions.into_iter().collect(), policy: PolicyVersion(0) }
}

fn ready() -> History<Event> {
    prepared(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

#[test]
fn u13_a_practitioner_is_authorised_without_any_examination() {
    for by in [team(), official()] {
        given(ready()).when(asked(&by)).then([Event::AccountAuthorised {
            role: AccountRole::Practitioner,
            conditions: HELD.into(),
            policy: PolicyVersion(0),
        }]);
    }
}

#[test]
fn u13_teams_and_trainers_are_authorised_with_their_test() {
    for role in [AccountRole::ManagementTeam, AccountRole::Trainer] {
        let conditions = HELD.into_iter().chain([Condition::TestPassed]).collect();
        given(prepared(SUBJECT, role, AUTHORITY))
            .when(asked(&official()))
            .then([Event::AccountAuthorised { role, conditions, policy: PolicyVersion(0) }]);
        let failed = Event::TrainingTestFailed { on: on("2009-06-01") };
        given(prepared(SUBJECT, role, AUTHORITY).then(failed))
            .when(asked(&official()))
            .then_refused(unmet([Condition::TestPassed]));
    }
}

#[test]
fn u13_every_unmet_condition_is_named() {
    given(nominated(SUBJECT, AccountRole::ManagementTeam, AUTHORITY))
        .when(asked(&official()))
        .then_refused(unmet([
            Condition::IdentityVerified,
            Condition::CurrentCrbCheck,
            Condition::TrainingCompleted,
            Condition::TestPassed,
            Condition::ProceduresProvided,
            Condition::AgreementSigned,
            Condition::SecurityToken,
        ]));
}

#[test]
fn u13_a_suspended_account_is_not_authorised() {
    let cause = SuspensionCause::Reported;
    given(ready().then(Event::AccountSuspended { cause, particulars: text("x") }))
        .when(asked(&team()))
        .then_refused(unmet([Condition::NotSuspended]));
}

#[test]
fn u13_the_check_holds_on_the_day_of_the_decision() {
    let decided = |instant| {
        let person: Practitioner = ready().fold();
        let command = AuthoriseAccount { at: at(instant) };
        // An official: the team's own checks lapse on the same day.
        decide(&person, &organisation(AUTHORITY), &ours(), &official().caller(), &command)
    };
    assert!(decided("2011-08-31T23:59:59Z").is_ok());
    assert_eq!(decided("2011-09-01T00:00:00Z"), Err(unmet([Condition::CurrentCrbCheck])));
}

#[test]
fn u13_the_policy_of_the_day_is_named() {
    let person: Practitioner = ready().fold();
    let isa = Values { isa_in_force_from: Some(on("2009-06-22")), ..Values::default() };
    let policy = adopted([("2009-01-01", Values::default()), ("2009-06-22", isa)]);
    let decided = |instant| {
        let command = AuthoriseAccount { at: at(instant) };
        decide(&person, &organisation(AUTHORITY), &policy, &official().caller(), &command)
    };
    assert_eq!(
        decided("2009-06-21T12:00:00Z"),
        Ok(vec![Event::AccountAuthorised {
            role: AccountRole::Practitioner,
            conditions: HELD.into(),
            policy: PolicyVersion(1),
        }])
    );
    assert_eq!(
        decided("2009-06-22T12:00:00Z"),
        Err(Rejection::Unmet {
            conditions: BTreeSet::from([Condition::IsaMonitored]),
            policy: PolicyVersion(2),
        })
    );
}

#[test]
fn u13_the_organisation_is_accredited() {
    let person: Practitioner = ready().fold();
    let withdrawn: Organisation = fixtures::people::authority(AUTHORITY)
        .then(organisation::Event::AccreditationWithdrawn {
            on: on("2009-06-22"),
            reason: text("no procedures"),
        })
        .fold();
    let command = AuthoriseAccount { at: noon() };
    assert_eq!(
        decide(&person, &withdrawn, &ours(), &official().caller(), &command),
        Err(unmet([Condition::OrganisationAccredited]))
    );
}

#[test]
fn u13_an_account_is_authorised_once_by_its_keepers_while_it_is_open() {
    given(authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY))
        .when(asked(&team()))
        .then_refused(Rejection::AlreadyAuthorised);
    given(ready()).when(asked(&trainer())).then_refused(Rejection::NotEntitled(other_office(
        Role::Trainer,
        [Role::ManagementTeam, Role::Official],
    )));
    given(ready().then(Event::AccountClosed { reason: text("left") }))
        .when(asked(&team()))
        .then_refused(Rejection::NoOpenAccount(NoOpenAccount::Closed));
}
