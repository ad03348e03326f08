//! Identity (U3).

use domain::{
    actor::Role,
    caller::NotEntitled,
    child::Address,
    personal::Personal,
    practitioner::{
        AccountRole, Event, IdentityEvidence, NoOpenAccount, Practitioner,
        verify_identity::{Rejection, VerifyIdentity, decide},
    },
};
use fixtures::{
    people::{Person, nominated, text},
    scenario::{given, given_nothing},
};

use crate::users::{
    AUTHORITY, SUBJECT, auditor, authority, noon, official, other_office, ours, team,
    team_elsewhere, trainer,
};

const PASSPORT: Event =
    Event::IdentityVerified { evidence: IdentityEvidence::Passport, home: None };

fn asked(by: &Person) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, Rejection> {
    move |person| {
        let command =
            VerifyIdentity { at: noon(), evidence: IdentityEvidence::Passport, home: None };
        decide(person, &ours(), &by.caller(), &command)
    }
}

#[test]
fn u3_the_team_or_an_official_verifies_an_identity() {
    for keeper in [team(), official()] {
        given(nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY))
            .when(asked(&keeper))
            .then([PASSPORT]);
    }
}

#[test]
fn u3_the_same_evidence_again_is_quiet_and_other_evidence_is_recorded() {
    let history = nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY);
    given(history.clone().then(PASSPORT)).when(asked(&team())).then_nothing();
    let other = Event::IdentityVerified { evidence: IdentityEvidence::DrivingLicence, home: None };
    given(history.then(other)).when(asked(&team())).then([PASSPORT]);
}

#[test]
fn u3_an_address_that_the_evidence_shows_is_recorded_with_it_and_known_to_nobody_else() {
    let home = Address::new(&["1 High Street"], "LS1 4AB").unwrap();
    let evidence = IdentityEvidence::BirthCertificateAndAddress;
    let home = Some(Personal::Known(home));
    let command = VerifyIdentity { at: noon(), evidence, home: home.clone() };
    let shown = Event::IdentityVerified { evidence, home };
    let history = nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY).then(PASSPORT);
    let verified = |person: &Practitioner| decide(person, &ours(), &team().caller(), &command);
    given(history).when(verified).then([shown]);
}

#[test]
fn u3_no_other_team_trainer_auditor_or_the_person_verifies_it() {
    let history = || nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY);
    let keepers = [Role::ManagementTeam, Role::Official];
    for (by, refusal) in [
        (team_elsewhere(), NotEntitled::OtherOrganisation { needed: authority() }),
        (trainer(), other_office(Role::Trainer, keepers)),
        (auditor(), other_office(Role::Auditor, keepers)),
        (Person::practitioner(SUBJECT, AUTHORITY), other_office(Role::Practitioner, keepers)),
    ] {
        given(history()).when(asked(&by)).then_refused(Rejection::NotEntitled(refusal));
    }
}

#[test]
fn u3_nobody_keeps_an_account_that_is_not_there() {
    given_nothing::<Practitioner>()
        .when(asked(&team()))
        .then_refused(Rejection::NoOpenAccount(NoOpenAccount::NotNominated));
    let closed = Event::AccountClosed { reason: text("left") };
    given(nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY).then(closed))
        .when(asked(&team()))
        .then_refused(Rejection::NoOpenAccount(NoOpenAccount::Closed));
}
