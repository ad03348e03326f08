use domain::{
    access::Access,
    caller::{Caller, NotEntitled},
    fold::Fold,
    identity::PractitionerId,
    investigation::{
        Event, Finding, Investigation, Origin,
        assign::{Assign, Opened, Rejection, decide},
    },
    practitioner::{self, Office, Practitioner},
    recorded::Recorded,
    stream::Stream,
};
use fixtures::{
    people::{self, text},
    scenario::{History, at, id, on},
};

use super::a_record::{
    AUTHORITY, CHILD, COLLEAGUE, ELSEWHERE, NURSE, Somebody, TEAM, confirmed, department,
    investigation, june_2009, nobody_looked, now, practitioner, run, team,
};

const INVESTIGATOR: u128 = 4;

fn of_override() -> Origin {
    Origin::Override { child: CHILD, procedure: run(1) }
}

fn assigned(origin: Origin, investigator: u128) -> Event {
    Event::Assigned {
        origin,
        subject: PractitionerId::new(id(NURSE)),
        investigator: PractitionerId::new(id(investigator)),
    }
}

fn history() -> History<Event> {
    History::of(Stream::Investigation(investigation(1)))
}

fn ask(
    state: &Investigation,
    access: &Access,
    subject: &Practitioner,
    investigator: &Somebody,
    caller: &Caller<'_>,
) -> Result<Vec<Event>, Rejection> {
    let opened = Opened::Override { child: CHILD, access };
    let command = Assign { at: now(), investigation: investigation(1) };
    decide(state, opened, subject, investigator.standing(), &june_2009(), caller, &command)
}

fn fresh(
    subject: &Somebody,
    investigator: &Somebody,
    caller: &Caller<'_>,
) -> Result<Vec<Event>, Rejection> {
    let access = confirmed(NURSE).fold();
    ask(&Investigation::default(), &access, subject.standing(), investigator, caller)
}

#[test]
fn i1_the_team_of_the_users_organisation_assigns_an_investigation() {
    let (nurse, investigator) = (practitioner(NURSE), team(INVESTIGATOR, AUTHORITY));
    assert_eq!(
        fresh(&nurse, &investigator, &team(TEAM, AUTHORITY).caller()),
        Ok(vec![assigned(of_override(), INVESTIGATOR)])
    );
}

#[test]
fn i1_an_official_or_an_auditor_assigns_it_and_may_be_given_it() {
    let (nurse, official) = (practitioner(NURSE), department(6, Office::Official));
    let auditor = department(7, Office::Auditor);
    let expected = Ok(vec![assigned(of_override(), 7)]);
    assert_eq!(fresh(&nurse, &auditor, &official.caller()), expected);
    assert_eq!(fresh(&nurse, &auditor, &auditor.caller()), expected);
}

#[test]
fn i1_the_team_of_another_organisation_does_not() {
    let needed = domain::identity::OrganisationId::new(id(AUTHORITY));
    assert_eq!(
        fresh(
            &practitioner(NURSE),
            &team(INVESTIGATOR, AUTHORITY),
            &team(TEAM, ELSEWHERE).caller()
        ),
        Err(Rejection::NotEntitled(NotEntitled::OtherOrganisation { needed }))
    );
}

#[test]
fn i1_nobody_investigates_themself_nor_assigns_an_investigation_into_themself() {
    let manager = team(TEAM, AUTHORITY);
    let access = confirmed(TEAM).fold();
    let state = Investigation::default();
    let other = team(INVESTIGATOR, AUTHORITY);
    assert_eq!(
        ask(&state, &access, manager.standing(), &manager, &other.caller()),
        Err(Rejection::InvestigatesThemself)
    );
    assert_eq!(
        ask(&state, &access, manager.standing(), &other, &manager.caller()),
        Err(Rejection::NotEntitled(NotEntitled::OwnStanding))
    );
}

#[test]
fn i1_only_an_investigation_that_was_opened_can_be_assigned() {
    let (nurse, investigator) = (practitioner(NURSE), team(INVESTIGATOR, AUTHORITY));
    let manager = team(TEAM, AUTHORITY);
    let state = Investigation::default();
    assert_eq!(
        ask(&state, &nobody_looked(), nurse.standing(), &investigator, &manager.caller()),
        Err(Rejection::NotOpened)
    );
    let of_colleague = confirmed(COLLEAGUE).fold();
    assert_eq!(
        ask(&state, &of_colleague, nurse.standing(), &investigator, &manager.caller()),
        Err(Rejection::NotOpened)
    );
}

#[test]
fn i1_one_opened_by_a_suspension_is_assigned_too() {
    let suspended = |number| {
        practitioner(NURSE).suspended().with(practitioner::Event::InvestigationOpened {
            investigation: investigation(number),
            due: on("2009-07-06"),
        })
    };
    let manager = team(TEAM, AUTHORITY);
    let investigator = team(INVESTIGATOR, AUTHORITY);
    let ask = |subject: &Somebody| {
        decide(
            &Investigation::default(),
            Opened::Suspicion,
            subject.standing(),
            investigator.standing(),
            &june_2009(),
            &manager.caller(),
            &Assign { at: now(), investigation: investigation(1) },
        )
    };
    assert_eq!(ask(&suspended(1)), Ok(vec![assigned(Origin::Suspicion, INVESTIGATOR)]));
    assert_eq!(ask(&suspended(2)), Err(Rejection::NotOpened));
    assert_eq!(ask(&practitioner(NURSE)), Err(Rejection::NotOpened));
}

#[test]
fn i1_a_practitioner_or_a_suspended_manager_does_not_investigate() {
    let manager = team(TEAM, AUTHORITY);
    for unfit in [practitioner(COLLEAGUE), team(INVESTIGATOR, AUTHORITY).suspended()] {
        assert_eq!(
            fresh(&practitioner(NURSE), &unfit, &manager.caller()),
            Err(Rejection::NotAnInvestigator)
        );
    }
}

#[test]
fn i1_an_appointment_that_has_ended_gives_nobody_an_investigation() {
    let ends = |day: &str| {
        let end = practitioner::Event::DepartmentAppointmentEnded { on: on(day) };
        department(7, Office::Auditor).with(end)
    };
    let manager = team(TEAM, AUTHORITY);
    assert_eq!(
        fresh(&practitioner(NURSE), &ends("2009-06-22"), &manager.caller()),
        Err(Rejection::NotAnInvestigator)
    );
    assert_eq!(
        fresh(&practitioner(NURSE), &ends("2009-06-23"), &manager.caller()),
        Ok(vec![assigned(of_override(), 7)])
    );
}

#[test]
fn i1_it_is_assigned_anew_to_another_until_it_is_concluded() {
    let (nurse, manager) = (practitioner(NURSE), team(TEAM, AUTHORITY));
    let investigator = team(INVESTIGATOR, AUTHORITY);
    let access = confirmed(NURSE).fold();
    let ask = |state: &Investigation| {
        ask(state, &access, nurse.standing(), &investigator, &manager.caller())
    };
    let with = |person| history().then(assigned(of_override(), person));
    assert_eq!(ask(&with(5).fold()), Ok(vec![assigned(of_override(), INVESTIGATOR)]));
    assert_eq!(ask(&with(INVESTIGATOR).fold()), Err(Rejection::AlreadyAssigned));
    let concluded =
        with(5).then(Event::Concluded { finding: Finding::Proper, report: text("Duty call") });
    assert_eq!(ask(&concluded.fold()), Err(Rejection::AlreadyConcluded));
}

#[test]
fn i1_an_investigator_nobody_knows_is_none() {
    let manager = team(TEAM, AUTHORITY);
    let access = confirmed(NURSE).fold();
    let decided = decide(
        &Investigation::default(),
        Opened::Override { child: CHILD, access: &access },
        practitioner(NURSE).standing(),
        &Practitioner::default(),
        &june_2009(),
        &manager.caller(),
        &Assign { at: at("2009-06-22T10:00:00Z"), investigation: investigation(1) },
    );
    assert_eq!(decided, Err(Rejection::NotAnInvestigator));
}

#[test]
fn i1_who_investigates_is_folded_from_the_last_assignment() {
    let events: Vec<Recorded<Event>> = history()
        .then(assigned(of_override(), 5))
        .then(assigned(of_override(), INVESTIGATOR))
        .recorded()
        .to_vec();
    let state = Investigation::replay(&events);
    let who = state.assigned().map(|assigned| assigned.investigator);
    assert_eq!(who, Some(PractitionerId::new(id(INVESTIGATOR))));
    assert!(!state.is_concluded());
    assert_eq!(people::practitioner(NURSE, AUTHORITY).id(), Some(PractitionerId::new(id(NURSE))));
}
