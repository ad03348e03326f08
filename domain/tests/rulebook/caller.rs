//! What a caller may do (U19).

use std::collections::BTreeSet;

use domain::{
    actor::{Actor, Role},
    caller::{Caller, Needs, NotEntitled, require, require_about_another},
    identity::PractitionerId,
    organisation::{self, Capability, Organisation},
    policy::PolicyVersion,
    practitioner::{self, AccountRole, Condition, Office, Practitioner, SuspensionCause},
    stream::Stream,
};
use fixtures::{
    people::{Person, authorised, department, organisation, practitioner, prepared, text},
    scenario::{History, at, id, on},
};

use crate::users::{
    AUTHORITY, auditor, authority, noon, official, other_office, ours, team, team_elsewhere,
    trainer,
};

fn asks(person: &Person, needs: Needs<'_>) -> Result<PolicyVersion, NotEntitled> {
    require(&person.caller(), &ours(), noon(), needs)
}

fn unmet(conditions: impl IntoIterator<Item = Condition>) -> NotEntitled {
    NotEntitled::Unmet {
        conditions: conditions.into_iter().collect(),
        policy: PolicyVersion::default(),
    }
}

#[test]
fn u19_each_office_passes_where_it_is_needed_and_nowhere_else() {
    let cast = [
        (Role::Practitioner, Person::practitioner(1, AUTHORITY)),
        (Role::ManagementTeam, team()),
        (Role::Trainer, trainer()),
        (Role::Official, official()),
        (Role::Auditor, auditor()),
    ];
    let needs = [
        (Role::Practitioner, Needs::Practitioner(Capability::Search)),
        (Role::ManagementTeam, Needs::ManagementTeam),
        (Role::Trainer, Needs::Trainer),
        (Role::Official, Needs::Official),
        (Role::Auditor, Needs::Auditor),
        (Role::System, Needs::System),
    ];
    for (role, person) in &cast {
        for (needed, need) in needs {
            let expected = if *role == needed {
                Ok(PolicyVersion::default())
            } else {
                Err(other_office(*role, [needed]))
            };
            assert_eq!(asks(person, need), expected, "{role:?} where {needed:?} is needed");
        }
    }
}

#[test]
fn u19_a_user_is_a_practitioner_or_of_a_management_team() {
    let needs = Needs::User(Capability::Search);
    assert_eq!(asks(&Person::practitioner(1, AUTHORITY), needs), Ok(PolicyVersion(0)));
    assert_eq!(asks(&team(), needs), Ok(PolicyVersion(0)));
    let users = [Role::Practitioner, Role::ManagementTeam];
    assert_eq!(asks(&trainer(), needs), Err(other_office(Role::Trainer, users)));
}

#[test]
fn u19_a_team_acts_for_its_own_organisation_only() {
    let needs = Needs::ManagementTeamOf(authority());
    assert_eq!(asks(&team(), needs), Ok(PolicyVersion(0)));
    let needed = authority();
    assert_eq!(asks(&team_elsewhere(), needs), Err(NotEntitled::OtherOrganisation { needed }));
}

#[test]
fn u19_an_organisation_not_enabled_for_a_part_stops_its_people_there() {
    let shielding_only: Organisation = fixtures::people::authority(AUTHORITY).recorded()[..3]
        .iter()
        .fold(Organisation::default(), |mut state, recorded| {
            domain::fold::Fold::evolve(&mut state, recorded);
            state
        });
    let person = Person::new(
        PractitionerId::new(id(1)),
        Role::Practitioner,
        practitioner(1, AUTHORITY),
        shielding_only,
        authority(),
    );
    assert_eq!(
        asks(&person, Needs::Practitioner(Capability::Search)),
        Err(unmet([Condition::CapabilityEnabled]))
    );
    assert_eq!(asks(&person, Needs::Practitioner(Capability::Shield)), Ok(PolicyVersion(0)));
}

#[test]
fn u19_a_token_that_claims_an_office_does_not_make_one() {
    let claims = |role, standing| {
        Person::new(
            PractitionerId::new(id(1)),
            role,
            standing,
            organisation(AUTHORITY),
            authority(),
        )
    };
    assert_eq!(
        asks(&claims(Role::Official, practitioner(1, AUTHORITY)), Needs::Official),
        Err(NotEntitled::NotAppointed { office: Office::Official })
    );
    assert_eq!(
        asks(
            &claims(Role::Auditor, fixtures::people::appointed(1, Office::Official)),
            Needs::Auditor
        ),
        Err(NotEntitled::NotAppointed { office: Office::Auditor })
    );
    assert_eq!(
        asks(&claims(Role::ManagementTeam, practitioner(1, AUTHORITY)), Needs::ManagementTeam),
        Err(unmet([Condition::Nominated, Condition::TestPassed, Condition::AccountAuthorised]))
    );
}

#[test]
fn u19_the_standing_of_somebody_else_does_not_help() {
    let borrowed = Person::new(
        PractitionerId::new(id(2)),
        Role::Practitioner,
        practitioner(1, AUTHORITY),
        organisation(AUTHORITY),
        authority(),
    );
    assert_eq!(
        asks(&borrowed, Needs::Practitioner(Capability::Search)),
        Err(unmet([Condition::Nominated]))
    );
    let borrowed = Person::new(
        PractitionerId::new(id(2)),
        Role::Official,
        fixtures::people::appointed(40, Office::Official),
        department(),
        domain::identity::OrganisationId::DEPARTMENT,
    );
    assert_eq!(
        asks(&borrowed, Needs::Official),
        Err(NotEntitled::NotAppointed { office: Office::Official })
    );
}

#[test]
fn u19_another_organisations_papers_do_not_help() {
    let elsewhere = Person::new(
        PractitionerId::new(id(20)),
        Role::ManagementTeam,
        fixtures::people::management_team(20, AUTHORITY),
        organisation(AUTHORITY),
        domain::identity::OrganisationId::new(id(11)),
    );
    let needs = Needs::ManagementTeamOf(domain::identity::OrganisationId::new(id(11)));
    assert_eq!(asks(&elsewhere, needs), Err(unmet([Condition::Nominated])));
}

#[test]
fn u19_a_refusal_names_every_unmet_condition() {
    let suspended: Practitioner = prepared(1, AccountRole::Practitioner, AUTHORITY)
        .then(practitioner::Event::AccountSuspended {
            cause: SuspensionCause::Reported,
            particulars: text("shared a token"),
        })
        .fold();
    let withdrawn: Organisation = fixtures::people::authority(AUTHORITY)
        .then(organisation::Event::AccreditationWithdrawn {
            on: on("2009-06-01"),
            reason: text("no procedures"),
        })
        .fold();
    let person = Person::new(
        PractitionerId::new(id(1)),
        Role::Practitioner,
        suspended,
        withdrawn,
        authority(),
    );
    let conditions =
        [Condition::OrganisationAccredited, Condition::AccountAuthorised, Condition::NotSuspended];
    let refused = asks(&person, Needs::Practitioner(Capability::Search));
    assert_eq!(refused, Err(unmet(conditions)));
    assert_eq!(refused.unwrap_err().unmet(), BTreeSet::from(conditions));
}

#[test]
fn u19_an_appointment_holds_until_the_day_before_its_end() {
    let ended: Practitioner = History::of(Stream::Practitioner(PractitionerId::new(id(40))))
        .then(practitioner::Event::AppointedToDepartment {
            office: Office::Official,
            name: text("Sam Example"),
        })
        .then(practitioner::Event::DepartmentAppointmentEnded { on: on("2009-06-22") })
        .fold();
    let person = Person::new(
        PractitionerId::new(id(40)),
        Role::Official,
        ended,
        department(),
        domain::identity::OrganisationId::DEPARTMENT,
    );
    let on_day = |instant| require(&person.caller(), &ours(), at(instant), Needs::Official);
    assert_eq!(on_day("2009-06-21T23:59:59Z"), Ok(PolicyVersion(0)));
    assert_eq!(
        on_day("2009-06-22T00:00:00Z"),
        Err(NotEntitled::NotAppointed { office: Office::Official })
    );
}

#[test]
fn u19_of_several_ways_the_callers_own_office_says_why_not() {
    let needs = [Needs::ManagementTeamOf(authority()), Needs::Official];
    let any = Needs::AnyOf(&needs);
    assert_eq!(asks(&official(), any), Ok(PolicyVersion(0)));
    assert_eq!(asks(&team(), any), Ok(PolicyVersion(0)));
    assert_eq!(
        asks(&team_elsewhere(), any),
        Err(NotEntitled::OtherOrganisation { needed: authority() })
    );
    assert_eq!(
        asks(&trainer(), any),
        Err(other_office(Role::Trainer, [Role::ManagementTeam, Role::Official]))
    );
}

#[test]
fn u19_nobody_decides_about_themselves() {
    let about = |number| {
        let caller = team();
        let about = Some(PractitionerId::new(id(number)));
        require_about_another(&caller.caller(), &ours(), noon(), Needs::ManagementTeam, about)
    };
    assert_eq!(about(20), Err(NotEntitled::OwnStanding));
    assert_eq!(about(1), Ok(PolicyVersion(0)));
}

#[test]
fn u19_the_system_is_nobody_and_holds_no_office_of_a_person() {
    let system = Caller::system();
    assert_eq!(system.actor(), Actor::SYSTEM);
    assert_eq!(require(&system, &ours(), noon(), Needs::System), Ok(PolicyVersion(0)));
    assert_eq!(
        require(&system, &ours(), noon(), Needs::Official),
        Err(other_office(Role::System, [Role::Official]))
    );
    let person = Person::practitioner(1, AUTHORITY);
    assert_eq!(
        person.caller().actor(),
        Actor::person(PractitionerId::new(id(1)), Role::Practitioner, authority())
    );
}

#[test]
fn u19_standing_lost_overnight_is_lost_at_the_next_use() {
    let person = Person::new(
        PractitionerId::new(id(1)),
        Role::Practitioner,
        authorised(1, AccountRole::Practitioner, AUTHORITY).fold(),
        organisation(AUTHORITY),
        authority(),
    );
    let on_day = |instant| {
        let needs = Needs::Practitioner(Capability::Search);
        require(&person.caller(), &ours(), at(instant), needs)
    };
    // The check of 1 September 2008.
    assert_eq!(on_day("2011-08-31T23:59:59Z"), Ok(PolicyVersion(0)));
    assert_eq!(on_day("2011-09-01T00:00:00Z"), Err(unmet([Condition::CurrentCrbCheck])));
}
