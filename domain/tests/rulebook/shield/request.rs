use domain::{
    child::{Barred, Child},
    organisation::Capability,
    personal::Personal,
    shield::{
        Event, Requester, Shield, Standing,
        request::{Rejection, RequestShield, decide},
    },
};
use fixtures::scenario::at;

use super::{applied, at_risk, everywhere, request, requested, requested_event, shield};
use crate::child::{
    EASTSHIRE, Person, TRUST, child, june_2009, now, practitioner, practitioner_enabled,
    quarantined, team, team_of, words,
};

fn command(requester: Requester, identity_checked: bool) -> RequestShield {
    RequestShield {
        at: now(),
        request: request(1),
        requester,
        identity_checked,
        grounds: at_risk(),
        circumstances: words("Fled the home"),
    }
}

fn asked(requester: Requester, identity_checked: bool) -> Event {
    Event::Requested {
        request: request(1),
        requester,
        identity_checked,
        grounds: at_risk(),
        circumstances: Personal::Known(words("Fled the home")),
    }
}

fn ask(
    child: &Child,
    person: &Person,
    requester: Requester,
    identity_checked: bool,
) -> Result<Vec<Event>, Rejection> {
    let command = command(requester, identity_checked);
    decide(child, &Shield::default(), &june_2009(), &person.caller(), &command)
}

#[test]
fn s1_a_practitioner_asks_without_being_responsible() {
    let expected = Ok(vec![asked(Requester::Practitioner, false)]);
    assert_eq!(ask(&child(), &practitioner(), Requester::Practitioner, false), expected);
}

#[test]
fn s1_a_conveyed_request_needs_the_requesters_identity_checked() {
    for requester in [Requester::Child, Requester::Carer, Requester::Other] {
        assert_eq!(
            ask(&child(), &practitioner(), requester, true),
            Ok(vec![asked(requester, true)]),
        );
        assert_eq!(
            ask(&child(), &practitioner(), requester, false),
            Err(Rejection::IdentityNotChecked),
        );
    }
}

#[test]
fn s1_only_its_own_team_asks_for_the_authority() {
    let expected = Ok(vec![asked(Requester::Authority, false)]);
    assert_eq!(ask(&child(), &team(), Requester::Authority, false), expected);
    for other in [team_of(EASTSHIRE), practitioner()] {
        assert_eq!(
            ask(&child(), &other, Requester::Authority, false),
            Err(Rejection::Barred(Barred::NotResponsible)),
        );
    }
}

#[test]
fn s1_asking_is_answered_alike_wherever_the_shield_stands() {
    let (policy, person) = (june_2009(), practitioner());
    for (history, _) in everywhere() {
        assert_eq!(
            decide(
                &child(),
                &shield(&history),
                &policy,
                &person.caller(),
                &command(Requester::Practitioner, false),
            ),
            Ok(vec![asked(Requester::Practitioner, false)]),
        );
    }
}

#[test]
fn s1_a_request_alone_hides_nothing() {
    let shield = shield(&requested());
    assert!(!shield.is_shielded());
    assert_eq!(
        shield.standing(),
        &Standing::Requested { request: request(1), since: at("2009-05-04T09:00:00Z") },
    );
}

#[test]
fn s1_a_further_request_does_not_start_the_matter_afresh() {
    let again = requested().at("2009-05-20T09:00:00Z").then(requested_event(2));
    assert_eq!(shield(&again), shield(&requested()));
}

#[test]
fn s1_a_request_while_shielded_is_kept_for_the_authority() {
    let shield = shield(&applied().then(requested_event(2)));
    assert!(shield.is_shielded());
    let Standing::Applied(applied) = shield.standing() else { panic!("not applied") };
    assert_eq!(applied.requested_again, Some(request(2)));
}

#[test]
fn s1_nobody_asks_about_a_record_they_may_not_know_of() {
    for child in [Child::default(), quarantined().fold()] {
        assert_eq!(
            ask(&child, &practitioner(), Requester::Practitioner, false),
            Err(Rejection::Barred(Barred::NoSuchRecord)),
        );
    }
}

#[test]
fn s1_a_practitioner_asks_only_where_search_has_been_enabled() {
    let person = practitioner_enabled(TRUST, &[Capability::Update]);
    let refused = ask(&child(), &person, Requester::Practitioner, false);
    assert!(matches!(refused, Err(Rejection::Barred(Barred::NotEntitled(_)))), "{refused:?}");
}
