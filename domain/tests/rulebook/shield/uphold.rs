use std::collections::BTreeMap;

use domain::{
    access::ShieldState,
    child::{Barred, Child},
    personal::Personal,
    shield::{
        Contest, Event, Party, RestsOn, ThreatLevel, View, ViewKind, determine, record_view,
        uphold::{Rejection, UpholdDecision, decide},
    },
};
use fixtures::scenario::History;

use super::{
    applied, applied_event, at_risk, challenged, last_of, lifted_event, provisional, refused,
    refused_event, requested_event, shield, unshielded, upheld_event, view_of, with_views,
};
use crate::child::{
    EASTSHIRE, Person, WESTSHIRE, child, colleague, june_2009, now, organisation_id, practitioner,
    team, team_of, words,
};

fn uphold(history: &History<Event>, person: &Person) -> Result<Vec<Event>, Rejection> {
    let command = UpholdDecision { at: now(), reasons: words("Nothing new was said") };
    decide(&child(), &shield(history), &june_2009(), &person.caller(), &command)
}

fn determine(
    history: &History<Event>,
    person: &Person,
    finding: determine::Finding,
) -> Result<Vec<Event>, determine::Rejection> {
    let command = determine::DetermineShield {
        at: now(),
        threat_level: ThreatLevel::Severe,
        threat_rationale: words("Threats to kill"),
        finding,
    };
    determine::decide(&child(), &shield(history), &june_2009(), &person.caller(), &command)
}

fn apply() -> determine::Finding {
    determine::Finding::Apply { grounds: at_risk(), rests_on: RestsOn::ThreatInThisCase }
}

#[test]
fn s9_a_colleague_upholds_what_is_challenged() {
    for history in [applied(), refused()] {
        let decision = last_of(&history);
        assert_eq!(uphold(&challenged(history), &colleague()), Ok(vec![upheld_event(decision)]));
    }
}

#[test]
fn s9_views_recorded_since_stand_in_the_event_and_are_used_up() {
    let history = refused();
    let decision = last_of(&history);
    let history = challenged(history).then(view_of(Party::Carer));
    let upheld = Event::DecisionUpheld {
        authority: organisation_id(WESTSHIRE),
        decision,
        reasons: Personal::Known(words("Nothing new was said")),
        views: BTreeMap::from([(Party::Carer, ViewKind::NoneExpressed)]),
    };
    assert_eq!(uphold(&history, &colleague()), Ok(vec![upheld.clone()]));
    assert!(shield(&history.then(upheld)).views().is_empty());
}

#[test]
fn s9_whoever_took_the_decision_neither_upholds_it_nor_decides_anew() {
    for history in [applied(), refused()] {
        let history = with_views(challenged(history));
        assert_eq!(uphold(&history, &team()), Err(Rejection::OwnDecision));
        assert_eq!(determine(&history, &team(), apply()), Err(determine::Rejection::OwnDecision),);
        assert!(uphold(&history, &colleague()).is_ok());
        assert!(determine(&history, &colleague(), apply()).is_ok());
    }
}

#[test]
fn s9_a_new_request_does_not_let_the_same_officer_answer_the_challenge() {
    let history = with_views(challenged(refused()).then(requested_event(2)));
    assert_eq!(determine(&history, &team(), apply()), Err(determine::Rejection::OwnDecision));
    let unchallenged = with_views(refused().then(requested_event(2)));
    assert!(determine(&unchallenged, &team(), apply()).is_ok());
}

#[test]
fn s9_without_a_challenge_there_is_nothing_to_uphold() {
    let upheld = {
        let history = refused();
        let decision = last_of(&history);
        challenged(history).then(upheld_event(decision))
    };
    for history in [unshielded(), provisional(), applied(), refused(), upheld] {
        assert_eq!(uphold(&history, &colleague()), Err(Rejection::NotChallenged));
    }
}

#[test]
fn s9_only_the_team_of_the_responsible_authority_upholds() {
    let history = challenged(refused());
    assert_eq!(
        uphold(&history, &team_of(EASTSHIRE)),
        Err(Rejection::Barred(Barred::NotResponsible)),
    );
    assert!(matches!(
        uphold(&history, &practitioner()),
        Err(Rejection::Barred(Barred::NotEntitled(_))),
    ));
    let command = UpholdDecision { at: now(), reasons: words("Nothing new was said") };
    let (policy, person) = (june_2009(), colleague());
    assert_eq!(
        decide(&Child::default(), &shield(&history), &policy, &person.caller(), &command),
        Err(Rejection::Barred(Barred::NoSuchRecord)),
    );
}

#[test]
fn s9_upholding_changes_nothing_about_what_is_hidden() {
    for (history, state) in
        [(applied(), ShieldState::Applied), (refused(), ShieldState::Unshielded)]
    {
        let decision = last_of(&history);
        let before = shield(&history);
        let after = shield(&challenged(history).then(upheld_event(decision)));
        assert_eq!(after.state(), state);
        assert_eq!(after.standing(), before.standing());
        assert_eq!(after.decision().unwrap().contest, Contest::Upheld);
    }
}

#[test]
fn s9_deciding_anew_hears_every_view_and_answers_the_challenge_either_way() {
    let history = challenged(refused());
    assert!(matches!(
        determine(&history, &colleague(), apply()),
        Err(determine::Rejection::Unmet(_)),
    ));
    let view =
        record_view::RecordView { at: now(), party: Party::Child, view: View::NoneExpressed };
    let hear = |history: &History<Event>| {
        let (policy, person) = (june_2009(), colleague());
        record_view::decide(&child(), &shield(history), &policy, &person.caller(), &view)
    };
    assert!(hear(&history).is_ok());
    assert_eq!(hear(&refused()), Err(record_view::Rejection::NothingToDecide));
    for answer in [applied_event("2009-11-04"), refused_event()] {
        let answered = shield(&with_views(challenged(refused())).then(answer));
        assert_eq!(answered.challenged(), None);
    }
}

#[test]
fn s9_a_challenged_shield_is_decided_anew_as_applied_or_lifted() {
    let history = with_views(challenged(applied()));
    assert_eq!(
        determine(&history, &colleague(), determine::Finding::Refuse),
        Err(determine::Rejection::OnlyLifted),
    );
    assert!(determine(&history, &colleague(), apply()).is_ok());
    assert_eq!(
        determine(&with_views(applied()), &colleague(), apply()),
        Err(determine::Rejection::NothingToDecide),
    );
    assert_eq!(shield(&history.then(lifted_event())), shield(&unshielded()));
}
