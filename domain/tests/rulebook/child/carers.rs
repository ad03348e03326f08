use std::collections::BTreeMap;

use domain::{
    child::{
        Carer, Child, Event, Relation,
        end_carer::{self, EndCarer},
        record_carer::{self, RecordCarer},
    },
    personal::Personal,
};
use fixtures::scenario::{given, on};

use super::{TODAY, TOMORROW, carer, june_2009, mother, now, practitioner, record};

fn recorded(particulars: Carer) -> Event {
    Event::CarerRecorded { carer: carer(1), particulars: Personal::Known(particulars) }
}

#[test]
fn r7_a_carer_is_recorded() {
    let (policy, person) = (june_2009(), practitioner());
    let command = RecordCarer { at: now(), carer: carer(1), particulars: mother() };
    given(record())
        .when(|child: &Child| record_carer::decide(child, &policy, &person.caller(), &command))
        .then([recorded(mother())]);
}

#[test]
fn r7_recording_a_carer_again_replaces_what_is_known() {
    let foster = Carer { relation: Relation::FosterCarer, ..mother() };
    let child: Child = record().then(recorded(mother())).then(recorded(foster.clone())).fold();
    assert_eq!(child.carers(), &BTreeMap::from([(carer(1), Personal::Known(foster))]));
}

#[test]
fn r8_a_carer_is_taken_off_from_today_but_not_from_tomorrow() {
    let (policy, person) = (june_2009(), practitioner());
    let end = |day| EndCarer { at: now(), carer: carer(1), on: on(day) };
    given(record().then(recorded(mother())))
        .when(|child: &Child| end_carer::decide(child, &policy, &person.caller(), &end(TODAY)))
        .then([Event::CarerEnded { carer: carer(1), on: on(TODAY) }]);
    given(record().then(recorded(mother())))
        .when(|child: &Child| end_carer::decide(child, &policy, &person.caller(), &end(TOMORROW)))
        .then_refused(end_carer::Rejection::NotYet);
}

#[test]
fn r8_a_carer_taken_off_is_a_carer_no_longer() {
    let child: Child = record()
        .then(recorded(mother()))
        .then(Event::CarerEnded { carer: carer(1), on: on(TODAY) })
        .fold();
    assert!(child.carers().is_empty());
    let (policy, person) = (june_2009(), practitioner());
    let again = EndCarer { at: now(), carer: carer(1), on: on(TODAY) };
    assert_eq!(
        end_carer::decide(&child, &policy, &person.caller(), &again),
        Err(end_carer::Rejection::NoSuchCarer),
    );
}
