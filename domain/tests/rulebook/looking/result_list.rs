use std::collections::BTreeMap;

use domain::{
    activity::{Event, ResultList, SearchOutcome, SearchRow, Terms, search::ROW},
    identity::PractitionerId,
    personal::Personal,
    stream::Stream,
};
use fixtures::scenario::{History, id};

use super::a_record::{CHILD, NURSE, protection, record};

fn recorded(outcome: SearchOutcome) -> domain::recorded::Recorded<Event> {
    History::of(Stream::Activity(PractitionerId::new(id(NURSE))))
        .at("2009-06-22T10:00:00Z")
        .then(Event::SearchPerformed {
            purpose: protection(),
            terms: Personal::Known(Terms::default()),
            fields: [].into(),
            outcome,
        })
        .recorded()[0]
        .clone()
}

fn one() -> SearchOutcome {
    SearchOutcome::Shown(vec![SearchRow { child: CHILD, shown: ROW.into() }])
}

#[test]
fn a12_a_list_is_rebuilt_from_its_event_and_the_records() {
    let child = record();
    let list = ResultList::rebuild(&recorded(one()), &BTreeMap::from([(CHILD, &child)])).unwrap();
    assert_eq!(
        serde_json::to_string(&list).unwrap(),
        r#"{"event":"b46c3bd2-7bd9-502a-895c-a6605e83a3a1","at":"2009-06-22T10:00:00Z","too_many":false,"rows":[{"child":"00000000-0000-0000-0000-0000000003e8","name":{"given":"Zoë","surname":"O'Brien"},"gender":"female","date_of_birth":"2001-03-14","number":"000000002394"}]}"#
    );
}

#[test]
fn a12_too_many_are_said_to_be_too_many_and_nothing_more() {
    let list = ResultList::rebuild(&recorded(SearchOutcome::TooMany), &BTreeMap::new()).unwrap();
    assert!(list.too_many && list.rows.is_empty());
}

#[test]
fn a12_a_list_is_not_rebuilt_without_every_record_in_it() {
    assert_eq!(ResultList::rebuild(&recorded(one()), &BTreeMap::new()), None);
}

#[test]
fn a12_a_refused_search_showed_no_list() {
    let refused = History::of(Stream::Activity(PractitionerId::new(id(NURSE))))
        .then(Event::SearchRefused {
            purpose: protection(),
            terms: Personal::Known(Terms::default()),
            refusals: [].into(),
        })
        .recorded()[0]
        .clone();
    assert_eq!(ResultList::rebuild(&refused, &BTreeMap::new()), None);
}
