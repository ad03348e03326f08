//! Offices of the department (U18).

use domain::{
    actor::Role,
    caller::{Caller, NotEntitled},
    identity::PractitionerId,
    practitioner::{
        AccountRole, Event, Office, Practitioner, appoint_to_department, end_appointment,
    },
    stream::Stream,
};
use fixtures::{
    people::{nominated, text},
    scenario::{History, given, given_nothing, id, on},
};

use crate::users::{AUTHORITY, SUBJECT, noon, official, other_office, ours, subject, team};

fn appointed(office: Office) -> Event {
    Event::AppointedToDepartment { office, name: text("Sam Example") }
}

fn holder(office: Office) -> History<Event> {
    History::of(Stream::Practitioner(subject())).then(appointed(office))
}

fn appoint(
    caller: &Caller<'_>,
    office: Office,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, appoint_to_department::Rejection> {
    move |person| {
        let command = appoint_to_department::AppointToDepartment {
            at: noon(),
            practitioner: subject(),
            office,
            name: text("Sam Example"),
        };
        appoint_to_department::decide(person, &ours(), caller, &command)
    }
}

fn end(
    caller: &Caller<'_>,
    day: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, end_appointment::Rejection> {
    move |person| {
        let command = end_appointment::EndAppointment { at: noon(), on: on(day) };
        end_appointment::decide(person, &ours(), caller, &command)
    }
}

#[test]
fn u18_the_system_appoints_the_first_and_officials_the_others() {
    for office in [Office::Official, Office::Auditor] {
        given_nothing::<Practitioner>()
            .when(appoint(&Caller::system(), office))
            .then([appointed(office)]);
        given_nothing::<Practitioner>()
            .when(appoint(&official().caller(), office))
            .then([appointed(office)]);
    }
    given_nothing::<Practitioner>().when(appoint(&team().caller(), Office::Official)).then_refused(
        appoint_to_department::Rejection::NotEntitled(other_office(
            Role::ManagementTeam,
            [Role::Official, Role::System],
        )),
    );
}

#[test]
fn u18_one_office_at_a_time_and_no_account_beside_it() {
    given(holder(Office::Auditor))
        .when(appoint(&official().caller(), Office::Auditor))
        .then_nothing();
    given(holder(Office::Auditor))
        .when(appoint(&official().caller(), Office::Official))
        .then_refused(appoint_to_department::Rejection::AlreadyAppointed {
            office: Office::Auditor,
        });
    given(nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY))
        .when(appoint(&official().caller(), Office::Auditor))
        .then_refused(appoint_to_department::Rejection::HoldsAccount);
}

#[test]
fn u18_an_appointment_ends_today_or_later() {
    for day in ["2009-06-22", "2009-12-31"] {
        given(holder(Office::Auditor))
            .when(end(&official().caller(), day))
            .then([Event::DepartmentAppointmentEnded { on: on(day) }]);
    }
    given(holder(Office::Auditor))
        .when(end(&official().caller(), "2009-06-21"))
        .then_refused(end_appointment::Rejection::BackDated { on: on("2009-06-21") });
}

#[test]
fn u18_an_office_that_is_over_can_be_given_anew() {
    let over =
        |day| holder(Office::Auditor).then(Event::DepartmentAppointmentEnded { on: on(day) });
    given(over("2009-06-22"))
        .when(appoint(&official().caller(), Office::Official))
        .then([appointed(Office::Official)]);
    given(over("2009-06-23")).when(appoint(&official().caller(), Office::Official)).then_refused(
        appoint_to_department::Rejection::AlreadyAppointed { office: Office::Auditor },
    );
    given(over("2009-06-22"))
        .when(end(&official().caller(), "2009-06-22"))
        .then_refused(end_appointment::Rejection::NotAppointed);
    given_nothing::<Practitioner>()
        .when(end(&official().caller(), "2009-06-22"))
        .then_refused(end_appointment::Rejection::NotAppointed);
}

#[test]
fn u18_nobody_appoints_themselves() {
    let own = |person: &Practitioner| {
        let command = appoint_to_department::AppointToDepartment {
            at: noon(),
            practitioner: PractitionerId::new(id(40)),
            office: Office::Auditor,
            name: text("Sam Example"),
        };
        appoint_to_department::decide(person, &ours(), &official().caller(), &command)
    };
    given_nothing::<Practitioner>()
        .when(own)
        .then_refused(appoint_to_department::Rejection::NotEntitled(NotEntitled::OwnStanding));
}
