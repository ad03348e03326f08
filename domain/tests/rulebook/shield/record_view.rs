use std::collections::BTreeMap;

use domain::{
    personal::Personal,
    shield::{
        Event, Party, ReviewOutcome, View, ViewKind,
        record_view::{RecordView, Rejection, decide},
    },
};
use fixtures::scenario::History;

use super::{
    applied, lifted_event, provisional, refused_event, requested, reviewed, shield, unshielded,
    with_views,
};
use crate::child::{child, june_2009, now, team, words};

fn views() -> [View; 3] {
    [
        View::Expressed(Personal::Known(words("She is afraid"))),
        View::NoneExpressed,
        View::NotAppropriate(Personal::Known(words("He is the threat"))),
    ]
}

fn record(history: &History<Event>, party: Party, view: View) -> Result<Vec<Event>, Rejection> {
    let command = RecordView { at: now(), party, view };
    decide(&child(), &shield(history), &june_2009(), &team().caller(), &command)
}

#[test]
fn s3_each_party_has_a_view_or_the_reason_why_there_is_none() {
    for history in [requested(), provisional(), applied()] {
        for party in Party::ALL {
            for view in views() {
                assert_eq!(
                    record(&history, party, view.clone()),
                    Ok(vec![Event::ViewRecorded { party, view }]),
                );
            }
        }
    }
}

#[test]
fn s3_where_nothing_is_pending_there_is_nothing_to_have_a_view_on() {
    for history in [unshielded(), with_views(requested()).then(refused_event())] {
        assert_eq!(
            record(&history, Party::Child, View::NoneExpressed),
            Err(Rejection::NothingToDecide),
        );
    }
}

#[test]
fn s3_a_view_recorded_anew_replaces_the_earlier_one() {
    let [expressed, none, _] = views();
    let history = requested()
        .then(Event::ViewRecorded { party: Party::Child, view: none })
        .then(Event::ViewRecorded { party: Party::Child, view: expressed.clone() });
    let shield = shield(&history);
    assert_eq!(shield.views(), &BTreeMap::from([(Party::Child, expressed)]));
    assert_eq!(shield.view_kinds(), BTreeMap::from([(Party::Child, ViewKind::Expressed)]));
    assert_eq!(shield.missing_views(), [Party::Carer, Party::Practitioner].into());
}

#[test]
fn s3_an_erased_view_still_counts_as_considered() {
    let erased = View::Expressed(Personal::Erased);
    let history = requested().then(Event::ViewRecorded { party: Party::Child, view: erased });
    assert!(!shield(&history).missing_views().contains(&Party::Child));
}

#[test]
fn s3_each_decision_uses_up_the_views_before_it() {
    let kept = reviewed(ReviewOutcome::Keep, Some("2010-05-04"));
    for after in [
        with_views(requested()).then(refused_event()),
        applied(),
        with_views(applied()).then(kept),
        with_views(applied()).then(lifted_event()),
    ] {
        assert!(shield(&after).views().is_empty());
    }
    let to_be_lifted = with_views(applied()).then(reviewed(ReviewOutcome::Lift, None));
    assert!(shield(&to_be_lifted).missing_views().is_empty());
}
