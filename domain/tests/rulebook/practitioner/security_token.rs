//! The security token (U12).

use domain::{
    identity::TokenId,
    practitioner::{AccountRole, Event, Practitioner, issue_token, revoke_token},
};
use fixtures::{
    people::nominated,
    scenario::{History, given, id},
};

use crate::users::{AUTHORITY, SUBJECT, noon, ours, team};

fn nominee() -> History<Event> {
    nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

const fn token(number: u128) -> TokenId {
    TokenId::new(id(number))
}

const fn issued(number: u128) -> Event {
    Event::SecurityTokenIssued { token: token(number) }
}

const fn revoked(number: u128) -> Event {
    Event::SecurityTokenRevoked { token: token(number) }
}

fn issue(number: u128) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, issue_token::Rejection> {
    move |person| {
        let command = issue_token::IssueToken { at: noon(), token: token(number) };
        issue_token::decide(person, &ours(), &team().caller(), &command)
    }
}

fn revoke(
    number: u128,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, revoke_token::Rejection> {
    move |person| {
        let command = revoke_token::RevokeToken { at: noon(), token: token(number) };
        revoke_token::decide(person, &ours(), &team().caller(), &command)
    }
}

#[test]
fn u12_one_token_at_a_time() {
    given(nominee()).when(issue(1)).then([issued(1)]);
    given(nominee().then(issued(1))).when(issue(1)).then_nothing();
    given(nominee().then(issued(1)))
        .when(issue(2))
        .then_refused(issue_token::Rejection::HoldsAnother { held: token(1) });
    given(nominee().then(issued(1)).then(revoked(1))).when(issue(2)).then([issued(2)]);
}

#[test]
fn u12_a_revoked_token_is_never_issued_again() {
    given(nominee().then(issued(1)).then(revoked(1)))
        .when(issue(1))
        .then_refused(issue_token::Rejection::WasRevoked);
    given(nominee().then(issued(1)).then(revoked(1)).then(issued(2)).then(revoked(2)))
        .when(issue(1))
        .then_refused(issue_token::Rejection::WasRevoked);
}

#[test]
fn u12_the_token_held_is_revoked_and_no_other() {
    given(nominee().then(issued(1))).when(revoke(1)).then([revoked(1)]);
    given(nominee().then(issued(1)).then(revoked(1))).when(revoke(1)).then_nothing();
    given(nominee().then(issued(1)).then(revoked(1)).then(issued(2)))
        .when(revoke(1))
        .then_nothing();
    given(nominee().then(issued(1))).when(revoke(2)).then_refused(revoke_token::Rejection::NotHeld);
    given(nominee()).when(revoke(1)).then_refused(revoke_token::Rejection::NotHeld);
}
