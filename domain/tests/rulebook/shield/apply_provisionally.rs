use domain::{
    access::ShieldState,
    personal::Personal,
    shield::{
        Event, Ground, Grounds, RestsOn, Standing,
        apply_provisionally::{ApplyProvisionally, Rejection, decide},
    },
};
use fixtures::scenario::{History, at, on};

use super::{
    applied, at_risk, grounds, provisional, provisionally_applied, requested, requested_event,
    shield, unshielded, view_of, with_views,
};
use crate::child::{child, june_2009, now, team, words};

fn apply(
    history: &History<Event>,
    grounds: Grounds,
    rests_on: RestsOn,
) -> Result<Vec<Event>, Rejection> {
    let rationale = words("Traced once already");
    let command = ApplyProvisionally { at: now(), grounds, rests_on, rationale };
    decide(&child(), &shield(history), &june_2009(), &team().caller(), &command)
}

#[test]
fn s2_a_duty_officer_shields_at_once_with_or_without_a_request() {
    let expected = Event::ProvisionallyApplied {
        grounds: at_risk(),
        rationale: Personal::Known(words("Traced once already")),
        decision_due: on("2009-06-27"),
    };
    for history in [unshielded(), requested()] {
        assert_eq!(
            apply(&history, at_risk(), RestsOn::ThreatInThisCase),
            Ok(vec![expected.clone()]),
        );
    }
}

#[test]
fn s2_what_is_shielded_is_not_shielded_again() {
    for history in [provisional(), applied()] {
        assert_eq!(
            apply(&history, at_risk(), RestsOn::ThreatInThisCase),
            Err(Rejection::ShieldedAlready),
        );
    }
}

#[test]
fn s2_adoption_alone_is_no_ground_here_either() {
    let placement = grounds(&[Ground::PlacementAtRisk]);
    assert_eq!(
        apply(&unshielded(), placement.clone(), RestsOn::AdoptionAlone),
        Err(Rejection::AdoptionAlone),
    );
    assert!(apply(&unshielded(), placement, RestsOn::ThreatInThisCase).is_ok());
}

#[test]
fn s2_it_hides_from_its_event_on() {
    let shield = shield(&provisional());
    assert_eq!(shield.state(), ShieldState::Provisional);
    assert_eq!(shield.shielded_since(), Some(at("2009-05-04T09:00:00Z")));
    assert_eq!(shield.decision_due(), Some(on("2009-05-09")));
}

#[test]
fn s2_it_is_overdue_from_the_day_after_it_was_due_and_stays_on() {
    let shield = shield(&provisional());
    assert!(!shield.overdue(on("2009-05-09")));
    assert!(shield.overdue(on("2009-05-10")));
    assert!(shield.is_shielded());
}

#[test]
fn s2_the_views_recorded_for_the_request_are_kept() {
    let shield = shield(&with_views(requested()).then(provisionally_applied()));
    assert!(shield.missing_views().is_empty());
}

#[test]
fn s2_a_later_request_does_not_end_it() {
    let history =
        provisional().then(requested_event(2)).then(view_of(domain::shield::Party::Child));
    assert!(matches!(shield(&history).standing(), Standing::Provisional { .. }));
}
