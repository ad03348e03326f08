use domain::{
    caller::{Caller, NotEntitled},
    identity::PractitionerId,
    investigation::{
        Event, Finding, Investigation, Origin,
        conclude::{Conclude, Rejection, decide},
    },
    practitioner::{Condition, Office},
    stream::Stream,
};
use fixtures::{
    people::text,
    scenario::{History, id},
};

use super::a_record::{
    AUTHORITY, CHILD, COLLEAGUE, ELSEWHERE, NURSE, TEAM, department, investigation, june_2009, now,
    practitioner, run, team,
};

const INVESTIGATOR: u128 = 4;

fn assigned_to(investigator: u128) -> History<Event> {
    History::of(Stream::Investigation(investigation(1))).then(Event::Assigned {
        origin: Origin::Override { child: CHILD, procedure: run(1) },
        subject: PractitionerId::new(id(NURSE)),
        investigator: PractitionerId::new(id(investigator)),
    })
}

fn concluded() -> Event {
    Event::Concluded { finding: Finding::WrongProcedure, report: text("Should have asked us") }
}

fn ask(
    history: &History<Event>,
    subject: u128,
    caller: &Caller<'_>,
) -> Result<Vec<Event>, Rejection> {
    let state: Investigation = history.fold();
    let command = Conclude {
        at: now(),
        finding: Finding::WrongProcedure,
        report: text("Should have asked us"),
    };
    decide(&state, practitioner(subject).standing(), &june_2009(), caller, &command)
}

#[test]
fn i2_whoever_it_is_assigned_to_concludes_it() {
    let investigator = team(INVESTIGATOR, ELSEWHERE);
    assert_eq!(
        ask(&assigned_to(INVESTIGATOR), NURSE, &investigator.caller()),
        Ok(vec![concluded()])
    );
    let auditor = department(7, Office::Auditor);
    assert_eq!(ask(&assigned_to(7), NURSE, &auditor.caller()), Ok(vec![concluded()]));
}

#[test]
fn i2_another_member_of_the_team_of_the_users_organisation_may() {
    let manager = team(TEAM, AUTHORITY);
    assert_eq!(ask(&assigned_to(INVESTIGATOR), NURSE, &manager.caller()), Ok(vec![concluded()]));
}

#[test]
fn i2_the_team_of_another_organisation_may_not() {
    let needed = domain::identity::OrganisationId::new(id(AUTHORITY));
    assert_eq!(
        ask(&assigned_to(INVESTIGATOR), NURSE, &team(TEAM, ELSEWHERE).caller()),
        Err(Rejection::NotEntitled(NotEntitled::OtherOrganisation { needed }))
    );
}

#[test]
fn i2_a_practitioner_may_not_least_of_all_the_user() {
    for person in [NURSE, COLLEAGUE] {
        let decided = ask(&assigned_to(INVESTIGATOR), NURSE, &practitioner(person).caller());
        assert!(
            matches!(decided, Err(Rejection::NotEntitled(NotEntitled::OtherOffice { .. }))),
            "{decided:?}"
        );
    }
}

#[test]
fn i2_a_member_of_a_team_does_not_conclude_an_investigation_into_themself() {
    let into_themself =
        History::of(Stream::Investigation(investigation(1))).then(Event::Assigned {
            origin: Origin::Suspicion,
            subject: PractitionerId::new(id(TEAM)),
            investigator: PractitionerId::new(id(INVESTIGATOR)),
        });
    let member = team(TEAM, AUTHORITY);
    let command =
        Conclude { at: now(), finding: Finding::Proper, report: text("Nothing to see here") };
    let decided =
        decide(&into_themself.fold(), member.standing(), &june_2009(), &member.caller(), &command);
    assert_eq!(decided, Err(Rejection::NotEntitled(NotEntitled::OwnStanding)));
}

#[test]
fn i2_an_investigator_who_was_suspended_since_may_not() {
    let investigator = team(INVESTIGATOR, AUTHORITY).suspended();
    let decided = ask(&assigned_to(INVESTIGATOR), NURSE, &investigator.caller());
    let conditions = [Condition::NotSuspended].into();
    let policy = domain::policy::PolicyVersion::default();
    assert_eq!(decided, Err(Rejection::NotEntitled(NotEntitled::Unmet { conditions, policy })));
}

#[test]
fn i2_it_is_concluded_once() {
    let manager = team(TEAM, AUTHORITY);
    assert_eq!(
        ask(&assigned_to(INVESTIGATOR).then(concluded()), NURSE, &manager.caller()),
        Err(Rejection::AlreadyConcluded)
    );
}

#[test]
fn i2_what_nobody_investigates_is_not_concluded() {
    let manager = team(TEAM, AUTHORITY);
    let nothing = History::of(Stream::Investigation(investigation(1)));
    assert_eq!(ask(&nothing, NURSE, &manager.caller()), Err(Rejection::NotAssigned));
    assert_eq!(
        ask(&assigned_to(INVESTIGATOR), COLLEAGUE, &manager.caller()),
        Err(Rejection::NotAssigned)
    );
}
