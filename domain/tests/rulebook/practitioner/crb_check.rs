//! The enhanced check and its lapse (U4, U5).

use chrono::NaiveDate;
use domain::{
    actor::Role,
    caller::{Caller, NotEntitled},
    organisation::Organisation,
    policy::{Policy, Values},
    practitioner::{
        AccountRole, Condition, Event, NoOpenAccount, Practitioner, assess, crb_check_lapses_on,
        record_crb_check, record_lapse,
    },
};
use fixtures::{
    people::{authorised, nominated, organisation, text},
    scenario::{History, at, given, on},
};

use crate::users::{
    AUTHORITY, SUBJECT, adopted, auditor, authority, official, other_office, ours, team,
    team_elsewhere, trainer,
};

fn check(issued_on: &str) -> Event {
    Event::EnhancedCrbCheckRecorded { issued_on: on(issued_on), disclosure_number: text("0012") }
}

fn nominee() -> History<Event> {
    nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

fn record(
    issued_on: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, record_crb_check::Rejection> {
    move |person| {
        let command = record_crb_check::RecordCrbCheck {
            at: at("2009-06-22T12:00:00Z"),
            issued_on: on(issued_on),
            disclosure_number: text("0012"),
        };
        record_crb_check::decide(person, &ours(), &team().caller(), &command)
    }
}

fn lapse(
    instant: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, record_lapse::Rejection> {
    move |person| lapse_under(&ours(), instant)(person)
}

fn lapse_under(
    policy: &Policy,
    instant: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, record_lapse::Rejection> {
    move |person| {
        let command = record_lapse::RecordLapse { at: at(instant) };
        record_lapse::decide(person, policy, &Caller::system(), &command)
    }
}

fn current(history: &History<Event>, instant: &str) -> bool {
    let person: Practitioner = history.fold();
    let organisation: Organisation = organisation(AUTHORITY);
    let role = AccountRole::Practitioner;
    let found = assess(&person, &organisation, &ours(), role, None, at(instant));
    !found.unmet.contains(&Condition::CurrentCrbCheck)
}

#[test]
fn u4_a_check_is_recorded_when_it_was_issued_today_or_before() {
    given(nominee()).when(record("2009-06-22")).then([check("2009-06-22")]);
    given(nominee())
        .when(record("2009-06-23"))
        .then_refused(record_crb_check::Rejection::InTheFuture { on: on("2009-06-23") });
}

#[test]
fn u4_a_check_lapses_on_its_third_anniversary() {
    let history = nominee().then(check("2006-06-22"));
    assert!(current(&history, "2009-06-21T23:59:59Z"));
    assert!(!current(&history, "2009-06-22T00:00:00Z"));
}

#[test]
fn u4_a_check_holds_from_the_day_of_its_issue() {
    let history = nominee().then(check("2009-06-22"));
    assert!(!current(&history, "2009-06-21T23:59:59Z"));
    assert!(current(&history, "2009-06-22T00:00:00Z"));
}

#[test]
fn u4_a_check_of_29_february_lapses_on_28_february() {
    let history = nominee().then(check("2008-02-29"));
    assert!(current(&history, "2011-02-27T23:59:59Z"));
    assert!(!current(&history, "2011-02-28T00:00:00Z"));
}

#[test]
fn u4_months_are_counted_by_the_calendar_to_its_last_day() {
    let lapses = |issued, months| -> NaiveDate {
        let values = Values { crb_valid_months: months, ..Values::default() };
        crb_check_lapses_on(on(issued), &values)
    };
    assert_eq!(lapses("2006-06-22", 36), on("2009-06-22"));
    assert_eq!(lapses("2008-02-29", 36), on("2011-02-28"));
    assert_eq!(lapses("2008-02-29", 12), on("2009-02-28"));
    assert_eq!(lapses("2007-02-28", 12), on("2008-02-28"));
    assert_eq!(lapses("2009-08-31", 1), on("2009-09-30"));
    assert_eq!(lapses("2009-08-31", 6), on("2010-02-28"));
    assert_eq!(lapses("2007-08-31", 6), on("2008-02-29"));
    assert_eq!(lapses("2009-12-31", 1), on("2010-01-31"));
}

#[test]
fn u4_a_renewal_is_newer_than_the_check_it_renews() {
    let held = || nominee().then(check("2007-06-22"));
    given(held()).when(record("2007-06-23")).then([check("2007-06-23")]);
    for not_newer in ["2007-06-22", "2007-06-21"] {
        given(held())
            .when(record(not_newer))
            .then_refused(record_crb_check::Rejection::NotNewer { held: on("2007-06-22") });
    }
}

#[test]
fn u4_a_late_renewal_restores_the_condition() {
    let lapsed = nominee()
        .then(check("2006-06-22"))
        .then(Event::EnhancedCrbCheckExpired { on: on("2009-06-22") });
    assert!(!current(&lapsed, "2009-06-22T12:00:00Z"));
    given(lapsed.clone()).when(record("2009-06-22")).then([check("2009-06-22")]);
    let renewed = lapsed.then(check("2009-06-22"));
    assert!(current(&renewed, "2009-06-22T12:00:00Z"));
    assert!(current(&renewed, "2012-06-21T12:00:00Z"));
    assert!(!current(&renewed, "2012-06-22T12:00:00Z"));
}

#[test]
fn u4_an_early_renewal_counts_from_its_own_issue() {
    let renewed = nominee().then(check("2006-06-22")).then(check("2009-03-01"));
    assert!(current(&renewed, "2009-06-22T12:00:00Z"));
    assert!(!current(&renewed, "2012-03-01T00:00:00Z"));
}

#[test]
fn u5_the_clock_records_a_lapse_from_the_third_anniversary_on() {
    let held = || nominee().then(check("2006-06-22"));
    given(held())
        .when(lapse("2009-06-21T23:59:59Z"))
        .then_refused(record_lapse::Rejection::StillHolds { lapses_on: on("2009-06-22") });
    let expired = Event::EnhancedCrbCheckExpired { on: on("2009-06-22") };
    given(held()).when(lapse("2009-06-22T00:00:00Z")).then([expired.clone()]);
    given(held()).when(lapse("2009-08-01T00:00:00Z")).then([expired]);
}

#[test]
fn u5_a_lapse_on_record_is_not_recorded_again() {
    let lapsed = nominee()
        .then(check("2006-06-22"))
        .then(Event::EnhancedCrbCheckExpired { on: on("2009-06-22") });
    given(lapsed).when(lapse("2009-06-23T00:00:00Z")).then_nothing();
}

#[test]
fn u5_without_a_check_nothing_lapses() {
    given(nominee())
        .when(lapse("2009-06-22T00:00:00Z"))
        .then_refused(record_lapse::Rejection::NoCheck);
    let closed =
        nominee().then(check("2006-06-22")).then(Event::AccountClosed { reason: text("x") });
    given(closed)
        .when(lapse("2009-06-22T00:00:00Z"))
        .then_refused(record_lapse::Rejection::NoOpenAccount(NoOpenAccount::Closed));
}

#[test]
fn u5_the_clock_or_a_keeper_of_the_account_records_it() {
    let held = || nominee().then(check("2006-06-22"));
    let command = record_lapse::RecordLapse { at: at("2009-06-22T12:00:00Z") };
    for keeper in [official(), team()] {
        given(held())
            .when(|person: &Practitioner| {
                record_lapse::decide(person, &ours(), &keeper.caller(), &command)
            })
            .then([Event::EnhancedCrbCheckExpired { on: on("2009-06-22") }]);
    }
    let lacking = [
        (team_elsewhere(), NotEntitled::OtherOrganisation { needed: authority() }),
        (trainer(), other_office(Role::Trainer, [Role::ManagementTeam, Role::Official])),
        (auditor(), other_office(Role::Auditor, [Role::ManagementTeam, Role::Official])),
    ];
    for (other, lacking) in lacking {
        given(held())
            .when(|person: &Practitioner| {
                record_lapse::decide(person, &ours(), &other.caller(), &command)
            })
            .then_refused(record_lapse::Rejection::NotEntitled(lacking));
    }
}

#[test]
fn u4_the_clock_records_no_check() {
    let command = record_crb_check::RecordCrbCheck {
        at: at("2009-06-22T00:00:00Z"),
        issued_on: on("2009-06-22"),
        disclosure_number: text("0012"),
    };
    given(nominee())
        .when(|person: &Practitioner| {
            record_crb_check::decide(person, &ours(), &Caller::system(), &command)
        })
        .then_refused(record_crb_check::Rejection::NotEntitled(other_office(
            Role::System,
            [Role::ManagementTeam, Role::Official],
        )));
}

#[test]
fn u5_a_shorter_term_takes_effect_on_its_own_day_and_not_before() {
    let yearly = Values { crb_valid_months: 12, ..Values::default() };
    let policy = adopted([("2006-01-01", Values::default()), ("2009-01-01", yearly)]);
    let held = || nominee().then(check("2007-06-22"));
    given(held())
        .when(lapse_under(&policy, "2008-12-31T12:00:00Z"))
        .then_refused(record_lapse::Rejection::StillHolds { lapses_on: on("2009-01-01") });
    given(held())
        .when(lapse_under(&policy, "2009-06-22T12:00:00Z"))
        .then([Event::EnhancedCrbCheckExpired { on: on("2009-01-01") }]);
}

#[test]
fn u5_access_ends_on_the_day_whether_or_not_the_clock_has_come_by() {
    let person = authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY);
    assert!(current(&person, "2011-08-31T23:59:59Z"));
    assert!(!current(&person, "2011-09-01T00:00:00Z"));
    let recorded = person.then(Event::EnhancedCrbCheckExpired { on: on("2011-09-01") });
    assert!(!current(&recorded, "2011-09-01T00:00:00Z"));
}
