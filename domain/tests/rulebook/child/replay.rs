use domain::{
    child::{Child, DataSource, Detail, Event},
    personal::Personal,
};
use fixtures::scenario::on;

use super::{TODAY, allocated, record};

fn erased_record() -> domain::child::Event {
    Event::RecordCreated {
        number: Personal::Erased,
        name: Personal::Erased,
        gender: Personal::Erased,
        date_of_birth: Personal::Erased,
        whereabouts: Personal::Erased,
        source: DataSource::Practitioner,
    }
}

#[test]
fn r1_an_erased_record_still_has_its_authority_and_its_facts() {
    let superseded = Event::DetailSuperseded {
        detail: Detail::Name(Personal::Erased),
        valid_from: on(TODAY),
        source: DataSource::Practitioner,
    };
    let child: Child =
        fixtures::scenario::History::of(domain::stream::Stream::Child(super::child_ref(1)))
            .then(erased_record())
            .then(allocated())
            .then(superseded)
            .fold();
    assert!(child.is_live());
    assert_eq!(child.responsible_authority(), record().fold::<Child>().responsible_authority());
    assert_eq!(child.name(), Some(&Personal::Erased));
    assert_eq!(child.former_names(), [Personal::Erased]);
    assert_eq!(child.whereabouts(), Some(&Personal::Erased));
}

#[test]
fn r1_where_nothing_was_created_there_is_nothing() {
    let child = Child::default();
    assert!(!child.exists());
    assert!(!child.is_live());
    assert_eq!(child.responsible_authority(), None);
    assert_eq!(child.name(), None);
}
