use domain::{
    access::ShieldState,
    child::{Barred, Child, Event},
    shield::{ReviewOutcome, review},
};
use fixtures::scenario::on;

use super::{applied, shield};
use crate::child::{EASTSHIRE, june_2009, now, organisation_id, record, team, team_of, words};

fn moved() -> Child {
    record()
        .then(Event::ResponsibilityTransferOffered { to: organisation_id(EASTSHIRE) })
        .then(Event::ResponsibilityTransferAccepted { by: organisation_id(EASTSHIRE) })
        .fold()
}

fn keep() -> review::ReviewShield {
    review::ReviewShield {
        at: now(),
        outcome: ReviewOutcome::Keep,
        reasons: words("The family has moved"),
    }
}

#[test]
fn s6_a_move_keeps_the_shield_and_the_day_of_its_review() {
    let shield = shield(&applied());
    let (policy, eastshire) = (june_2009(), team_of(EASTSHIRE));
    assert_eq!(shield.state(), ShieldState::Applied);
    assert_eq!(shield.review_due(), Some(on("2009-11-04")));
    let by_the_new = review::decide(&moved(), &shield, &policy, &eastshire.caller(), &keep());
    assert_eq!(by_the_new.map(|events| events.len()), Ok(1));
}

#[test]
fn s6_after_a_move_the_old_authority_decides_nothing() {
    let by_the_old =
        review::decide(&moved(), &shield(&applied()), &june_2009(), &team().caller(), &keep());
    assert_eq!(by_the_old, Err(review::Rejection::Barred(Barred::NotResponsible)));
}

#[test]
fn s6_while_a_move_is_offered_the_old_authority_still_decides() {
    let offered: Child = record()
        .then(Event::ResponsibilityTransferOffered { to: organisation_id(EASTSHIRE) })
        .fold();
    let (policy, shield) = (june_2009(), shield(&applied()));
    let old = review::decide(&offered, &shield, &policy, &team().caller(), &keep());
    let new = review::decide(&offered, &shield, &policy, &team_of(EASTSHIRE).caller(), &keep());
    assert_eq!(old.map(|events| events.len()), Ok(1));
    assert_eq!(new, Err(review::Rejection::Barred(Barred::NotResponsible)));
}
