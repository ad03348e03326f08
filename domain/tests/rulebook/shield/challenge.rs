use domain::{
    access::ShieldState,
    child::{Barred, Child},
    identity::EventId,
    personal::Personal,
    shield::{
        Contest, Event, Requester,
        challenge::{ChallengeDecision, Rejection, decide},
        request::{self, Asker},
    },
};
use fixtures::scenario::{History, at, id};

use super::{
    applied, challenged, challenged_event, everywhere, last_of, lifted_event, provisional, refused,
    shield, upheld_event, with_views,
};
use crate::child::{
    EASTSHIRE, Person, child, june_2009, now, practitioner, quarantined, team, team_of, words,
};

const PRACTITIONER: Asker = Asker { requester: Requester::Practitioner, identity_checked: false };

fn command(decision: EventId, challenger: Asker) -> ChallengeDecision {
    ChallengeDecision { at: now(), decision, challenger, words: words("Nobody asked us") }
}

fn challenge(
    history: &History<Event>,
    decision: EventId,
    person: &Person,
    challenger: Asker,
) -> Result<Vec<Event>, Rejection> {
    let command = command(decision, challenger);
    decide(&child(), &shield(history), &june_2009(), &person.caller(), &command)
}

fn recorded(decision: EventId, challenger: Asker) -> Vec<Event> {
    vec![Event::DecisionChallenged {
        decision,
        challenger: challenger.requester,
        identity_checked: challenger.identity_checked,
        words: Personal::Known(words("Nobody asked us")),
    }]
}

#[test]
fn s8_an_applied_and_a_refused_decision_can_be_challenged() {
    for history in [applied(), refused()] {
        let decision = last_of(&history);
        assert_eq!(
            challenge(&history, decision, &practitioner(), PRACTITIONER),
            Ok(recorded(decision, PRACTITIONER)),
        );
    }
}

#[test]
fn s8_whoever_may_ask_may_challenge_and_nobody_else() {
    let history = refused();
    let decision = last_of(&history);
    for requester in [Requester::Child, Requester::Carer, Requester::Other] {
        let checked = Asker { requester, identity_checked: true };
        assert_eq!(
            challenge(&history, decision, &practitioner(), checked),
            Ok(recorded(decision, checked)),
        );
        let unchecked = Asker { requester, identity_checked: false };
        assert_eq!(
            challenge(&history, decision, &practitioner(), unchecked),
            Err(Rejection::MayNotAsk(request::Rejection::IdentityNotChecked)),
        );
    }
    let authority = Asker { requester: Requester::Authority, identity_checked: false };
    assert_eq!(
        challenge(&history, decision, &team(), authority),
        Ok(recorded(decision, authority))
    );
    let barred = |barred| Err(Rejection::MayNotAsk(request::Rejection::Barred(barred)));
    assert_eq!(
        challenge(&history, decision, &team_of(EASTSHIRE), authority),
        barred(Barred::NotResponsible),
    );
    for unknown in [Child::default(), quarantined().fold()] {
        let command = command(decision, PRACTITIONER);
        let (policy, person) = (june_2009(), practitioner());
        assert_eq!(
            decide(&unknown, &shield(&history), &policy, &person.caller(), &command),
            barred(Barred::NoSuchRecord),
        );
    }
}

#[test]
fn s8_whoever_does_not_name_the_decision_is_answered_alike_wherever_the_shield_stands() {
    let elsewhere = everywhere().map(|(history, _)| history);
    for history in elsewhere.into_iter().chain([refused(), with_views(applied())]) {
        assert_eq!(
            challenge(&history, EventId::new(id(77)), &practitioner(), PRACTITIONER),
            Err(Rejection::NoSuchDecision),
        );
    }
}

#[test]
fn s8_what_is_no_decision_or_stands_no_longer_is_not_challenged() {
    let refused_then_applied = refused();
    let earlier = last_of(&refused_then_applied);
    let again = refused_then_applied.then(super::applied_event("2009-11-04"));
    let in_force = applied();
    let was_in_force = last_of(&in_force);
    let lifted = with_views(in_force).then(lifted_event());
    let lifting = last_of(&lifted);
    let at_once = provisional();
    let provisionally = last_of(&at_once);
    for (history, named) in
        [(&again, earlier), (&lifted, was_in_force), (&lifted, lifting), (&at_once, provisionally)]
    {
        assert_eq!(
            challenge(history, named, &practitioner(), PRACTITIONER),
            Err(Rejection::NoSuchDecision),
        );
    }
}

#[test]
fn s8_a_challenge_changes_nothing_about_what_is_hidden() {
    let kept = shield(&challenged(applied()));
    assert_eq!(kept.state(), ShieldState::Applied);
    assert_eq!(kept.standing(), shield(&applied()).standing());
    assert_eq!(shield(&challenged(refused())).state(), ShieldState::Unshielded);
    let refusal = refused();
    let decision = last_of(&refusal);
    let shielded_since = refusal.then(super::provisionally_applied());
    let shield = shield(&shielded_since.then(challenged_event(decision)));
    assert_eq!(shield.state(), ShieldState::Provisional);
    assert!(shield.challenged().is_some());
}

#[test]
fn s8_several_challenges_wait_together_since_the_first() {
    let history = refused();
    let decision = last_of(&history);
    let once = history.at("2009-05-20T09:00:00Z").then(challenged_event(decision));
    let second = challenge(&once, decision, &practitioner(), PRACTITIONER);
    assert_eq!(second, Ok(recorded(decision, PRACTITIONER)));
    let twice = once.at("2009-05-25T09:00:00Z").then(challenged_event(decision));
    assert_eq!(
        shield(&twice).challenged().unwrap().contest,
        Contest::Challenged { since: at("2009-05-20T09:00:00Z") },
    );
}

#[test]
fn s8_what_was_upheld_is_not_challenged_again() {
    let history = refused();
    let decision = last_of(&history);
    let upheld = history.then(challenged_event(decision)).then(upheld_event(decision));
    assert_eq!(
        challenge(&upheld, decision, &practitioner(), PRACTITIONER),
        Err(Rejection::UpheldAlready),
    );
}
