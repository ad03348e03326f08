use domain::{
    access::{Basis, visible},
    child::{
        Barred, Child, Detail, Event, Gender, QuarantineOutcome,
        amend_record::{self, AmendRecord},
        resolve_quarantine::{Rejection, ResolveQuarantine, decide},
    },
    personal::Personal,
    policy::Values,
    shield::Shield,
};
use fixtures::scenario::{History, given, on};

use super::{
    EASTSHIRE, TODAY, june_2009, now, practitioner, quarantined, record, team, team_of, words,
};

fn command(outcome: QuarantineOutcome) -> ResolveQuarantine {
    ResolveQuarantine { at: now(), outcome, reason: words("Birth certificates compared") }
}

fn resolved(outcome: QuarantineOutcome) -> Event {
    Event::QuarantineResolved {
        outcome,
        reason: Personal::Known(words("Birth certificates compared")),
    }
}

fn shows_nothing(history: History<Event>) -> bool {
    let child: Child = history.fold();
    [Basis::Practitioner, Basis::ResponsibleTeam, Basis::Override].into_iter().all(|basis| {
        visible(&child, &Shield::default(), basis, &Values::default()).shown.is_empty()
    })
}

#[test]
fn r4_the_team_of_the_responsible_authority_decides_either_way() {
    let (policy, team) = (june_2009(), team());
    for outcome in [QuarantineOutcome::AnotherChild, QuarantineOutcome::SameChild] {
        given(quarantined())
            .when(|child: &Child| decide(child, &policy, &team.caller(), &command(outcome)))
            .then([resolved(outcome)]);
    }
}

#[test]
fn r4_nobody_sees_a_quarantined_record() {
    assert!(shows_nothing(quarantined()));
}

#[test]
fn r4_another_child_is_seen_from_then_on() {
    assert!(!shows_nothing(quarantined().then(resolved(QuarantineOutcome::AnotherChild))));
}

#[test]
fn r4_the_same_child_is_never_seen() {
    let history = quarantined().then(resolved(QuarantineOutcome::SameChild));
    assert!(shows_nothing(history.clone()));
    let (policy, team) = (june_2009(), team());
    given(history)
        .when(|child: &Child| {
            decide(child, &policy, &team.caller(), &command(QuarantineOutcome::AnotherChild))
        })
        .then_refused(Rejection::Barred(Barred::NoSuchRecord));
}

#[test]
fn r4_another_team_is_told_that_there_is_no_such_record() {
    let (policy, other) = (june_2009(), team_of(EASTSHIRE));
    given(quarantined())
        .when(|child: &Child| {
            decide(child, &policy, &other.caller(), &command(QuarantineOutcome::AnotherChild))
        })
        .then_refused(Rejection::Barred(Barred::NoSuchRecord));
}

#[test]
fn r4_a_record_that_is_not_in_quarantine_has_nothing_to_resolve() {
    let (policy, team) = (june_2009(), team());
    given(record())
        .when(|child: &Child| {
            decide(child, &policy, &team.caller(), &command(QuarantineOutcome::AnotherChild))
        })
        .then_refused(Rejection::NotQuarantined);
}

#[test]
fn r4_its_own_creator_cannot_write_to_it() {
    let (policy, creator) = (june_2009(), practitioner());
    let command = AmendRecord {
        at: now(),
        detail: Detail::Gender(Personal::Known(Gender::Male)),
        valid_from: on(TODAY),
    };
    given(quarantined())
        .when(|child: &Child| amend_record::decide(child, &policy, &creator.caller(), &command))
        .then_refused(amend_record::Rejection::Barred(Barred::NoSuchRecord));
}
