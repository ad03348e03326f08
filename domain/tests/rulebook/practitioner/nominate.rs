//! Nomination (U2).

use domain::{
    actor::Role,
    caller::NotEntitled,
    identity::PractitionerId,
    organisation::{self, Organisation},
    practitioner::{
        AccountRole, Event, Office, Practitioner,
        nominate::{Nominate, Rejection, decide},
    },
};
use fixtures::{
    people::{Person, appointed, nominated, organisation, text},
    scenario::{given, given_nothing, id, on},
};

use crate::users::{
    AUTHORITY, SUBJECT, authority, noon, official, other_office, ours, subject, team,
    team_elsewhere,
};

fn command(role: AccountRole) -> Nominate {
    Nominate {
        at: noon(),
        practitioner: subject(),
        organisation: authority(),
        role,
        name: text("Robin Example"),
        surname: text("Example"),
        manager: PractitionerId::new(id(9_000)),
        need: text("Health visitor"),
    }
}

fn event(role: AccountRole) -> Event {
    let Nominate { organisation, name, surname, manager, need, .. } = command(role);
    Event::Nominated { organisation, role, name, surname, manager, need }
}

fn asked(
    by: &Person,
    command: &Nominate,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, Rejection> {
    move |person| decide(person, &organisation(AUTHORITY), &ours(), &by.caller(), command)
}

#[test]
fn u2_a_team_nominates_practitioners_and_trainers_of_its_organisation() {
    for role in [AccountRole::Practitioner, AccountRole::Trainer] {
        given_nothing::<Practitioner>().when(asked(&team(), &command(role))).then([event(role)]);
    }
}

#[test]
fn u2_officials_nominate_the_members_of_management_teams() {
    let role = AccountRole::ManagementTeam;
    given_nothing::<Practitioner>().when(asked(&official(), &command(role))).then([event(role)]);
    given_nothing::<Practitioner>()
        .when(asked(&team(), &command(role)))
        .then_refused(Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Official])));
}

#[test]
fn u2_nobody_nominates_for_another_organisation() {
    given_nothing::<Practitioner>()
        .when(asked(&team_elsewhere(), &command(AccountRole::Practitioner)))
        .then_refused(Rejection::NotEntitled(NotEntitled::OtherOrganisation {
            needed: authority(),
        }));
}

#[test]
fn u2_nobody_nominates_themselves_nor_is_their_own_manager() {
    let own = Nominate {
        practitioner: PractitionerId::new(id(20)),
        ..command(AccountRole::Practitioner)
    };
    given_nothing::<Practitioner>()
        .when(asked(&team(), &own))
        .then_refused(Rejection::NotEntitled(NotEntitled::OwnStanding));
    let managed = Nominate { manager: subject(), ..command(AccountRole::Practitioner) };
    given_nothing::<Practitioner>()
        .when(asked(&team(), &managed))
        .then_refused(Rejection::OwnManager);
}

#[test]
fn u2_one_account_has_one_nomination() {
    given(nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY))
        .when(asked(&team(), &command(AccountRole::Trainer)))
        .then_refused(Rejection::AlreadyNominated);
}

#[test]
fn u2_an_officer_of_the_department_is_not_nominated_under_the_same_handle() {
    let person = appointed(SUBJECT, Office::Auditor);
    assert_eq!(
        asked(&team(), &command(AccountRole::Practitioner))(&person),
        Err(Rejection::HoldsOffice)
    );
}

#[test]
fn u2_the_organisation_is_accredited_on_that_day() {
    let withdrawn = |day| -> Organisation {
        fixtures::people::authority(AUTHORITY)
            .then(organisation::Event::AccreditationWithdrawn { on: on(day), reason: text("x") })
            .fold()
    };
    let asked = |day| {
        let command = command(AccountRole::ManagementTeam);
        decide(&Practitioner::default(), &withdrawn(day), &ours(), &official().caller(), &command)
    };
    assert_eq!(asked("2009-06-23"), Ok(vec![event(AccountRole::ManagementTeam)]));
    assert_eq!(asked("2009-06-22"), Err(Rejection::OrganisationNotAccredited));
}
