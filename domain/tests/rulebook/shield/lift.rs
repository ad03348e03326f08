use domain::{
    access::ShieldState,
    personal::Personal,
    shield::{
        Event, Party, ReviewOutcome,
        lift::{LiftShield, Rejection, decide},
    },
};
use fixtures::scenario::History;

use super::{
    applied, lifted_event, none_expressed, provisional, requested, reviewed, shield, unshielded,
    view_of, with_views,
};
use crate::child::{WESTSHIRE, child, june_2009, now, organisation_id, team, words};

fn lift(history: &History<Event>) -> Result<Vec<Event>, Rejection> {
    let command = LiftShield { at: now(), reasons: words("The threat has passed") };
    decide(&child(), &shield(history), &june_2009(), &team().caller(), &command)
}

#[test]
fn s6_the_authority_lifts_with_reasons_and_every_view_considered() {
    let lifted = Event::Lifted {
        authority: organisation_id(WESTSHIRE),
        reasons: Personal::Known(words("The threat has passed")),
        views: none_expressed(),
    };
    for history in [applied(), applied().then(reviewed(ReviewOutcome::Lift, None))] {
        assert_eq!(lift(&with_views(history)), Ok(vec![lifted.clone()]));
    }
}

#[test]
fn s6_the_views_of_the_decision_to_shield_do_not_serve_to_lift() {
    assert_eq!(lift(&applied()), Err(Rejection::ViewsMissing(Party::ALL.into())));
    assert_eq!(
        lift(&applied().then(view_of(Party::Carer))),
        Err(Rejection::ViewsMissing([Party::Child, Party::Practitioner].into())),
    );
}

#[test]
fn s6_only_an_applied_shield_is_lifted() {
    for history in [unshielded(), requested(), with_views(requested()), with_views(provisional())] {
        assert_eq!(lift(&history), Err(Rejection::NotApplied));
    }
}

#[test]
fn s6_lifting_ends_hiding_from_its_event_on() {
    let history = with_views(applied());
    assert_eq!(shield(&history).state(), ShieldState::Applied);
    assert_eq!(shield(&history.then(lifted_event())), shield(&unshielded()));
}
