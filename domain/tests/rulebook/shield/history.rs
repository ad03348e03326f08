use std::collections::BTreeMap;

use domain::{
    access::ShieldState,
    personal::Personal,
    policy::PolicyVersion,
    shield::{
        Event, Party, Requester, ReviewOutcome, ThreatLevel, View,
        history::{Challenge, Decision, Request, ShieldingHistory, Step},
    },
};
use fixtures::scenario::{at, on};

use super::{
    applied, applied_event, at_risk, challenged, last_of, lifted_event, provisional, refused,
    request, requested_event, reviewed, unshielded, upheld_event, view_of, with_views,
};
use crate::child::{WESTSHIRE, organisation_id, practitioner, team, words};

fn all_none() -> BTreeMap<Party, View> {
    Party::ALL.into_iter().map(|party| (party, View::NoneExpressed)).collect()
}

#[test]
fn s7_a_decision_is_shown_as_it_was_taken() {
    let history = with_views(unshielded().then(requested_event(1)))
        .at("2009-05-06T09:00:00Z")
        .then(applied_event("2009-11-06"));
    let shown: ShieldingHistory = history.fold();
    let stamps = history.recorded();
    let expected = [
        Decision {
            event: stamps[0].stamp.id,
            position: 0,
            revision: 0,
            at: at("2009-05-04T09:00:00Z"),
            by: team().actor(),
            policy: PolicyVersion::default(),
            step: Step::Requested,
            request: Some(Request {
                id: request(1),
                requester: Requester::Carer,
                identity_checked: true,
            }),
            challenge: None,
            upholds: None,
            authority: None,
            grounds: Some(at_risk()),
            threat_level: None,
            rationale: Personal::Known(words("Fled the home")),
            views: BTreeMap::new(),
            before: ShieldState::Unshielded,
            after: ShieldState::Unshielded,
            next_due: None,
            overdue: false,
        },
        Decision {
            event: stamps[4].stamp.id,
            position: 4,
            revision: 4,
            at: at("2009-05-06T09:00:00Z"),
            by: team().actor(),
            policy: PolicyVersion::default(),
            step: Step::Applied,
            request: None,
            challenge: None,
            upholds: None,
            authority: Some(organisation_id(WESTSHIRE)),
            grounds: Some(at_risk()),
            threat_level: Some(ThreatLevel::Severe),
            rationale: Personal::Known(words("Threats to kill")),
            views: all_none(),
            before: ShieldState::Unshielded,
            after: ShieldState::Applied,
            next_due: Some(on("2009-11-06")),
            overdue: false,
        },
    ];
    assert_eq!(shown.decisions(), expected);
}

#[test]
fn s7_each_step_has_the_state_before_and_after() {
    use ShieldState::{Applied, Provisional, Unshielded};
    let history = with_views(provisional())
        .then(applied_event("2009-11-04"))
        .then(reviewed(ReviewOutcome::Keep, Some("2010-05-04")))
        .then(reviewed(ReviewOutcome::Lift, None))
        .then(lifted_event());
    let shown: ShieldingHistory = history.fold();
    let steps: Vec<_> =
        shown.decisions().iter().map(|taken| (taken.step, taken.before, taken.after)).collect();
    assert_eq!(
        steps,
        [
            (Step::ProvisionallyApplied, Unshielded, Provisional),
            (Step::Applied, Provisional, Applied),
            (Step::Kept, Applied, Applied),
            (Step::FoundToBeLifted, Applied, Applied),
            (Step::Lifted, Applied, Unshielded),
        ],
    );
}

#[test]
fn s7_a_challenge_and_its_answer_name_the_decision() {
    let history = refused();
    let decision = last_of(&history);
    let shown: ShieldingHistory =
        challenged(history).then(view_of(Party::Carer)).then(upheld_event(decision)).fold();
    let [.., challenge, upheld] = shown.decisions() else { panic!("too few steps") };
    assert_eq!((challenge.step, upheld.step), (Step::Challenged, Step::Upheld));
    assert_eq!(
        challenge.challenge,
        Some(Challenge { decision, challenger: Requester::Carer, identity_checked: true }),
    );
    assert_eq!(challenge.rationale, Personal::Known(words("Nobody asked us")));
    assert_eq!(upheld.upholds, Some(decision));
    assert_eq!(upheld.authority, Some(organisation_id(WESTSHIRE)));
    assert_eq!(upheld.rationale, Personal::Known(words("Nothing new was said")));
    assert_eq!(upheld.views, BTreeMap::from([(Party::Carer, View::NoneExpressed)]));
}

#[test]
fn s7_a_step_taken_on_its_day_is_in_time_and_a_day_later_is_not() {
    let late = |instant| {
        let keep = reviewed(ReviewOutcome::Keep, Some("2010-05-04"));
        let shown: ShieldingHistory = applied().at(instant).then(keep).fold();
        shown.decisions().last().unwrap().overdue
    };
    assert!(!late("2009-11-04T23:59:59Z"));
    assert!(late("2009-11-05T00:00:00Z"));
}

#[test]
fn s7_the_views_of_a_decision_are_those_since_the_one_before() {
    let history = applied().then(view_of(Party::Carer)).then(reviewed(ReviewOutcome::Lift, None));
    let shown: ShieldingHistory = history.fold();
    let views = &shown.decisions().last().unwrap().views;
    assert_eq!(views, &BTreeMap::from([(Party::Carer, View::NoneExpressed)]));
}

#[test]
fn s7_who_decided_stands_as_they_were_then() {
    let shown: ShieldingHistory =
        unshielded().by(practitioner().actor()).then(requested_event(1)).fold();
    assert_eq!(shown.decisions()[0].by, practitioner().actor());
}

#[test]
fn s7_after_erasure_the_grounds_and_kinds_still_show() {
    let erased = Event::Applied {
        authority: organisation_id(WESTSHIRE),
        grounds: at_risk(),
        threat_level: ThreatLevel::Severe,
        threat_rationale: Personal::Erased,
        views: BTreeMap::new(),
        review_due: on("2009-11-04"),
    };
    let shown: ShieldingHistory = with_views(provisional()).then(erased).fold();
    let decision = shown.decisions().last().unwrap();
    assert_eq!(decision.grounds, Some(at_risk()));
    assert_eq!(decision.rationale, Personal::Erased);
}

#[test]
fn s7_a_decision_is_written_with_stable_names() {
    let shown: ShieldingHistory = provisional().fold();
    let written = serde_json::to_value(&shown.decisions()[0]).unwrap();
    let names: Vec<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "after",
            "at",
            "before",
            "by",
            "event",
            "grounds",
            "next_due",
            "overdue",
            "policy",
            "position",
            "rationale",
            "revision",
            "step",
            "views",
        ],
    );
    assert_eq!(written["step"], "provisionally-applied");
}
