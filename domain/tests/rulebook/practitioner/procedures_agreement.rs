//! Procedures provided, agreement signed (U9, U10).

use domain::{
    actor::Role,
    practitioner::{
        AccountRole, Event, NoOpenAccount, Practitioner, provide_procedures, sign_agreement,
    },
};
use fixtures::{
    people::{Person, nominated, text},
    scenario::{History, given, on},
};

use crate::users::{AUTHORITY, ELSEWHERE, SUBJECT, noon, other_office, ours, team, trainer};

fn nominee() -> History<Event> {
    nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

fn provided(day: &str, edition: &str) -> Event {
    Event::SecurityProceduresProvided { on: on(day), edition: edition.to_owned() }
}

fn signed(day: &str, edition: &str) -> Event {
    Event::EndUserAgreementSigned { on: on(day), edition: edition.to_owned() }
}

fn provide(
    day: &'static str,
    edition: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, provide_procedures::Rejection> {
    move |person| {
        let edition = edition.to_owned();
        let command = provide_procedures::ProvideProcedures { at: noon(), on: on(day), edition };
        provide_procedures::decide(person, &ours(), &team().caller(), &command)
    }
}

fn sign(
    by: &Person,
    day: &'static str,
    edition: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, sign_agreement::Rejection> {
    move |person| {
        let edition = edition.to_owned();
        let command = sign_agreement::SignAgreement { at: noon(), on: on(day), edition };
        sign_agreement::decide(person, &ours(), &by.caller(), &command)
    }
}

/// The person herself, with nothing to her name yet.
fn herself() -> Person {
    let standing: Practitioner = nominee().fold();
    let organisation = fixtures::people::organisation(AUTHORITY);
    Person::new(
        crate::users::subject(),
        Role::Practitioner,
        standing,
        organisation,
        crate::users::authority(),
    )
}

#[test]
fn u9_the_procedures_are_handed_over_today_or_before() {
    given(nominee()).when(provide("2009-06-22", "2009-1")).then([provided("2009-06-22", "2009-1")]);
    given(nominee())
        .when(provide("2009-06-23", "2009-1"))
        .then_refused(provide_procedures::Rejection::InTheFuture { on: on("2009-06-23") });
}

#[test]
fn u9_the_same_edition_again_is_quiet_and_a_new_one_is_recorded() {
    let held = || nominee().then(provided("2009-06-01", "2009-1"));
    given(held()).when(provide("2009-06-22", "2009-1")).then_nothing();
    given(held()).when(provide("2009-06-22", "2009-2")).then([provided("2009-06-22", "2009-2")]);
}

#[test]
fn u9_an_edition_has_a_name_of_1_to_40_characters() {
    let longest = "1234567890123456789012345678901234567890";
    given(nominee()).when(provide("2009-06-22", longest)).then([provided("2009-06-22", longest)]);
    for unusable in ["", "  ", "12345678901234567890123456789012345678901"] {
        given(nominee())
            .when(provide("2009-06-22", unusable))
            .then_refused(provide_procedures::Rejection::UnusableEdition);
    }
}

#[test]
fn u10_the_agreement_is_signed_on_the_day_of_the_procedures_or_later() {
    let held = || nominee().then(provided("2009-06-10", "2009-1"));
    for day in ["2009-06-10", "2009-06-22"] {
        given(held()).when(sign(&herself(), day, "2009-1")).then([signed(day, "2009-1")]);
    }
    given(held()).when(sign(&herself(), "2009-06-09", "2009-1")).then_refused(
        sign_agreement::Rejection::SignedBeforeProcedures { provided_on: on("2009-06-10") },
    );
    given(held())
        .when(sign(&herself(), "2009-06-23", "2009-1"))
        .then_refused(sign_agreement::Rejection::InTheFuture { on: on("2009-06-23") });
}

#[test]
fn u10_nothing_is_signed_before_the_procedures_were_provided() {
    given(nominee())
        .when(sign(&herself(), "2009-06-22", "2009-1"))
        .then_refused(sign_agreement::Rejection::ProceduresNotProvided);
}

#[test]
fn u10_the_agreement_is_of_the_edition_of_the_procedures_held() {
    given(nominee().then(provided("2009-06-01", "2009-1")).then(provided("2009-06-10", "2009-2")))
        .when(sign(&herself(), "2009-06-22", "2009-1"))
        .then_refused(sign_agreement::Rejection::OtherEdition { held: "2009-2".to_owned() });
}

#[test]
fn u10_signing_twice_is_quiet() {
    given(nominee().then(provided("2009-06-01", "2009-1")).then(signed("2009-06-02", "2009-1")))
        .when(sign(&herself(), "2009-06-22", "2009-1"))
        .then_nothing();
}

#[test]
fn u10_the_person_or_the_keepers_of_the_account_and_nobody_else() {
    let held = || nominee().then(provided("2009-06-01", "2009-1"));
    given(held())
        .when(sign(&team(), "2009-06-22", "2009-1"))
        .then([signed("2009-06-22", "2009-1")]);
    let keepers = [Role::ManagementTeam, Role::Official];
    for (by, role) in
        [(trainer(), Role::Trainer), (Person::practitioner(2, ELSEWHERE), Role::Practitioner)]
    {
        given(held())
            .when(sign(&by, "2009-06-22", "2009-1"))
            .then_refused(sign_agreement::Rejection::NotEntitled(other_office(role, keepers)));
    }
}

#[test]
fn u10_nothing_is_signed_for_a_closed_account() {
    given(
        nominee()
            .then(provided("2009-06-01", "2009-1"))
            .then(Event::AccountClosed { reason: text("left") }),
    )
    .when(sign(&herself(), "2009-06-22", "2009-1"))
    .then_refused(sign_agreement::Rejection::NoOpenAccount(NoOpenAccount::Closed));
}
