use domain::{
    access::{Basis, Field, visible},
    actor::Role,
    child::{
        Child, Event, SensitiveBasis, ServiceKind, end_involvement,
        record_sensitive_involvement::{self, RecordSensitiveInvolvement, Unmet},
        withdraw_sensitive_consent::{Rejection, WithdrawSensitiveConsent, decide},
    },
    personal::Personal,
    policy::Values,
    shield::Shield,
};
use fixtures::scenario::{History, actor, given, on};

use super::{
    CLINIC, Person, TODAY, TOMORROW, TRUST, involvement, june_2009, now, practitioner,
    practitioner_of, record, service, team,
};

const BASES: [SensitiveBasis; 3] =
    [SensitiveBasis::ConsentOfChild, SensitiveBasis::ConsentOfCarer, SensitiveBasis::SuspectedHarm];

fn recorded(basis: SensitiveBasis) -> Event {
    Event::SensitiveInvolvementRecorded {
        involvement: involvement(1),
        basis,
        service: Personal::Known(service(ServiceKind::MentalHealth)),
        from: on(TODAY),
    }
}

fn command(basis: SensitiveBasis) -> RecordSensitiveInvolvement {
    RecordSensitiveInvolvement {
        at: now(),
        involvement: involvement(1),
        basis,
        service: service(ServiceKind::MentalHealth),
        from: on(TODAY),
    }
}

/// A record with a sensitive involvement that the clinic recorded.
fn of_the_clinic(basis: SensitiveBasis) -> History<Event> {
    record().by(actor(CLINIC + 2, Role::Practitioner, CLINIC)).then(recorded(basis))
}

fn withdraw_as(person: &Person, history: History<Event>) -> Result<Vec<Event>, Rejection> {
    let command = WithdrawSensitiveConsent { at: now(), involvement: involvement(1) };
    decide(&history.fold(), &june_2009(), &person.caller(), &command)
}

fn withdrawn() -> Event {
    Event::SensitiveConsentWithdrawn { involvement: involvement(1) }
}

#[test]
fn r15_a_sensitive_service_is_recorded_on_each_of_the_three_bases() {
    let (policy, clinic) = (june_2009(), practitioner_of(CLINIC));
    for basis in BASES {
        given(record())
            .when(|child: &Child| {
                record_sensitive_involvement::decide(
                    child,
                    &policy,
                    &clinic.caller(),
                    &command(basis),
                )
            })
            .then([recorded(basis)]);
    }
}

#[test]
fn r15_the_event_does_not_name_the_organisation() {
    let stored = serde_json::to_string(&recorded(SensitiveBasis::ConsentOfChild)).unwrap();
    assert!(!stored.contains(&super::organisation_id(CLINIC).to_string()));
    let child: Child = of_the_clinic(SensitiveBasis::ConsentOfChild).fold();
    let entry = child.sensitive_involvements().get(&involvement(1)).unwrap();
    assert_eq!(entry.provider, Some(super::organisation_id(CLINIC)));
}

#[test]
fn r15_everything_that_stands_in_the_way_is_named() {
    let (policy, clinic) = (june_2009(), practitioner_of(CLINIC));
    let ordinary = RecordSensitiveInvolvement {
        service: service(ServiceKind::SchoolNurse),
        from: on(TOMORROW),
        ..command(SensitiveBasis::ConsentOfChild)
    };
    given(of_the_clinic(SensitiveBasis::ConsentOfChild))
        .when(|child: &Child| {
            record_sensitive_involvement::decide(child, &policy, &clinic.caller(), &ordinary)
        })
        .then_refused(record_sensitive_involvement::Rejection::Unmet(
            [Unmet::HandleTaken, Unmet::NotSensitive, Unmet::NotYet].into(),
        ));
}

#[test]
fn r15_details_are_hidden_from_practitioners_without_any_shield() {
    let child: Child = of_the_clinic(SensitiveBasis::ConsentOfChild).fold();
    let seen = visible(&child, &Shield::default(), Basis::Practitioner, &Values::default());
    assert!(seen.withheld.contains(Field::SensitiveServices));
    assert!(child.involvements().is_empty());
}

#[test]
fn r16_the_provider_or_the_responsible_team_withdraws_consent() {
    for basis in [SensitiveBasis::ConsentOfChild, SensitiveBasis::ConsentOfCarer] {
        assert_eq!(
            withdraw_as(&practitioner_of(CLINIC), of_the_clinic(basis)),
            Ok(vec![withdrawn()]),
        );
        assert_eq!(withdraw_as(&team(), of_the_clinic(basis)), Ok(vec![withdrawn()]));
    }
}

#[test]
fn r16_anybody_else_is_told_that_there_is_no_such_involvement() {
    let basis = SensitiveBasis::ConsentOfChild;
    let refused = Err(Rejection::NoSuchInvolvement);
    assert_eq!(withdraw_as(&practitioner(), of_the_clinic(basis)), refused);
    assert_eq!(withdraw_as(&practitioner(), of_the_clinic(basis).then(withdrawn())), refused);
    assert_eq!(withdraw_as(&practitioner(), record()), refused);
}

#[test]
fn r16_suspected_harm_does_not_rest_on_consent() {
    assert_eq!(
        withdraw_as(&practitioner_of(CLINIC), of_the_clinic(SensitiveBasis::SuspectedHarm)),
        Err(Rejection::NotByConsent),
    );
}

#[test]
fn r16_withdrawing_twice_is_quiet() {
    let history = of_the_clinic(SensitiveBasis::ConsentOfChild).then(withdrawn());
    assert_eq!(withdraw_as(&practitioner_of(CLINIC), history), Ok(vec![]));
}

#[test]
fn r16_it_is_hidden_at_once_from_everybody() {
    let child: Child = of_the_clinic(SensitiveBasis::ConsentOfChild).then(withdrawn()).fold();
    assert!(child.sensitive_involvements().is_empty());
    for basis in [Basis::Practitioner, Basis::ResponsibleTeam, Basis::Override] {
        let seen = visible(&child, &Shield::default(), basis, &Values::default());
        let traces = [Field::SensitiveServices, Field::SensitiveMarker];
        assert!(
            traces
                .iter()
                .all(|field| { !seen.shown.contains(*field) && !seen.withheld.contains(*field) })
        );
    }
}

#[test]
fn r16_a_withdrawn_handle_is_not_used_again() {
    let (policy, clinic) = (june_2009(), practitioner_of(CLINIC));
    given(of_the_clinic(SensitiveBasis::ConsentOfChild).then(withdrawn()))
        .when(|child: &Child| {
            record_sensitive_involvement::decide(
                child,
                &policy,
                &clinic.caller(),
                &command(SensitiveBasis::ConsentOfChild),
            )
        })
        .then_refused(record_sensitive_involvement::Rejection::Unmet([Unmet::HandleTaken].into()));
}

#[test]
fn r14_a_sensitive_involvement_is_ended_by_its_provider_and_unknown_to_others() {
    let child: Child = of_the_clinic(SensitiveBasis::ConsentOfChild).fold();
    let command =
        end_involvement::EndInvolvement { at: now(), involvement: involvement(1), on: on(TODAY) };
    let end =
        |person: &Person| end_involvement::decide(&child, &june_2009(), &person.caller(), &command);
    let ended = Event::InvolvementEnded { involvement: involvement(1), on: on(TODAY) };
    assert_eq!(end(&practitioner_of(CLINIC)), Ok(vec![ended.clone()]));
    assert_eq!(end(&team()), Ok(vec![ended]));
    assert_eq!(end(&practitioner_of(TRUST)), Err(end_involvement::Rejection::NoSuchInvolvement),);
}
