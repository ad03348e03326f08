use std::collections::BTreeSet;

use domain::{
    caller::NotEntitled,
    child::{
        Barred, Child, ChildNumber, DataSource, Event, Gender, Whereabouts,
        create_record::{CreateRecord, Rejection, Unmet, decide},
    },
    organisation::{Capability, Organisation, OrganisationKind},
    practitioner::Condition,
};
use fixtures::scenario::{given, given_nothing};

use super::{
    EVERYTHING, TODAY, TOMORROW, TRUST, WESTSHIRE, address, allocated, body, born, child_ref,
    created, june_2009, name, now, organisation_id, practitioner, practitioner_enabled, record,
    team,
};

fn westshire() -> Organisation {
    body(WESTSHIRE, OrganisationKind::LocalAuthority, &EVERYTHING)
}

fn command() -> CreateRecord {
    CreateRecord {
        at: now(),
        number: ChildNumber::from_serial(7),
        name: name("Billie", "Field"),
        gender: Gender::Female,
        date_of_birth: born("2001-04-03"),
        whereabouts: Whereabouts::Current(address("1 High Street")),
        authority: organisation_id(WESTSHIRE),
        matches: BTreeSet::new(),
    }
}

fn created_by(command: &CreateRecord) -> Result<Vec<Event>, Rejection> {
    let (policy, person) = (june_2009(), practitioner());
    decide(&Child::default(), &westshire(), &policy, &person.caller(), command)
}

#[test]
fn r3_a_record_is_created_with_exactly_one_responsible_authority() {
    let (policy, person) = (june_2009(), practitioner());
    given_nothing::<Child>()
        .when(|child| decide(child, &westshire(), &policy, &person.caller(), &command()))
        .then([created(), allocated()]);
}

#[test]
fn r3_the_source_is_the_office_of_whoever_creates_it() {
    let (policy, person) = (june_2009(), team());
    let events =
        decide(&Child::default(), &westshire(), &policy, &person.caller(), &command()).unwrap();
    let Some(Event::RecordCreated { source, .. }) = events.first() else { panic!("not created") };
    assert_eq!(*source, DataSource::ManagementTeam);
}

#[test]
fn r3_a_near_match_quarantines_the_new_record_in_the_same_append() {
    for matches in [BTreeSet::from([child_ref(2)]), BTreeSet::from([child_ref(2), child_ref(3)])] {
        let command = CreateRecord { matches: matches.clone(), ..command() };
        assert_eq!(
            created_by(&command),
            Ok(vec![created(), Event::RecordQuarantined { matches }, allocated()]),
        );
    }
}

#[test]
fn r3_no_refusal_depends_on_the_matches() {
    let too_old = CreateRecord { date_of_birth: born("1991-06-22"), ..command() };
    let matched = CreateRecord { matches: [child_ref(2)].into(), ..too_old.clone() };
    assert_eq!(created_by(&matched), created_by(&too_old));
    let policy = june_2009();
    let barred = practitioner_enabled(TRUST, &[Capability::Search]);
    let refused = |command: &CreateRecord| {
        decide(&Child::default(), &westshire(), &policy, &barred.caller(), command)
    };
    let matched = CreateRecord { matches: [child_ref(2)].into(), ..command() };
    assert_eq!(refused(&matched), refused(&command()));
}

#[test]
fn r3_the_last_day_before_eighteen_is_young_enough() {
    let command = CreateRecord { date_of_birth: born("1991-06-23"), ..command() };
    assert_eq!(created_by(&command).map(|events| events.len()), Ok(2));
}

#[test]
fn r3_on_the_eighteenth_birthday_consent_would_be_needed() {
    let command = CreateRecord { date_of_birth: born("1991-06-22"), ..command() };
    assert_eq!(created_by(&command), Err(Rejection::Unmet([Unmet::NotUnderEighteen].into())));
}

#[test]
fn r3_a_child_born_today_has_a_record() {
    let command = CreateRecord { date_of_birth: born(TODAY), ..command() };
    assert_eq!(created_by(&command).map(|events| events.len()), Ok(2));
}

#[test]
fn r3_a_child_to_be_born_tomorrow_has_none() {
    let command = CreateRecord { date_of_birth: born(TOMORROW), ..command() };
    assert_eq!(created_by(&command), Err(Rejection::Unmet([Unmet::BornInTheFuture].into())));
}

#[test]
fn r3_everything_that_stands_in_the_way_is_named() {
    let (policy, person) = (june_2009(), practitioner());
    let command = CreateRecord { date_of_birth: born("1990-01-01"), ..command() };
    given_nothing::<Child>()
        .when(|child| decide(child, &Organisation::default(), &policy, &person.caller(), &command))
        .then_refused(Rejection::Unmet(
            [Unmet::NotUnderEighteen, Unmet::NotALocalAuthority, Unmet::NotAccredited].into(),
        ));
}

#[test]
fn r3_only_a_local_authority_is_made_responsible() {
    let (policy, person) = (june_2009(), practitioner());
    let trust = body(TRUST, OrganisationKind::NationalPartner, &EVERYTHING);
    given_nothing::<Child>()
        .when(|child| decide(child, &trust, &policy, &person.caller(), &command()))
        .then_refused(Rejection::Unmet([Unmet::NotALocalAuthority].into()));
}

#[test]
fn r3_a_handle_that_is_taken_is_refused() {
    let (policy, person) = (june_2009(), practitioner());
    given(record())
        .when(|child: &Child| decide(child, &westshire(), &policy, &person.caller(), &command()))
        .then_refused(Rejection::HandleTaken);
}

#[test]
fn r3_an_organisation_not_enabled_for_updates_creates_nothing() {
    let policy = june_2009();
    let person = practitioner_enabled(TRUST, &[Capability::Shield, Capability::Search]);
    given_nothing::<Child>()
        .when(|child| decide(child, &westshire(), &policy, &person.caller(), &command()))
        .then_refused(Rejection::Barred(Barred::NotEntitled(NotEntitled::Unmet {
            conditions: [Condition::CapabilityEnabled].into(),
            policy: domain::policy::PolicyVersion::default(),
        })));
}
