use std::collections::BTreeSet;

use domain::{
    access::{
        Access, Basis, Decided, Event, Field, Fields, Refusal, ShieldState,
        brokering::{Stage, broker, decline, request, view},
    },
    caller::Caller,
    child::{Barred, Child},
    identity::InvolvementId,
    practitioner::{Condition, Office},
    shield::{Ground, Shield},
};
use fixtures::{
    people::text,
    scenario::{History, given, id},
};

use super::a_record::{
    AUTHORITY, CHILD, COLLEAGUE, ELSEWHERE, NURSE, TEAM, applied, asked_by, bare, brokering,
    department, june_2009, looked_into, now, opened_by, opening, practitioner, protection, purpose,
    quarantined, record, team,
};

fn asking(history: &History<Event>, child: &Child, caller: &Caller<'_>) -> Asked {
    let command = request::RequestContact {
        at: now(),
        brokering: brokering(1),
        opening: opening(1),
        purpose: protection(),
        concern: text("Bruises that nobody can explain"),
        reach: text("01632 960 999 until six"),
    };
    request::decide(&history.fold(), child, &june_2009(), caller, &command)
}
type Asked = Result<Decided<Event>, request::Rejection>;

fn viewing(history: &History<Event>, shield: &Shield, caller: &Caller<'_>) -> Viewed {
    let command = view::ViewToBroker { at: now(), brokering: brokering(1) };
    view::decide(&history.fold(), &record(), shield, &june_2009(), caller, &command)
}
type Viewed = Result<Decided<Event>, view::Rejection>;

fn refused(sought: Basis, refusals: impl Into<BTreeSet<Refusal>>) -> Decided<Event> {
    let refusals = refusals.into();
    let event = Event::AccessRefused { purpose: protection(), sought, refusals: refusals.clone() };
    Decided::refused(vec![event], refusals)
}

#[test]
fn a17_a_user_asks_to_be_put_in_touch_and_is_shown_nothing() {
    let nurse = practitioner(NURSE);
    let request = asked_by(NURSE).recorded()[1].event.clone();
    assert_eq!(
        asking(&opened_by(NURSE), &record(), &nurse.caller()),
        Ok(Decided::granted(vec![request]))
    );
}

#[test]
fn a17_asking_is_answered_alike_whether_or_not_anything_is_hidden() {
    let nurse = practitioner(NURSE);
    let plain: Child = bare(CHILD, "Zoë", "Ashdown", "2001-03-14").fold();
    assert_eq!(
        asking(&opened_by(NURSE), &plain, &nurse.caller()),
        asking(&opened_by(NURSE), &record(), &nurse.caller()),
    );
}

#[test]
fn a17_only_a_practitioner_asks_with_a_reason_of_the_list_and_every_condition_met() {
    let suspended = practitioner(NURSE).suspended();
    let unmet = Refusal::Unmet(BTreeSet::from([Condition::NotSuspended]));
    assert_eq!(
        asking(&opened_by(NURSE), &record(), &suspended.caller()),
        Ok(refused(Basis::Practitioner, [unmet]))
    );
    for other in [team(TEAM, AUTHORITY), department(7, Office::Official)] {
        assert_eq!(
            asking(&opened_by(NURSE), &record(), &other.caller()),
            Ok(refused(Basis::Practitioner, [Refusal::OfficeMayNotLook]))
        );
    }
    let nurse = practitioner(NURSE);
    let command = request::RequestContact {
        at: now(),
        brokering: brokering(1),
        opening: opening(1),
        purpose: purpose("curiosity"),
        concern: text("None"),
        reach: text("None"),
    };
    let access: Access = opened_by(NURSE).fold();
    let decided =
        request::decide(&access, &record(), &june_2009(), &nurse.caller(), &command).unwrap();
    assert_eq!(decided.told(), Some(BTreeSet::from([Refusal::ReasonNotListed])));
}

#[test]
fn a17_it_is_asked_from_an_opening_of_ones_own_under_a_handle_of_its_own() {
    let (nurse, colleague) = (practitioner(NURSE), practitioner(COLLEAGUE));
    assert_eq!(
        asking(&opened_by(NURSE), &record(), &colleague.caller()),
        Err(request::Rejection::NotOpen)
    );
    let left = opened_by(NURSE).then(Event::RecordClosed { opening: opening(1) });
    assert_eq!(asking(&left, &record(), &nurse.caller()), Err(request::Rejection::NotOpen));
    assert_eq!(
        asking(&asked_by(NURSE), &record(), &nurse.caller()),
        Err(request::Rejection::BrokeringTaken)
    );
}

#[test]
fn a17_of_a_record_in_quarantine_nothing_is_said_and_of_none_nothing_recorded() {
    let nurse = practitioner(NURSE);
    assert_eq!(
        asking(&opened_by(NURSE), &quarantined(), &nurse.caller()),
        Ok(refused(Basis::Practitioner, [Refusal::NoSuchRecord]))
    );
    assert_eq!(
        asking(&opened_by(NURSE), &Child::default(), &nurse.caller()),
        Ok(Decided::refused(vec![], BTreeSet::from([Refusal::NoSuchRecord])))
    );
}

#[test]
fn a18_the_responsible_team_sees_what_is_hidden_for_a_request_that_waits() {
    let (own, shielded) = (team(TEAM, AUTHORITY), applied(Ground::PlacementAtRisk));
    for history in [asked_by(NURSE), looked_into()] {
        assert_eq!(
            viewing(&history, &shielded, &own.caller()),
            Ok(Decided::granted(vec![Event::BrokerViewedHiddenDetails {
                brokering: brokering(1),
                shield: ShieldState::Applied,
                shown: Fields::from(Field::ALL),
                withheld: Fields::NONE,
            }]))
        );
    }
}

#[test]
fn a18_nobody_else_does_and_that_they_tried_is_recorded() {
    let shielded = applied(Ground::ChildAtRisk);
    let refused = |refusals: Vec<Refusal>| {
        Ok(refused(Basis::ResponsibleTeam, refusals.into_iter().collect::<BTreeSet<_>>()))
    };
    let elsewhere = team(TEAM, ELSEWHERE);
    assert_eq!(
        viewing(&asked_by(NURSE), &shielded, &elsewhere.caller()),
        refused(vec![Refusal::NotEntitled])
    );
    let nurse = practitioner(NURSE).trusted();
    assert_eq!(
        viewing(&asked_by(NURSE), &shielded, &nurse.caller()),
        refused(vec![Refusal::OfficeMayNotLook])
    );
    let suspended = team(TEAM, AUTHORITY).suspended();
    let unmet = Refusal::Unmet(BTreeSet::from([Condition::NotSuspended]));
    assert_eq!(viewing(&asked_by(NURSE), &shielded, &suspended.caller()), refused(vec![unmet]));
}

#[test]
fn a18_without_a_request_or_after_its_answer_there_is_nothing_to_look_at() {
    let (own, shielded) = (team(TEAM, AUTHORITY), applied(Ground::ChildAtRisk));
    assert_eq!(
        viewing(&opened_by(NURSE), &shielded, &own.caller()),
        Err(view::Rejection::NoSuchBrokering)
    );
    let answers = [(brokered(12), Stage::Brokered), (declined(), Stage::Declined)];
    for (answer, stage) in answers {
        assert_eq!(
            viewing(&looked_into().then(answer), &shielded, &own.caller()),
            Err(view::Rejection::Answered(stage))
        );
    }
}

fn brokered(with: u128) -> Event {
    Event::ContactBrokered {
        brokering: brokering(1),
        with: InvolvementId::new(id(with)),
        outcome: text("They spoke at four"),
    }
}

fn declined() -> Event {
    let reason = text("No concern that could be named");
    Event::BrokeringDeclined { brokering: brokering(1), reason }
}

fn put_in_touch(
    access: &Access,
    caller: &Caller<'_>,
    with: u128,
) -> Result<Vec<Event>, broker::Rejection> {
    let command = broker::BrokerContact {
        at: now(),
        brokering: brokering(1),
        with: InvolvementId::new(id(with)),
        outcome: text("They spoke at four"),
    };
    broker::decide(access, &record(), &june_2009(), caller, &command)
}

#[test]
fn a19_the_team_puts_them_in_touch_with_somebody_involved_sensitive_or_not() {
    let own = team(TEAM, AUTHORITY);
    for with in [10, 12] {
        given(looked_into())
            .when(|access: &Access| put_in_touch(access, &own.caller(), with))
            .then([brokered(with)]);
    }
    given(looked_into())
        .when(|access: &Access| put_in_touch(access, &own.caller(), 99))
        .then_refused(broker::Rejection::NoSuchInvolvement);
}

#[test]
fn a19_only_after_a_look_for_this_request_and_once() {
    let own = team(TEAM, AUTHORITY);
    given(asked_by(NURSE))
        .when(|access: &Access| put_in_touch(access, &own.caller(), 10))
        .then_refused(broker::Rejection::NotViewed);
    given(opened_by(NURSE))
        .when(|access: &Access| put_in_touch(access, &own.caller(), 10))
        .then_refused(broker::Rejection::NoSuchBrokering);
    given(looked_into().then(brokered(10)))
        .when(|access: &Access| put_in_touch(access, &own.caller(), 10))
        .then_refused(broker::Rejection::Answered(Stage::Brokered));
}

#[test]
fn a19_a_look_that_was_held_back_is_none() {
    let own = team(TEAM, AUTHORITY);
    let disclosure = looked_into().recorded()[2].stamp.id;
    given(looked_into().then(Event::DisclosureWithheld { disclosure }))
        .when(|access: &Access| put_in_touch(access, &own.caller(), 10))
        .then_refused(broker::Rejection::NotViewed);
}

#[test]
fn a19_only_the_responsible_team_brokers() {
    let elsewhere = team(TEAM, ELSEWHERE);
    given(looked_into())
        .when(|access: &Access| put_in_touch(access, &elsewhere.caller(), 10))
        .then_refused(broker::Rejection::Barred(Barred::NotResponsible));
    let nurse = practitioner(NURSE);
    let access: Access = looked_into().fold();
    assert!(matches!(
        put_in_touch(&access, &nurse.caller(), 10),
        Err(broker::Rejection::Barred(Barred::NotEntitled(_)))
    ));
}

fn turn_down(access: &Access, caller: &Caller<'_>) -> Result<Vec<Event>, decline::Rejection> {
    let command = decline::DeclineBrokering {
        at: now(),
        brokering: brokering(1),
        reason: text("No concern that could be named"),
    };
    decline::decide(access, &record(), &june_2009(), caller, &command)
}

#[test]
fn a20_the_team_declines_whether_or_not_it_has_looked() {
    let own = team(TEAM, AUTHORITY);
    for history in [asked_by(NURSE), looked_into()] {
        given(history).when(|access: &Access| turn_down(access, &own.caller())).then([declined()]);
    }
}

#[test]
fn a20_what_is_answered_or_was_never_asked_is_not_declined() {
    let own = team(TEAM, AUTHORITY);
    given(looked_into().then(declined()))
        .when(|access: &Access| turn_down(access, &own.caller()))
        .then_refused(decline::Rejection::Answered(Stage::Declined));
    given(looked_into().then(brokered(10)))
        .when(|access: &Access| turn_down(access, &own.caller()))
        .then_refused(decline::Rejection::Answered(Stage::Brokered));
    given(opened_by(NURSE))
        .when(|access: &Access| turn_down(access, &own.caller()))
        .then_refused(decline::Rejection::NoSuchBrokering);
}

#[test]
fn a20_only_the_responsible_team_declines() {
    let elsewhere = team(TEAM, ELSEWHERE);
    given(asked_by(NURSE))
        .when(|access: &Access| turn_down(access, &elsewhere.caller()))
        .then_refused(decline::Rejection::Barred(Barred::NotResponsible));
}

#[test]
fn a18_a_brokers_screen_is_rebuilt_like_any_other() {
    let looked = looked_into().recorded()[2].clone();
    let screen = domain::access::Screen::rebuild(&looked, &record()).unwrap();
    assert_eq!((screen.brokering, screen.opening), (Some(brokering(1)), None));
    assert_eq!((screen.basis, screen.shielded), (Basis::ResponsibleTeam, true));
    assert_eq!(screen.child, CHILD);
}
