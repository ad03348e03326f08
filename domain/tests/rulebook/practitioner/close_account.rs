//! Closure (U17).

use domain::{
    actor::Role,
    identity::TokenId,
    practitioner::{
        AccountRole, Condition, Event, NoOpenAccount, Practitioner, SuspensionCause, assess,
        close_account::{CloseAccount, Rejection, decide},
        nominate,
    },
};
use fixtures::{
    people::{Person, authorised, nominated, organisation, text},
    scenario::{given, given_nothing, id},
};

use crate::users::{
    AUTHORITY, SUBJECT, authority, noon, official, other_office, ours, subject, team, trainer,
};

fn asked(by: &Person) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, Rejection> {
    move |person| {
        let command = CloseAccount { at: noon(), reason: text("Left") };
        decide(person, &ours(), &by.caller(), &command)
    }
}

fn closed() -> Event {
    Event::AccountClosed { reason: text("Left") }
}

fn token() -> Event {
    let token = TokenId::new(id(SUBJECT + (1 << 64)));
    Event::SecurityTokenRevoked { token }
}

#[test]
fn u17_closing_revokes_the_token_first() {
    for by in [team(), official()] {
        given(authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY))
            .when(asked(&by))
            .then([token(), closed()]);
        given(nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY))
            .when(asked(&by))
            .then([closed()]);
    }
}

#[test]
fn u17_a_suspended_account_can_be_closed() {
    let cause = SuspensionCause::Reported;
    let suspended = Event::AccountSuspended { cause, particulars: text("x") };
    given(authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY).then(suspended))
        .when(asked(&team()))
        .then([token(), closed()]);
}

#[test]
fn u17_a_closed_account_stays_closed() {
    given(authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY).then(closed()))
        .when(asked(&team()))
        .then_refused(Rejection::NoOpenAccount(NoOpenAccount::Closed));
    let person: Practitioner =
        authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY).then(closed()).fold();
    let role = AccountRole::Practitioner;
    let found = assess(&person, &organisation(AUTHORITY), &ours(), role, None, noon());
    assert!(!found.authorised());
    assert!(person.is_closed());
}

#[test]
fn u17_a_returning_worker_gets_a_new_account() {
    let nominate = |person: &Practitioner| {
        let command = nominate::Nominate {
            at: noon(),
            practitioner: subject(),
            organisation: authority(),
            role: AccountRole::Practitioner,
            name: text("Robin Example"),
            surname: text("Example"),
            manager: domain::identity::PractitionerId::new(id(9_000)),
            need: text("Back at work"),
        };
        nominate::decide(person, &organisation(AUTHORITY), &ours(), &team().caller(), &command)
            .map(|events| events.len())
            .map(|count| vec![count])
    };
    given(authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY).then(closed()))
        .when(nominate)
        .then_refused(nominate::Rejection::AlreadyNominated);
    given_nothing::<Practitioner>().when(nominate).then([1]);
}

#[test]
fn u17_only_the_keepers_close_an_account() {
    given(authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY))
        .when(asked(&trainer()))
        .then_refused(Rejection::NotEntitled(other_office(
            Role::Trainer,
            [Role::ManagementTeam, Role::Official],
        )));
}

#[test]
fn u17_closing_does_not_lift_a_suspension() {
    let suspended =
        Event::AccountSuspended { cause: SuspensionCause::Reported, particulars: text("x") };
    let person: Practitioner = authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY)
        .then(suspended)
        .then(token())
        .then(closed())
        .fold();
    let role = AccountRole::Practitioner;
    assert_eq!(
        assess(&person, &organisation(AUTHORITY), &ours(), role, None, noon()).unmet,
        [
            Condition::SecurityToken,
            Condition::AccountAuthorised,
            Condition::NotSuspended,
            Condition::NotClosed,
        ]
        .into()
    );
}
