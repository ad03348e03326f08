//! Registration (O1).

use domain::{
    actor::Role,
    caller::Caller,
    identity::OrganisationId,
    organisation::{
        Event, Organisation, OrganisationKind,
        register::{Register, Rejection, decide},
    },
};
use fixtures::scenario::{given, given_nothing};

use crate::users::{AUTHORITY, authority, noon, official, other_office, ours, team};

fn command(organisation: OrganisationId, kind: OrganisationKind, name: &str) -> Register {
    Register { at: noon(), organisation, kind, name: name.to_owned() }
}

fn asked<'a>(
    caller: Caller<'a>,
    command: &'a Register,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, Rejection> {
    move |organisation| decide(organisation, &ours(), &caller, command)
}

#[test]
fn o1_an_official_registers_an_organisation_and_the_system_the_department() {
    let kind = OrganisationKind::LocalAuthority;
    given_nothing::<Organisation>()
        .when(asked(official().caller(), &command(authority(), kind, "Example County")))
        .then([Event::Registered { kind, name: "Example County".to_owned() }]);
    let kind = OrganisationKind::Department;
    given_nothing::<Organisation>()
        .when(asked(Caller::system(), &command(OrganisationId::DEPARTMENT, kind, "The Department")))
        .then([Event::Registered { kind, name: "The Department".to_owned() }]);
}

#[test]
fn o1_a_team_registers_nothing() {
    let command = command(authority(), OrganisationKind::Other, "Example Trust");
    given_nothing::<Organisation>().when(asked(team().caller(), &command)).then_refused(
        Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Official, Role::System])),
    );
}

#[test]
fn o1_the_department_is_one_organisation_under_its_own_handle() {
    for (organisation, kind) in [
        (authority(), OrganisationKind::Department),
        (OrganisationId::DEPARTMENT, OrganisationKind::LocalAuthority),
    ] {
        given_nothing::<Organisation>()
            .when(asked(official().caller(), &command(organisation, kind, "Example")))
            .then_refused(Rejection::KindOfTheDepartment);
    }
}

#[test]
fn o1_a_name_has_1_to_200_characters() {
    let kind = OrganisationKind::Other;
    let named = |name: &str| {
        let command = command(authority(), kind, name);
        decide(&Organisation::default(), &ours(), &official().caller(), &command)
    };
    let (longest, too_long) = ("x".repeat(200), "x".repeat(201));
    assert_eq!(named(&longest), Ok(vec![Event::Registered { kind, name: longest.clone() }]));
    for unusable in ["", "   ", &too_long] {
        assert_eq!(named(unusable), Err(Rejection::UnusableName));
    }
}

#[test]
fn o1_registering_again_is_quiet_if_it_says_the_same() {
    let kind = OrganisationKind::LocalAuthority;
    let same = command(authority(), kind, "Example County 10");
    given(fixtures::people::authority(AUTHORITY))
        .when(asked(official().caller(), &same))
        .then_nothing();
    let other = command(authority(), kind, "Another County");
    given(fixtures::people::authority(AUTHORITY))
        .when(asked(official().caller(), &other))
        .then_refused(Rejection::AlreadyRegistered);
}
