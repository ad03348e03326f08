//! Monitoring by the ISA (U11).

use domain::{
    policy::{Policy, Values},
    practitioner::{
        AccountRole, Condition, Event, Practitioner, assess, begin_isa_monitoring,
        end_isa_monitoring,
    },
};
use fixtures::{
    people::{authorised, nominated, organisation},
    scenario::{History, at, given, on},
};

use crate::users::{AUTHORITY, SUBJECT, adopted, noon, ours, team};

fn nominee() -> History<Event> {
    nominated(SUBJECT, AccountRole::Practitioner, AUTHORITY)
}

fn began(day: &str) -> Event {
    Event::IsaMonitoringStarted { on: on(day) }
}

fn ended(day: &str) -> Event {
    Event::IsaMonitoringEnded { on: on(day) }
}

fn begin(
    day: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, begin_isa_monitoring::Rejection> {
    move |person| {
        let command = begin_isa_monitoring::BeginIsaMonitoring { at: noon(), on: on(day) };
        begin_isa_monitoring::decide(person, &ours(), &team().caller(), &command)
    }
}

fn end(
    day: &'static str,
) -> impl FnOnce(&Practitioner) -> Result<Vec<Event>, end_isa_monitoring::Rejection> {
    move |person| {
        let command = end_isa_monitoring::EndIsaMonitoring { at: noon(), on: on(day) };
        end_isa_monitoring::decide(person, &ours(), &team().caller(), &command)
    }
}

/// Whether the condition was judged, and whether it held.
fn isa(history: &History<Event>, policy: &Policy, instant: &str) -> (bool, bool) {
    let person: Practitioner = history.fold();
    let role = AccountRole::Practitioner;
    let found = assess(&person, &organisation(AUTHORITY), policy, role, None, at(instant));
    let condition = Condition::IsaMonitored;
    (found.judged.contains(&condition), !found.unmet.contains(&condition))
}

fn in_force() -> Policy {
    let isa = Values { isa_in_force_from: Some(on("2009-11-01")), ..Values::default() };
    adopted([("2009-01-01", isa)])
}

#[test]
fn u11_while_no_date_is_set_nobody_is_asked_for_it() {
    let her = authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY);
    assert_eq!(isa(&her, &ours(), "2011-06-22T12:00:00Z"), (false, true));
}

#[test]
fn u11_it_counts_from_the_day_it_is_in_force_and_not_the_day_before() {
    let her = authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY);
    assert_eq!(isa(&her, &in_force(), "2009-10-31T23:59:59Z"), (false, true));
    assert_eq!(isa(&her, &in_force(), "2009-11-01T00:00:00Z"), (true, false));
    let monitored = her.then(began("2009-06-01"));
    assert_eq!(isa(&monitored, &in_force(), "2009-11-01T00:00:00Z"), (true, true));
}

#[test]
fn u11_monitoring_that_ended_meets_nothing_from_its_last_day_on() {
    let her = authorised(SUBJECT, AccountRole::Practitioner, AUTHORITY)
        .then(began("2009-06-01"))
        .then(ended("2009-12-01"));
    assert_eq!(isa(&her, &in_force(), "2009-11-30T23:59:59Z"), (true, true));
    assert_eq!(isa(&her, &in_force(), "2009-12-01T00:00:00Z"), (true, false));
}

#[test]
fn u11_it_begins_today_or_before_and_again_after_an_end() {
    given(nominee()).when(begin("2009-06-22")).then([began("2009-06-22")]);
    given(nominee())
        .when(begin("2009-06-23"))
        .then_refused(begin_isa_monitoring::Rejection::InTheFuture { on: on("2009-06-23") });
    given(nominee().then(began("2009-06-01"))).when(begin("2009-06-22")).then_nothing();
    let again = || nominee().then(began("2009-06-01")).then(ended("2009-06-10"));
    given(again()).when(begin("2009-06-10")).then([began("2009-06-10")]);
    given(again()).when(begin("2009-06-09")).then_refused(
        begin_isa_monitoring::Rejection::BeforeTheLastEnded { ended_on: on("2009-06-10") },
    );
}

#[test]
fn u11_it_ends_today_or_before_and_not_before_it_began() {
    let monitored = || nominee().then(began("2009-06-10"));
    given(monitored()).when(end("2009-06-22")).then([ended("2009-06-22")]);
    given(monitored()).when(end("2009-06-10")).then([ended("2009-06-10")]);
    given(monitored())
        .when(end("2009-06-09"))
        .then_refused(end_isa_monitoring::Rejection::BeforeItBegan { since: on("2009-06-10") });
    given(monitored())
        .when(end("2009-06-23"))
        .then_refused(end_isa_monitoring::Rejection::InTheFuture { on: on("2009-06-23") });
    given(nominee())
        .when(end("2009-06-22"))
        .then_refused(end_isa_monitoring::Rejection::NotMonitored);
}
