use domain::{
    child::{
        Child, Event, SensitiveBasis, ServiceKind,
        assign_lead_professional::{self, AssignLeadProfessional, Rejection},
        end_lead_professional::{self, EndLeadProfessional},
    },
    personal::Personal,
};
use fixtures::scenario::{History, given, on};

use super::{
    TODAY, TOMORROW, TRUST, involvement, june_2009, now, organisation_id, practitioner, record,
    service,
};

fn involved(number: u128) -> Event {
    Event::InvolvementRecorded {
        involvement: involvement(number),
        organisation: organisation_id(TRUST),
        service: Personal::Known(service(ServiceKind::SocialCare)),
        from: on("2009-06-01"),
    }
}

fn assigned(number: u128) -> Event {
    Event::LeadProfessionalAssigned { involvement: involvement(number) }
}

fn assign(history: History<Event>, number: u128) -> Result<Vec<Event>, Rejection> {
    let command = AssignLeadProfessional { at: now(), involvement: involvement(number) };
    let person = practitioner();
    assign_lead_professional::decide(&history.fold(), &june_2009(), &person.caller(), &command)
}

#[test]
fn r17_the_lead_professional_is_assigned_by_an_involvement() {
    assert_eq!(assign(record().then(involved(1)), 1), Ok(vec![assigned(1)]));
}

#[test]
fn r17_nobody_leads_who_is_not_involved() {
    assert_eq!(assign(record().then(involved(1)), 2), Err(Rejection::NoSuchInvolvement));
}

#[test]
fn r17_nobody_leads_whose_involvement_has_ended() {
    let ended = Event::InvolvementEnded { involvement: involvement(1), on: on(TODAY) };
    assert_eq!(
        assign(record().then(involved(1)).then(ended), 1),
        Err(Rejection::InvolvementEnded(on(TODAY))),
    );
}

#[test]
fn r17_a_sensitive_service_does_not_lead() {
    let sensitive = Event::SensitiveInvolvementRecorded {
        involvement: involvement(1),
        basis: SensitiveBasis::ConsentOfChild,
        service: Personal::Known(service(ServiceKind::MentalHealth)),
        from: on(TODAY),
    };
    assert_eq!(assign(record().then(sensitive), 1), Err(Rejection::NoSuchInvolvement));
}

#[test]
fn r17_a_new_lead_professional_takes_the_place_of_the_one_before() {
    let history = record().then(involved(1)).then(involved(2)).then(assigned(1)).then(assigned(2));
    assert_eq!(history.fold::<Child>().lead_professional(), Some(involvement(2)));
}

#[test]
fn r17_an_involvement_that_ends_leads_no_longer() {
    let history = record().then(involved(1)).then(involved(2)).then(assigned(1));
    let other = Event::InvolvementEnded { involvement: involvement(2), on: on(TODAY) };
    let own = Event::InvolvementEnded { involvement: involvement(1), on: on(TODAY) };
    assert_eq!(
        history.clone().then(other).fold::<Child>().lead_professional(),
        Some(involvement(1)),
    );
    assert_eq!(history.then(own).fold::<Child>().lead_professional(), None);
}

#[test]
fn r18_a_lead_professional_ends_today_but_not_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let end = |day| EndLeadProfessional { at: now(), on: on(day) };
    let led = || record().then(involved(1)).then(assigned(1));
    given(led())
        .when(|child: &Child| {
            end_lead_professional::decide(child, &policy, &person.caller(), &end(TODAY))
        })
        .then([Event::LeadProfessionalEnded { on: on(TODAY) }]);
    given(led())
        .when(|child: &Child| {
            end_lead_professional::decide(child, &policy, &person.caller(), &end(TOMORROW))
        })
        .then_refused(end_lead_professional::Rejection::NotYet);
}

#[test]
fn r18_whether_there_was_one_is_not_told() {
    let (policy, person) = (june_2009(), practitioner());
    let end = EndLeadProfessional { at: now(), on: on(TODAY) };
    let decide =
        |child: &Child| end_lead_professional::decide(child, &policy, &person.caller(), &end);
    let led = record().then(involved(1)).then(assigned(1));
    assert_eq!(decide(&record().fold()), decide(&led.fold()));
}
