use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::ShieldState,
    personal::Personal,
    policy::{self, Policy, PolicyVersion, Values},
    shield::{
        Event, Ground, Grounds, NoUsableGround, Party, RestsOn, Standing, ThreatLevel, View,
        ViewKind,
        determine::{DetermineShield, Finding, Rejection, Unmet, decide},
    },
    stream::Stream,
};
use fixtures::scenario::{History, at, on};

use super::{
    applied, applied_event, at_risk, grounds, lifted_event, none_expressed, provisional,
    refused_event, requested, requested_event, shield, unshielded, view_of, with_views,
};
use crate::child::{WESTSHIRE, child, june_2009, now, organisation_id, team, words};

fn apply(grounds: Grounds) -> Finding {
    Finding::Apply { grounds, rests_on: RestsOn::ThreatInThisCase }
}

fn determine(
    history: &History<Event>,
    threat_level: ThreatLevel,
    finding: Finding,
) -> Result<Vec<Event>, Rejection> {
    let threat_rationale = words("Threats to kill");
    let command = DetermineShield { at: now(), threat_level, threat_rationale, finding };
    decide(&child(), &shield(history), &june_2009(), &team().caller(), &command)
}

fn unmet(conditions: &[Unmet]) -> Result<Vec<Event>, Rejection> {
    Err(Rejection::Unmet(conditions.iter().copied().collect()))
}

fn applied_today() -> Event {
    Event::Applied {
        authority: organisation_id(WESTSHIRE),
        grounds: at_risk(),
        threat_level: ThreatLevel::Severe,
        threat_rationale: Personal::Known(words("Threats to kill")),
        views: none_expressed(),
        review_due: on("2009-12-22"),
    }
}

#[test]
fn s4_the_authority_applies_a_shield_on_a_request_or_a_provisional_one() {
    for history in [requested(), provisional()] {
        assert_eq!(
            determine(&with_views(history), ThreatLevel::Severe, apply(at_risk())),
            Ok(vec![applied_today()]),
        );
    }
}

#[test]
fn s4_the_authority_refuses_a_shield_at_any_level_of_threat() {
    for level in [ThreatLevel::Low, ThreatLevel::Critical] {
        assert_eq!(
            determine(&with_views(requested()), level, Finding::Refuse),
            Ok(vec![Event::Refused {
                authority: organisation_id(WESTSHIRE),
                threat_level: level,
                reasons: Personal::Known(words("Threats to kill")),
                views: none_expressed(),
            }]),
        );
    }
}

#[test]
fn s4_each_of_the_four_grounds_is_enough_and_so_is_another_explained() {
    let single =
        [Ground::ChildAtRisk, Ground::PlacementAtRisk, Ground::AdultAtRisk, Ground::SeriousCrime]
            .map(|ground| grounds(&[ground]));
    let other = Grounds::new(BTreeSet::new(), Some(Personal::Known(words("A stalker")))).unwrap();
    for grounds in single.into_iter().chain([other]) {
        assert!(
            determine(&with_views(requested()), ThreatLevel::Substantial, apply(grounds)).is_ok()
        );
    }
}

#[test]
fn s4_without_any_ground_there_is_no_command() {
    assert_eq!(Grounds::new(BTreeSet::new(), None), Err(NoUsableGround));
}

#[test]
fn s4_each_missing_view_is_named() {
    let missing = [
        Unmet::ViewOf(Party::Child),
        Unmet::ViewOf(Party::Carer),
        Unmet::ViewOf(Party::Practitioner),
    ];
    let [child, _, practitioner] = missing;
    for finding in [apply(at_risk()), Finding::Refuse] {
        assert_eq!(determine(&requested(), ThreatLevel::Severe, finding.clone()), unmet(&missing));
        assert_eq!(
            determine(
                &requested().then(view_of(Party::Carer)),
                ThreatLevel::Severe,
                finding.clone(),
            ),
            unmet(&[child, practitioner]),
        );
    }
}

#[test]
fn s4_views_used_up_by_a_refusal_do_not_serve_the_next_request() {
    let again = with_views(requested()).then(refused_event()).then(requested_event(2));
    assert_eq!(
        determine(&again, ThreatLevel::Severe, apply(at_risk())),
        unmet(&Party::ALL.map(Unmet::ViewOf)),
    );
}

#[test]
fn s4_a_low_threat_carries_no_shield_and_a_substantial_one_does() {
    let history = with_views(requested());
    assert_eq!(
        determine(&history, ThreatLevel::Low, apply(at_risk())),
        unmet(&[Unmet::StrongReason]),
    );
    assert!(determine(&history, ThreatLevel::Substantial, apply(at_risk())).is_ok());
}

#[test]
fn s4_adoption_alone_is_refused_whatever_grounds_are_ticked_beside_it() {
    for stated in
        [vec![Ground::PlacementAtRisk], vec![Ground::ChildAtRisk, Ground::PlacementAtRisk]]
    {
        let finding =
            Finding::Apply { grounds: grounds(&stated), rests_on: RestsOn::AdoptionAlone };
        assert_eq!(
            determine(&with_views(requested()), ThreatLevel::Severe, finding),
            unmet(&[Unmet::MoreThanAdoption]),
        );
    }
}

#[test]
fn s4_a_placement_at_risk_is_a_ground_when_there_is_a_threat_in_this_case() {
    let finding = apply(grounds(&[Ground::PlacementAtRisk]));
    assert!(determine(&with_views(requested()), ThreatLevel::Severe, finding).is_ok());
}

#[test]
fn s4_everything_that_is_not_met_is_named() {
    let finding = Finding::Apply { grounds: at_risk(), rests_on: RestsOn::AdoptionAlone };
    assert_eq!(
        determine(&requested().then(view_of(Party::Child)), ThreatLevel::Low, finding),
        unmet(&[
            Unmet::ViewOf(Party::Carer),
            Unmet::ViewOf(Party::Practitioner),
            Unmet::StrongReason,
            Unmet::MoreThanAdoption,
        ]),
    );
}

#[test]
fn s4_where_nothing_is_pending_nothing_is_decided() {
    for history in [unshielded(), applied(), with_views(applied()).then(lifted_event())] {
        assert_eq!(
            determine(&history, ThreatLevel::Severe, apply(at_risk())),
            Err(Rejection::NothingToDecide),
        );
    }
}

#[test]
fn s4_an_applied_shield_is_determined_anew_on_a_new_request() {
    let history = with_views(applied().then(requested_event(2)));
    assert_eq!(
        determine(&history, ThreatLevel::Severe, apply(at_risk())),
        Ok(vec![applied_today()]),
    );
    let shield = shield(&history.at("2009-06-22T10:00:00Z").then(applied_today()));
    let Standing::Applied(applied) = shield.standing() else { panic!("not applied") };
    assert_eq!(applied.requested_again, None);
    assert_eq!(applied.since, at("2009-05-04T09:00:00Z"));
    assert_eq!(applied.review_due, on("2009-12-22"));
}

#[test]
fn s4_an_applied_shield_is_not_refused_away() {
    for history in [with_views(applied()), with_views(applied().then(requested_event(2)))] {
        assert_eq!(
            determine(&history, ThreatLevel::Low, Finding::Refuse),
            Err(Rejection::OnlyLifted),
        );
        assert_eq!(shield(&history.then(refused_event())).state(), ShieldState::Applied);
    }
}

#[test]
fn s4_the_decision_hides_or_ends_hiding_from_its_event_on() {
    assert_eq!(shield(&applied()).state(), ShieldState::Applied);
    let refused = with_views(provisional()).then(refused_event());
    assert_eq!(shield(&refused).state(), ShieldState::Unshielded);
}

#[test]
fn s4_a_provisional_shield_that_is_applied_has_been_on_since_it_was_provisional() {
    let history = with_views(provisional()).at("2009-05-08T09:00:00Z");
    let shield = shield(&history.then(applied_event("2009-11-08")));
    assert_eq!(shield.shielded_since(), Some(at("2009-05-04T09:00:00Z")));
}

#[test]
fn s4_the_kinds_of_view_considered_stand_in_the_event() {
    let reason = || Personal::Known(words("He is the threat"));
    let history = requested()
        .then(Event::ViewRecorded { party: Party::Child, view: View::Expressed(reason()) })
        .then(view_of(Party::Practitioner))
        .then(Event::ViewRecorded { party: Party::Carer, view: View::NotAppropriate(reason()) });
    let decided = determine(&history, ThreatLevel::Severe, apply(at_risk())).unwrap();
    let [Event::Applied { views, .. }] = decided.as_slice() else { panic!("not applied") };
    assert_eq!(
        views,
        &BTreeMap::from([
            (Party::Child, ViewKind::Expressed),
            (Party::Carer, ViewKind::NotAppropriate),
            (Party::Practitioner, ViewKind::NoneExpressed),
        ]),
    );
}

#[test]
fn s4_the_review_is_due_by_the_policy_of_the_day() {
    let adopted = |from, months| policy::Event::VersionAdopted {
        version: PolicyVersion(months),
        effective_from: on(from),
        values: Box::new(Values { shield_review_months: months, ..Values::default() }),
        sources: BTreeMap::new(),
    };
    let due = |from| {
        let policy: Policy = History::of(Stream::Policy).then(adopted(from, 3)).fold();
        let command = DetermineShield {
            at: now(),
            threat_level: ThreatLevel::Severe,
            threat_rationale: words("Threats to kill"),
            finding: apply(at_risk()),
        };
        let shield = shield(&with_views(requested()));
        let decided = decide(&child(), &shield, &policy, &team().caller(), &command).unwrap();
        let [Event::Applied { review_due, .. }] = decided.as_slice() else { panic!("not applied") };
        *review_due
    };
    assert_eq!(due("2009-06-22"), on("2009-09-22"));
    assert_eq!(due("2009-06-23"), on("2009-12-22"));
}
