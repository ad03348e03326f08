use domain::{
    child::{
        Child, Event, InvolvedService, Involvement, ServiceKind,
        end_involvement::{self, EndInvolvement},
        record_involvement::{self, RecordInvolvement, Unmet},
    },
    identity::PractitionerId,
    personal::Personal,
};
use fixtures::scenario::{given, id, on};

use super::{
    CLINIC, EASTSHIRE, Person, TODAY, TOMORROW, TRUST, involvement, june_2009, now,
    organisation_id, practitioner, practitioner_of, record, service, team, team_of,
};

fn nurse() -> InvolvedService {
    service(ServiceKind::SchoolNurse)
}

fn command() -> RecordInvolvement {
    RecordInvolvement { at: now(), involvement: involvement(1), service: nurse(), from: on(TODAY) }
}

fn involved() -> Event {
    Event::InvolvementRecorded {
        involvement: involvement(1),
        organisation: organisation_id(TRUST),
        service: Personal::Known(nurse()),
        from: on("2009-06-01"),
    }
}

fn ended(day: &str) -> Event {
    Event::InvolvementEnded { involvement: involvement(1), on: on(day) }
}

fn record_as(
    person: &Person,
    command: &RecordInvolvement,
) -> Result<Vec<Event>, record_involvement::Rejection> {
    record_involvement::decide(&record().fold(), &june_2009(), &person.caller(), command)
}

fn end_as(person: &Person, day: &str) -> Result<Vec<Event>, end_involvement::Rejection> {
    let child: Child = record().then(involved()).fold();
    let command = EndInvolvement { at: now(), involvement: involvement(1), on: on(day) };
    end_involvement::decide(&child, &june_2009(), &person.caller(), &command)
}

#[test]
fn r13_a_service_records_its_own_involvement() {
    assert_eq!(
        record_as(&practitioner(), &command()),
        Ok(vec![Event::InvolvementRecorded {
            involvement: involvement(1),
            organisation: organisation_id(TRUST),
            service: Personal::Known(nurse()),
            from: on(TODAY),
        }]),
    );
}

#[test]
fn r13_a_practitioner_names_themselves_or_no_account() {
    let own = InvolvedService { practitioner: practitioner().actor().id, ..nurse() };
    let command = RecordInvolvement { service: own, ..command() };
    assert_eq!(record_as(&practitioner(), &command).map(|events| events.len()), Ok(1));
}

#[test]
fn r13_a_practitioner_does_not_record_somebody_elses_involvement() {
    let other = Some(PractitionerId::new(id(999)));
    let elses = InvolvedService { practitioner: other, ..nurse() };
    let command = RecordInvolvement { service: elses, ..command() };
    assert_eq!(
        record_as(&practitioner(), &command),
        Err(record_involvement::Rejection::Unmet([Unmet::SomebodyElses].into())),
    );
    assert_eq!(record_as(&team(), &command).map(|events| events.len()), Ok(1));
}

#[test]
fn r13_no_sensitive_kind_is_recorded_without_its_basis() {
    for kind in [ServiceKind::SexualHealth, ServiceKind::MentalHealth, ServiceKind::SubstanceMisuse]
    {
        let command = RecordInvolvement { service: service(kind), ..command() };
        assert_eq!(
            record_as(&practitioner(), &command),
            Err(record_involvement::Rejection::Unmet([Unmet::Sensitive].into())),
        );
    }
}

#[test]
fn r13_everything_that_stands_in_the_way_is_named() {
    let other = Some(PractitionerId::new(id(999)));
    let elses = InvolvedService { practitioner: other, ..service(ServiceKind::MentalHealth) };
    let command = RecordInvolvement { service: elses, from: on(TOMORROW), ..command() };
    let (policy, person) = (june_2009(), practitioner());
    given(record().then(involved()))
        .when(|child: &Child| {
            record_involvement::decide(child, &policy, &person.caller(), &command)
        })
        .then_refused(record_involvement::Rejection::Unmet(
            [Unmet::HandleTaken, Unmet::Sensitive, Unmet::SomebodyElses, Unmet::NotYet].into(),
        ));
}

#[test]
fn r14_an_involvement_is_ended_by_its_own_organisation() {
    assert_eq!(end_as(&practitioner(), TODAY), Ok(vec![ended(TODAY)]));
}

#[test]
fn r14_an_involvement_is_ended_by_the_responsible_team() {
    assert_eq!(end_as(&team(), TODAY), Ok(vec![ended(TODAY)]));
}

#[test]
fn r14_an_involvement_is_not_ended_by_others() {
    let refused = Err(end_involvement::Rejection::AnotherOrganisations);
    assert_eq!(end_as(&practitioner_of(CLINIC), TODAY), refused);
    assert_eq!(end_as(&team_of(EASTSHIRE), TODAY), refused);
}

#[test]
fn r14_an_involvement_ends_between_its_first_day_and_today() {
    assert_eq!(end_as(&practitioner(), "2009-06-01"), Ok(vec![ended("2009-06-01")]));
    assert_eq!(
        end_as(&practitioner(), "2009-05-31"),
        Err(end_involvement::Rejection::BeganLater(on("2009-06-01"))),
    );
    assert_eq!(end_as(&practitioner(), TOMORROW), Err(end_involvement::Rejection::NotYet));
}

#[test]
fn r14_an_ended_involvement_stays_with_its_last_day_and_ends_once() {
    let child: Child = record().then(involved()).then(ended("2009-06-10")).fold();
    let kept = Involvement {
        organisation: organisation_id(TRUST),
        service: Personal::Known(nurse()),
        from: on("2009-06-01"),
        ended: Some(on("2009-06-10")),
    };
    assert_eq!(child.involvements().get(&involvement(1)), Some(&kept));
    let command = EndInvolvement { at: now(), involvement: involvement(1), on: on(TODAY) };
    assert_eq!(
        end_involvement::decide(&child, &june_2009(), &practitioner().caller(), &command),
        Err(end_involvement::Rejection::EndedAlready(on("2009-06-10"))),
    );
}

#[test]
fn r14_an_unknown_involvement_is_not_ended() {
    let command = EndInvolvement { at: now(), involvement: involvement(9), on: on(TODAY) };
    let (policy, person) = (june_2009(), practitioner());
    given(record().then(involved()))
        .when(|child: &Child| end_involvement::decide(child, &policy, &person.caller(), &command))
        .then_refused(end_involvement::Rejection::NoSuchInvolvement);
}
