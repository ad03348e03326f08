//! Enabled part by part (O4).

use domain::{
    actor::Role,
    identity::OrganisationId,
    organisation::{
        Capability, Event, Organisation, OrganisationKind,
        enable_capability::{EnableCapability, Rejection, decide},
    },
    policy::{Policy, Values},
    stream::Stream,
};
use fixtures::scenario::{History, id, on};

use crate::users::{AUTHORITY, ELSEWHERE, adopted, noon, official, other_office, ours, team};

const fn handle(number: u128) -> OrganisationId {
    OrganisationId::new(id(number))
}

fn accredited(number: u128, kind: OrganisationKind) -> History<Event> {
    History::of(Stream::Organisation(handle(number)))
        .then(Event::Registered { kind, name: "Example".to_owned() })
        .then(Event::Accredited {
            on: on("2009-01-02"),
            until: on("2012-01-02"),
            disciplinary_procedures_seen: true,
        })
}

fn signed_off(number: u128) -> Organisation {
    accredited(number, OrganisationKind::LocalAuthority)
        .then(Event::ShieldingPhaseCompleted { on: on("2009-03-13") })
        .fold()
}

fn still_shielding(number: u128) -> Organisation {
    accredited(number, OrganisationKind::LocalAuthority)
        .then(Event::ShieldingPhaseProgressReported { considered: 40, waiting: 0 })
        .fold()
}

fn asked(
    organisation: &Organisation,
    authorities: &[&Organisation],
    policy: &Policy,
    capability: Capability,
) -> Result<Vec<Event>, Rejection> {
    let command = EnableCapability { at: noon(), capability };
    decide(organisation, authorities, policy, &official().caller(), &command)
}

fn waits_for(numbers: &[u128]) -> Result<Vec<Event>, Rejection> {
    Err(Rejection::ShieldingNotSignedOff {
        organisations: numbers.iter().map(|number| handle(*number)).collect(),
    })
}

fn enabled(capability: Capability) -> Vec<Event> {
    vec![Event::CapabilityEnabled { capability }]
}

#[test]
fn o4_shielding_comes_first_and_waits_for_accreditation_only() {
    let authority = still_shielding(AUTHORITY);
    for capability in [Capability::Shield, Capability::Update] {
        assert_eq!(asked(&authority, &[&authority], &ours(), capability), Ok(enabled(capability)));
    }
}

#[test]
fn o4_search_waits_for_the_organisations_own_shields_and_every_authoritys() {
    let (ready, waiting) = (signed_off(AUTHORITY), still_shielding(ELSEWHERE));
    let search = Capability::Search;
    assert_eq!(asked(&ready, &[&ready], &ours(), search), Ok(enabled(search)));
    assert_eq!(asked(&ready, &[&ready, &waiting], &ours(), search), waits_for(&[ELSEWHERE]));
    assert_eq!(asked(&waiting, &[&ready, &waiting], &ours(), search), waits_for(&[ELSEWHERE]));
    let third = still_shielding(12);
    assert_eq!(
        asked(&waiting, &[&ready, &waiting, &third], &ours(), search),
        waits_for(&[ELSEWHERE, 12])
    );
}

#[test]
fn o4_where_the_policy_does_not_wait_for_others_each_waits_for_itself() {
    let alone = Values { search_waits_for_shielding: false, ..Values::default() };
    let policy = adopted([("2009-01-01", alone)]);
    let (ready, waiting) = (signed_off(AUTHORITY), still_shielding(ELSEWHERE));
    let search = Capability::Search;
    assert_eq!(asked(&ready, &[&ready, &waiting], &policy, search), Ok(enabled(search)));
    assert_eq!(asked(&waiting, &[&ready, &waiting], &policy, search), waits_for(&[ELSEWHERE]));
}

#[test]
fn o4_a_partner_signs_off_too_and_a_body_without_shields_waits_for_the_authorities() {
    let partner: Organisation = accredited(30, OrganisationKind::NationalPartner).fold();
    let other: Organisation = accredited(31, OrganisationKind::Other).fold();
    let (ready, waiting) = (signed_off(AUTHORITY), still_shielding(ELSEWHERE));
    let search = Capability::Search;
    assert_eq!(asked(&partner, &[&ready], &ours(), search), waits_for(&[30]));
    assert_eq!(asked(&other, &[&ready], &ours(), search), Ok(enabled(search)));
    assert_eq!(asked(&other, &[&ready, &waiting], &ours(), search), waits_for(&[ELSEWHERE]));
}

#[test]
fn o4_only_an_accredited_organisation_and_only_by_an_official() {
    let search = Capability::Search;
    assert_eq!(
        asked(&Organisation::default(), &[], &ours(), search),
        Err(Rejection::NotRegistered)
    );
    let registered: Organisation = History::of(Stream::Organisation(handle(31)))
        .then(Event::Registered { kind: OrganisationKind::Other, name: "Example".to_owned() })
        .fold();
    assert_eq!(asked(&registered, &[], &ours(), search), Err(Rejection::NotAccredited));
    let command = EnableCapability { at: noon(), capability: search };
    let ready = signed_off(AUTHORITY);
    assert_eq!(
        decide(&ready, &[&ready], &ours(), &team().caller(), &command),
        Err(Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Official])))
    );
}

#[test]
fn o4_what_is_enabled_is_not_enabled_again() {
    let enabled: Organisation = fixtures::people::organisation(AUTHORITY);
    for capability in [Capability::Shield, Capability::Search, Capability::Update] {
        assert_eq!(asked(&enabled, &[&enabled], &ours(), capability), Ok(Vec::new()));
    }
}
