use std::collections::BTreeSet;

use domain::{
    access::{Decided, Refusal},
    audit::{
        Event, Question,
        query_trail::{Owners, QueryTrail, decide},
    },
    caller::Caller,
    identity::OrganisationId,
    practitioner::{Condition, Office},
    stream::Stream,
};
use fixtures::scenario::id;

use super::a_record::{
    AUTHORITY, CHILD, ELSEWHERE, NURSE, TEAM, department, june_2009, now, practitioner, protection,
    purpose, team,
};

fn owned_by(organisations: &[Option<u128>]) -> Owners {
    organisations
        .iter()
        .map(|number| number.map(|number| OrganisationId::new(id(number))))
        .collect()
}

fn command(code: &str) -> QueryTrail {
    QueryTrail {
        at: now(),
        question: Question::Accesses,
        about: vec![Stream::Access(CHILD)],
        within: None,
        events: vec![],
        purpose: purpose(code),
    }
}

fn ask(owners: &Owners, caller: &Caller<'_>) -> Decided<Event> {
    decide(owners, &june_2009(), caller, &command("child-protection"))
}

fn answered() -> Decided<Event> {
    Decided::granted(vec![Event::TrailQueried {
        question: Question::Accesses,
        about: vec![Stream::Access(CHILD)],
        within: None,
        events: vec![],
        purpose: protection(),
    }])
}

fn refused(refusals: impl Into<BTreeSet<Refusal>>) -> Decided<Event> {
    let refusals = refusals.into();
    let event = Event::TrailQueryRefused {
        question: Question::Accesses,
        about: vec![Stream::Access(CHILD)],
        within: None,
        purpose: protection(),
        refusals: refusals.clone(),
    };
    Decided::refused(vec![event], refusals)
}

#[test]
fn a14_the_team_of_the_responsible_authority_asks_and_is_recorded() {
    let owners = owned_by(&[Some(AUTHORITY)]);
    assert_eq!(ask(&owners, &team(TEAM, AUTHORITY).caller()), answered());
}

#[test]
fn a14_auditors_and_officials_ask_about_anything() {
    for office in [Office::Auditor, Office::Official] {
        let somebody = department(7, office);
        for owners in [owned_by(&[Some(AUTHORITY), Some(ELSEWHERE)]), owned_by(&[None])] {
            assert_eq!(ask(&owners, &somebody.caller()), answered());
        }
    }
}

#[test]
fn a14_a_team_asks_about_its_own_only_and_hears_of_nothing_else() {
    let member = team(TEAM, AUTHORITY);
    for owners in [
        owned_by(&[Some(ELSEWHERE)]),
        owned_by(&[Some(AUTHORITY), Some(ELSEWHERE)]),
        owned_by(&[None]),
        owned_by(&[Some(AUTHORITY), None]),
        owned_by(&[]),
    ] {
        let decided = ask(&owners, &member.caller());
        assert_eq!(decided, refused([Refusal::NotEntitled]));
        assert_eq!(decided.told(), Some([Refusal::NoSuchRecord].into()));
    }
}

#[test]
fn a14_a_practitioner_does_not_read_the_trail() {
    let owners = owned_by(&[Some(AUTHORITY)]);
    assert_eq!(ask(&owners, &practitioner(NURSE).caller()), refused([Refusal::OfficeMayNotLook]));
}

#[test]
fn a14_a_member_of_a_team_must_meet_every_condition() {
    let owners = owned_by(&[Some(AUTHORITY)]);
    let unmet = Refusal::Unmet([Condition::NotSuspended].into());
    assert_eq!(ask(&owners, &team(TEAM, AUTHORITY).suspended().caller()), refused([unmet]));
}

#[test]
fn a14_a_reason_must_be_of_the_policys_list() {
    let owners = owned_by(&[Some(AUTHORITY)]);
    let member = team(TEAM, AUTHORITY);
    let decided = decide(&owners, &june_2009(), &member.caller(), &command("curiosity"));
    assert_eq!(decided.told(), Some([Refusal::ReasonNotListed].into()));
    assert_eq!(decided.events.len(), 1);
}
