//! Shielding before first use, reported and signed off (O5, O6).

use domain::{
    caller::NotEntitled,
    organisation::{
        Capability, Event, Organisation, OrganisationKind, complete_shielding_phase,
        report_shielding_progress,
    },
    policy::PolicyVersion,
    practitioner::Condition,
    stream::Stream,
};
use fixtures::{
    people::{Person, management_team},
    scenario::{History, given, given_nothing, id, on},
};

use crate::users::{AUTHORITY, authority, noon, official, ours, team_elsewhere};

fn shielding() -> History<Event> {
    History::of(Stream::Organisation(authority()))
        .then(Event::Registered {
            kind: OrganisationKind::LocalAuthority,
            name: "Example County".to_owned(),
        })
        .then(Event::Accredited {
            on: on("2009-01-02"),
            until: on("2012-01-02"),
            disciplinary_procedures_seen: true,
        })
        .then(Event::CapabilityEnabled { capability: Capability::Shield })
}

/// A member of the team, of an organisation in that state.
fn team(history: &History<Event>) -> Person {
    Person::new(
        domain::identity::PractitionerId::new(id(20)),
        domain::actor::Role::ManagementTeam,
        management_team(20, AUTHORITY),
        history.fold(),
        authority(),
    )
}

fn reported(considered: u32, waiting: u32) -> Event {
    Event::ShieldingPhaseProgressReported { considered, waiting }
}

fn report(
    by: &Person,
    considered: u32,
    waiting: u32,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, report_shielding_progress::Rejection> {
    move |organisation| {
        let command =
            report_shielding_progress::ReportShieldingProgress { at: noon(), considered, waiting };
        report_shielding_progress::decide(organisation, &ours(), &by.caller(), &command)
    }
}

fn sign_off(
    by: &Person,
    day: &'static str,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, complete_shielding_phase::Rejection> {
    move |organisation| {
        let command = complete_shielding_phase::CompleteShieldingPhase { at: noon(), on: on(day) };
        complete_shielding_phase::decide(organisation, &ours(), &by.caller(), &command)
    }
}

#[test]
fn o5_the_team_reports_and_a_report_that_says_the_same_is_quiet() {
    let team = team(&shielding());
    given(shielding()).when(report(&team, 12, 3)).then([reported(12, 3)]);
    given(shielding().then(reported(12, 3))).when(report(&team, 12, 3)).then_nothing();
    given(shielding().then(reported(12, 3))).when(report(&team, 13, 2)).then([reported(13, 2)]);
}

#[test]
fn o5_nobody_else_reports_and_not_before_the_organisation_can_shield() {
    use report_shielding_progress::Rejection;
    given(shielding()).when(report(&team_elsewhere(), 1, 0)).then_refused(Rejection::NotEntitled(
        NotEntitled::OtherOrganisation { needed: authority() },
    ));
    given(shielding()).when(report(&official(), 1, 0)).then_refused(Rejection::NotEntitled(
        crate::users::other_office(
            domain::actor::Role::Official,
            [domain::actor::Role::ManagementTeam],
        ),
    ));
    let not_enabled = History::of(Stream::Organisation(authority()))
        .then(Event::Registered {
            kind: OrganisationKind::LocalAuthority,
            name: "Example County".to_owned(),
        })
        .then(Event::Accredited {
            on: on("2009-01-02"),
            until: on("2012-01-02"),
            disciplinary_procedures_seen: true,
        });
    let early = team(&not_enabled);
    given(not_enabled).when(report(&early, 1, 0)).then_refused(Rejection::NotEntitled(
        NotEntitled::Unmet {
            conditions: [Condition::CapabilityEnabled].into(),
            policy: PolicyVersion(0),
        },
    ));
    given_nothing::<Organisation>()
        .when(report(&team(&shielding()), 1, 0))
        .then_refused(Rejection::NotRegistered);
}

#[test]
fn o5_after_signing_off_there_is_nothing_to_report() {
    let done = || shielding().then(Event::ShieldingPhaseCompleted { on: on("2009-03-13") });
    given(done())
        .when(report(&team(&done()), 1, 0))
        .then_refused(report_shielding_progress::Rejection::AlreadySignedOff);
}

#[test]
fn o6_it_is_signed_off_when_no_request_waits() {
    let team = team(&shielding());
    let done = Event::ShieldingPhaseCompleted { on: on("2009-06-22") };
    for considered in [0, 12] {
        given(shielding().then(reported(considered, 0)))
            .when(sign_off(&team, "2009-06-22"))
            .then([done.clone()]);
    }
    given(shielding().then(reported(12, 1)))
        .when(sign_off(&team, "2009-06-22"))
        .then_refused(complete_shielding_phase::Rejection::StillWaiting { waiting: 1 });
    given(shielding())
        .when(sign_off(&team, "2009-06-22"))
        .then_refused(complete_shielding_phase::Rejection::NothingReported);
}

#[test]
fn o6_it_is_signed_off_once_and_not_ahead() {
    let team = team(&shielding());
    given(shielding().then(reported(12, 0)))
        .when(sign_off(&team, "2009-06-23"))
        .then_refused(complete_shielding_phase::Rejection::InTheFuture { on: on("2009-06-23") });
    given(shielding().then(Event::ShieldingPhaseCompleted { on: on("2009-03-13") }))
        .when(sign_off(&team, "2009-06-22"))
        .then_nothing();
}
