//! Who asks in these tests, and when.

use chrono::{DateTime, Utc};
use domain::{
    actor::Role,
    caller::NotEntitled,
    identity::{OrganisationId, PractitionerId},
    policy::{Policy, PolicyVersion, Source, Values, adopt},
    stream::Stream,
};
use fixtures::{
    people::Person,
    scenario::{History, at, id, on},
};

/// The person decided about.
pub(crate) const SUBJECT: u128 = 1;
/// Their authority.
pub(crate) const AUTHORITY: u128 = 10;
/// Another one.
pub(crate) const ELSEWHERE: u128 = 11;

pub(crate) fn subject() -> PractitionerId {
    PractitionerId::new(id(SUBJECT))
}

pub(crate) fn authority() -> OrganisationId {
    OrganisationId::new(id(AUTHORITY))
}

pub(crate) fn team() -> Person {
    Person::management_team(20, AUTHORITY)
}

pub(crate) fn team_elsewhere() -> Person {
    Person::management_team(21, ELSEWHERE)
}

pub(crate) fn trainer() -> Person {
    Person::trainer(30, ELSEWHERE)
}

pub(crate) fn official() -> Person {
    Person::official(40)
}

pub(crate) fn auditor() -> Person {
    Person::auditor(41)
}

/// The day of the written answers, at noon.
pub(crate) fn noon() -> DateTime<Utc> {
    at("2009-06-22T12:00:00Z")
}

/// The values of June 2009.
pub(crate) fn ours() -> Policy {
    Policy::default()
}

/// A policy of sets adopted one after the other.
pub(crate) fn adopted(sets: impl IntoIterator<Item = (&'static str, Values)>) -> Policy {
    let mut history = History::of(Stream::Policy);
    for (number, (from, values)) in (1..).zip(sets) {
        history = history.then(domain::policy::Event::VersionAdopted {
            version: PolicyVersion(number),
            effective_from: on(from),
            values: Box::new(values),
            sources: Values::default_sources(),
        });
    }
    history.fold()
}

/// A set of values to adopt.
pub(crate) fn set(instant: &str, from: &str, values: Values) -> adopt::Adopt {
    adopt::Adopt {
        at: at(instant),
        effective_from: on(from),
        values,
        sources: Values::default_sources()
            .into_iter()
            .collect::<std::collections::BTreeMap<String, Source>>(),
    }
}

pub(crate) fn other_office(acted_as: Role, needed: impl IntoIterator<Item = Role>) -> NotEntitled {
    NotEntitled::OtherOffice { acted_as, needed: needed.into_iter().collect() }
}
