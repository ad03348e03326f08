//! Any command on a record or its shield, by any of five people.

use domain::{
    child::{Detail, Gender, QuarantineOutcome, ReturnStatement, SensitiveBasis, Whereabouts},
    identity::EventId,
    personal::Personal,
    shield::{self, Ground, Grounds, Party, Requester, RestsOn, ReviewOutcome, ThreatLevel, View},
};
use proptest::prelude::*;

use crate::{
    child::{EASTSHIRE, WESTSHIRE, name, organisation_id, words},
    shield::grounds,
};

/// Who tries: an index into the cast.
pub(crate) const CAST: usize = 5;

/// One attempt: somebody, some hours after the last one, with a command.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) who: usize,
    pub(crate) hours_later: u32,
    pub(crate) act: Act,
}

/// A command, without the circumstances.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Create { matched: bool },
    Resolve(QuarantineOutcome),
    Amend(Detail),
    Correct(Detail),
    Involve(u128),
    InvolveSensitively(u128, SensitiveBasis),
    EndInvolvement(u128),
    WithdrawConsent(u128),
    Lead(u128),
    Offer(u128),
    Accept,
    Decline,
    Request(Requester, bool),
    ShieldAtOnce(RestsOn),
    HearView(Party, View),
    Apply(Grounds, ThreatLevel, RestsOn),
    Refuse(ThreatLevel),
    Review(ReviewOutcome),
    Lift,
    Challenge,
    Uphold,
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let who = prop_oneof![5 => Just(0), 2 => Just(1), 2 => Just(4), 1 => 0..CAST];
    (who, 0_u32..2_000, act()).prop_map(|(who, hours_later, act)| Step { who, hours_later, act })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => record_act(),
        6 => transfer_act(),
        4 => (requester(), any::<bool>()).prop_map(|(who, checked)| Act::Request(who, checked)),
        2 => rests_on().prop_map(Act::ShieldAtOnce),
        18 => (party(), view()).prop_map(|(party, view)| Act::HearView(party, view)),
        5 => (any_grounds(), level(), rests_on())
            .prop_map(|(grounds, level, rests_on)| Act::Apply(grounds, level, rests_on)),
        1 => level().prop_map(Act::Refuse),
        2 => outcome().prop_map(Act::Review),
        4 => Just(Act::Lift),
        4 => Just(Act::Challenge),
        4 => Just(Act::Uphold),
    ]
}

fn record_act() -> impl Strategy<Value = Act> {
    let quarantine = prop_oneof![4 => Just(QuarantineOutcome::AnotherChild), 1 => Just(QuarantineOutcome::SameChild)];
    let basis =
        prop_oneof![Just(SensitiveBasis::ConsentOfChild), Just(SensitiveBasis::SuspectedHarm)];
    prop_oneof![
        prop::bool::weighted(0.2).prop_map(|matched| Act::Create { matched }),
        quarantine.prop_map(Act::Resolve),
        detail().prop_map(Act::Amend),
        detail().prop_map(Act::Correct),
        (1_u128..3).prop_map(Act::Involve),
        (3_u128..5, basis).prop_map(|(number, basis)| Act::InvolveSensitively(number, basis)),
        (1_u128..5).prop_map(Act::EndInvolvement),
        (3_u128..5).prop_map(Act::WithdrawConsent),
        (1_u128..5).prop_map(Act::Lead),
    ]
}

fn transfer_act() -> impl Strategy<Value = Act> {
    let authority = prop_oneof![Just(WESTSHIRE), Just(EASTSHIRE)];
    prop_oneof![3 => authority.prop_map(Act::Offer), 3 => Just(Act::Accept), 2 => Just(Act::Decline)]
}

fn detail() -> impl Strategy<Value = Detail> {
    prop_oneof![
        Just(Detail::Name(Personal::Known(name("Billie", "Hill")))),
        Just(Detail::Name(Personal::Erased)),
        Just(Detail::FormerName(Personal::Known(name("Billie", "Dale")))),
        Just(Detail::Gender(Personal::Known(Gender::NotSpecified))),
        Just(Detail::Whereabouts(Personal::Known(Whereabouts::NoKnownAddress))),
        Just(Detail::Whereabouts(Personal::Known(Whereabouts::LeftEngland(
            ReturnStatement::NotKnown
        )))),
    ]
}

fn requester() -> impl Strategy<Value = Requester> {
    prop_oneof![Just(Requester::Carer), Just(Requester::Practitioner), Just(Requester::Authority)]
}

fn party() -> impl Strategy<Value = Party> {
    prop::sample::select(Party::ALL.to_vec())
}

fn view() -> impl Strategy<Value = View> {
    prop_oneof![
        Just(View::Expressed(Personal::Known(words("Afraid")))),
        Just(View::Expressed(Personal::Erased)),
        Just(View::NoneExpressed),
    ]
}

fn any_grounds() -> impl Strategy<Value = Grounds> {
    prop_oneof![
        Just(grounds(&[Ground::ChildAtRisk])),
        Just(grounds(&[Ground::PlacementAtRisk, Ground::AdultAtRisk])),
    ]
}

fn level() -> impl Strategy<Value = ThreatLevel> {
    prop_oneof![
        1 => Just(ThreatLevel::Low),
        2 => Just(ThreatLevel::Substantial),
        1 => Just(ThreatLevel::Critical),
    ]
}

fn rests_on() -> impl Strategy<Value = RestsOn> {
    prop_oneof![4 => Just(RestsOn::ThreatInThisCase), 1 => Just(RestsOn::AdoptionAlone)]
}

fn outcome() -> impl Strategy<Value = ReviewOutcome> {
    prop_oneof![Just(ReviewOutcome::Keep), Just(ReviewOutcome::Lift)]
}

/// An event of the same stream, early enough to be there sometimes.
fn decision() -> impl Strategy<Value = EventId> {
    (0_u128..12).prop_map(|revision| EventId::new(fixtures::scenario::id(revision)))
}

/// Any event of a shield, whether or not any decision would write it there.
pub(crate) fn shield_event() -> impl Strategy<Value = shield::Event> {
    let authority = organisation_id(WESTSHIRE);
    let due = fixtures::scenario::on("2009-12-22");
    let text = || Personal::Erased;
    let views = std::collections::BTreeMap::new;
    prop_oneof![
        any_grounds().prop_map(move |grounds| shield::Event::Requested {
            request: domain::identity::ShieldRequestId::new(fixtures::scenario::id(1)),
            requester: Requester::Carer,
            identity_checked: true,
            grounds,
            circumstances: text(),
        }),
        any_grounds().prop_map(move |grounds| shield::Event::ProvisionallyApplied {
            grounds,
            rationale: text(),
            decision_due: due,
        }),
        (party(), view()).prop_map(|(party, view)| shield::Event::ViewRecorded { party, view }),
        (any_grounds(), level()).prop_map(move |(grounds, threat_level)| shield::Event::Applied {
            authority,
            grounds,
            threat_level,
            threat_rationale: text(),
            views: views(),
            review_due: due,
        }),
        level().prop_map(move |threat_level| shield::Event::Refused {
            authority,
            threat_level,
            reasons: text(),
            views: views(),
        }),
        (outcome(), prop::option::of(Just(due))).prop_map(move |(outcome, next_due)| {
            shield::Event::Reviewed { authority, outcome, reasons: text(), next_due }
        }),
        Just(shield::Event::Lifted { authority, reasons: text(), views: views() }),
        decision().prop_map(move |decision| shield::Event::DecisionChallenged {
            decision,
            challenger: Requester::Carer,
            identity_checked: true,
            words: text(),
        }),
        decision().prop_map(move |decision| shield::Event::DecisionUpheld {
            authority,
            decision,
            reasons: text(),
            views: views(),
        }),
    ]
}
