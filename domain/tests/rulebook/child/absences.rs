use domain::{
    access::{Basis, Field, visible},
    child::{
        Child, DataSource, Detail, Event, Gender, ReturnStatement, Whereabouts,
        amend_record::{AmendRecord, decide},
    },
    personal::Personal,
    policy::Values,
    shield::Shield,
};
use fixtures::scenario::{given, on};

use super::{TODAY, address, june_2009, now, practitioner, record};

fn stated(detail: Detail) -> Event {
    Event::DetailSuperseded { detail, valid_from: on(TODAY), source: DataSource::Practitioner }
}

#[test]
fn r5_every_statement_of_whereabouts_is_a_value_of_its_own() {
    let (policy, person) = (june_2009(), practitioner());
    for whereabouts in [
        Whereabouts::Current(address("2 Low Road")),
        Whereabouts::LastKnown(address("2 Low Road")),
        Whereabouts::NoKnownAddress,
        Whereabouts::LeftEngland(ReturnStatement::Intends),
        Whereabouts::LeftEngland(ReturnStatement::DoesNotIntend),
        Whereabouts::LeftEngland(ReturnStatement::NotKnown),
    ] {
        let detail = Detail::Whereabouts(Personal::Known(whereabouts.clone()));
        let command = AmendRecord { at: now(), detail: detail.clone(), valid_from: on(TODAY) };
        given(record())
            .when(|child: &Child| decide(child, &policy, &person.caller(), &command))
            .then([stated(detail.clone())]);
        let child: Child = record().then(stated(detail)).fold();
        assert_eq!(child.whereabouts(), Some(&Personal::Known(whereabouts)));
    }
}

#[test]
fn r5_that_gender_is_not_specified_is_a_statement() {
    let detail = Detail::Gender(Personal::Known(Gender::NotSpecified));
    let child: Child = record().then(stated(detail)).fold();
    assert_eq!(child.gender(), Some(&Personal::Known(Gender::NotSpecified)));
}

#[test]
fn r5_no_known_address_is_shown_as_a_fact() {
    let detail = Detail::Whereabouts(Personal::Known(Whereabouts::NoKnownAddress));
    let child: Child = record().then(stated(detail)).fold();
    let seen = visible(&child, &Shield::default(), Basis::Practitioner, &Values::default());
    assert!(seen.shown.contains(Field::Whereabouts));
}
