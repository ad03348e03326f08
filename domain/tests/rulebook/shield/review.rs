use domain::{
    access::ShieldState,
    personal::Personal,
    shield::{
        Event, ReviewOutcome, Standing,
        review::{Rejection, ReviewShield, decide},
    },
};
use fixtures::scenario::{History, on};

use super::{applied, provisional, requested, requested_event, reviewed, shield, unshielded};
use crate::child::{WESTSHIRE, child, june_2009, now, organisation_id, team, words};

fn review(history: &History<Event>, outcome: ReviewOutcome) -> Result<Vec<Event>, Rejection> {
    let command = ReviewShield { at: now(), outcome, reasons: words("Looked at again") };
    decide(&child(), &shield(history), &june_2009(), &team().caller(), &command)
}

#[test]
fn s5_keeping_sets_the_day_of_the_next_review() {
    assert_eq!(
        review(&applied(), ReviewOutcome::Keep),
        Ok(vec![Event::Reviewed {
            authority: organisation_id(WESTSHIRE),
            outcome: ReviewOutcome::Keep,
            reasons: Personal::Known(words("Looked at again")),
            next_due: Some(on("2009-12-22")),
        }]),
    );
    let kept = applied().then(reviewed(ReviewOutcome::Keep, Some("2009-12-22")));
    assert_eq!(shield(&kept).review_due(), Some(on("2009-12-22")));
}

#[test]
fn s5_a_review_that_finds_for_lifting_does_not_lift() {
    assert_eq!(
        review(&applied(), ReviewOutcome::Lift),
        Ok(vec![Event::Reviewed {
            authority: organisation_id(WESTSHIRE),
            outcome: ReviewOutcome::Lift,
            reasons: Personal::Known(words("Looked at again")),
            next_due: None,
        }]),
    );
    let shield = shield(&applied().then(reviewed(ReviewOutcome::Lift, None)));
    assert_eq!(shield.state(), ShieldState::Applied);
    let Standing::Applied(applied) = shield.standing() else { panic!("not applied") };
    assert!(applied.lift_owed);
    assert_eq!(applied.review_due, on("2009-11-04"));
}

#[test]
fn s5_keeping_after_all_takes_back_what_was_owed() {
    let history = applied()
        .then(requested_event(2))
        .then(reviewed(ReviewOutcome::Lift, None))
        .then(reviewed(ReviewOutcome::Keep, Some("2010-01-04")));
    let shield = shield(&history);
    let Standing::Applied(applied) = shield.standing() else { panic!("not applied") };
    assert!(!applied.lift_owed);
    assert_eq!(applied.requested_again, None);
}

#[test]
fn s5_a_review_is_overdue_from_the_day_after_it_was_due_and_the_shield_stays_on() {
    let shield = shield(&applied());
    assert!(!shield.overdue(on("2009-11-04")));
    assert!(shield.overdue(on("2009-11-05")));
    assert!(shield.is_shielded());
}

#[test]
fn s5_only_an_applied_shield_is_reviewed() {
    for history in [unshielded(), requested(), provisional()] {
        for outcome in [ReviewOutcome::Keep, ReviewOutcome::Lift] {
            assert_eq!(review(&history, outcome), Err(Rejection::NotApplied));
        }
    }
}
