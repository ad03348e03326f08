//! Rules S*: shielding. A child of Westshire, whose team decides.

mod apply_provisionally;
mod challenge;
mod determine;
mod entitlement;
mod history;
mod lift;
mod record_view;
mod request;
mod review;
mod transfer;
mod uphold;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    identity::{EventId, ShieldRequestId},
    personal::Personal,
    shield::{
        Event, Ground, Grounds, Party, Requester, ReviewOutcome, Shield, ThreatLevel, View,
        ViewKind,
    },
    stream::Stream,
};
use fixtures::scenario::{History, id, on};

use crate::child::{WESTSHIRE, child_ref, organisation_id, team, words};

pub(crate) fn grounds(stated: &[Ground]) -> Grounds {
    Grounds::new(stated.iter().copied().collect::<BTreeSet<_>>(), None).unwrap()
}

pub(crate) fn at_risk() -> Grounds {
    grounds(&[Ground::ChildAtRisk])
}

fn request(number: u128) -> ShieldRequestId {
    ShieldRequestId::new(id(number))
}

/// Nothing has happened to the shield. What follows is done by Westshire's team in May 2009.
fn unshielded() -> History<Event> {
    History::of(Stream::Shield(child_ref(1))).at("2009-05-04T09:00:00Z").by(team().actor())
}

fn requested_event(number: u128) -> Event {
    Event::Requested {
        request: request(number),
        requester: Requester::Carer,
        identity_checked: true,
        grounds: at_risk(),
        circumstances: Personal::Known(words("Fled the home")),
    }
}

fn provisionally_applied() -> Event {
    Event::ProvisionallyApplied {
        grounds: at_risk(),
        rationale: Personal::Known(words("Traced once already")),
        decision_due: on("2009-05-09"),
    }
}

fn view_of(party: Party) -> Event {
    Event::ViewRecorded { party, view: View::NoneExpressed }
}

fn applied_event(review_due: &str) -> Event {
    Event::Applied {
        authority: organisation_id(WESTSHIRE),
        grounds: at_risk(),
        threat_level: ThreatLevel::Severe,
        threat_rationale: Personal::Known(words("Threats to kill")),
        views: none_expressed(),
        review_due: on(review_due),
    }
}

fn reviewed(outcome: ReviewOutcome, next_due: Option<&str>) -> Event {
    Event::Reviewed {
        authority: organisation_id(WESTSHIRE),
        outcome,
        reasons: Personal::Known(words("Looked at again")),
        next_due: next_due.map(on),
    }
}

fn refused_event() -> Event {
    Event::Refused {
        authority: organisation_id(WESTSHIRE),
        threat_level: ThreatLevel::Low,
        reasons: Personal::Known(words("No threat")),
        views: none_expressed(),
    }
}

fn lifted_event() -> Event {
    Event::Lifted {
        authority: organisation_id(WESTSHIRE),
        reasons: Personal::Known(words("The threat has passed")),
        views: none_expressed(),
    }
}

fn none_expressed() -> BTreeMap<Party, ViewKind> {
    Party::ALL.into_iter().map(|party| (party, ViewKind::NoneExpressed)).collect()
}

/// A request, not decided.
fn requested() -> History<Event> {
    unshielded().then(requested_event(1))
}

/// A provisional shield, due to be decided on 9 May 2009.
fn provisional() -> History<Event> {
    unshielded().then(provisionally_applied())
}

/// An applied shield, to be reviewed by 4 November 2009.
fn applied() -> History<Event> {
    with_views(requested()).then(applied_event("2009-11-04"))
}

/// All three views recorded.
fn with_views(history: History<Event>) -> History<Event> {
    Party::ALL.into_iter().fold(history, |history, party| history.then(view_of(party)))
}

/// A refusal, by Westshire's team.
fn refused() -> History<Event> {
    with_views(requested()).then(refused_event())
}

/// The last event of a history.
fn last_of(history: &History<Event>) -> EventId {
    history.recorded().last().unwrap().stamp.id
}

fn challenged_event(decision: EventId) -> Event {
    Event::DecisionChallenged {
        decision,
        challenger: Requester::Carer,
        identity_checked: true,
        words: Personal::Known(words("Nobody asked us")),
    }
}

fn upheld_event(decision: EventId) -> Event {
    Event::DecisionUpheld {
        authority: organisation_id(WESTSHIRE),
        decision,
        reasons: Personal::Known(words("Nothing new was said")),
        views: BTreeMap::new(),
    }
}

/// The same, with its last event challenged.
fn challenged(history: History<Event>) -> History<Event> {
    let decision = last_of(&history);
    history.then(challenged_event(decision))
}

/// Every place a shield can stand, with whether it hides.
fn everywhere() -> [(History<Event>, bool); 4] {
    [(unshielded(), false), (requested(), false), (provisional(), true), (applied(), true)]
}

fn shield(history: &History<Event>) -> Shield {
    history.fold()
}
