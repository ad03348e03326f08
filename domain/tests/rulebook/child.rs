//! Rules R*: the record. A child of one authority, and people around it.
#![expect(clippy::needless_pass_by_value, reason = "a history reads best when it is handed over")]

mod absences;
mod carers;
mod create_record;
mod details;
mod entitlement;
mod indicators;
mod involvements;
mod kept;
mod lead_professional;
mod quarantine;
mod replay;
mod sensitive_involvements;
mod served_by;
mod transfer;

use chrono::{DateTime, Utc};
use domain::{
    actor::{Actor, Role},
    caller::Caller,
    child::{
        Address, Carer, Child, ChildNumber, Contact, DataSource, DateOfBirth, Event, Gender,
        InvolvedService, Name, Relation, ServiceKind, Whereabouts,
    },
    identity::{CarerId, ChildRef, InvolvementId, OrganisationId, PractitionerId},
    organisation::{self, Capability, Organisation, OrganisationKind},
    personal::Personal,
    policy::Policy,
    practitioner::{AccountRole, Practitioner},
    reason::Text,
    stream::Stream,
};
use fixtures::{
    people,
    scenario::{History, actor, at, id, on},
};

/// The authority responsible for the child.
pub(crate) const WESTSHIRE: u128 = 100;
/// Another authority.
pub(crate) const EASTSHIRE: u128 = 200;
/// A health trust: accredited, enabled for everything, no authority.
pub(crate) const TRUST: u128 = 300;
/// A clinic: another such body.
pub(crate) const CLINIC: u128 = 400;
/// The day on which everything in these tests is decided.
pub(crate) const TODAY: &str = "2009-06-22";
pub(crate) const TOMORROW: &str = "2009-06-23";

/// The instant at which everything in these tests is decided.
pub(crate) fn now() -> DateTime<Utc> {
    at("2009-06-22T10:00:00Z")
}

/// The defaults of June 2009.
pub(crate) fn june_2009() -> Policy {
    Policy::default()
}

/// Somebody with their own streams, folded.
#[derive(Debug)]
pub(crate) struct Person {
    id: PractitionerId,
    role: Role,
    standing: Practitioner,
    organisation: Organisation,
    organisation_id: OrganisationId,
}

impl Person {
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller {
            id: self.id,
            role: self.role,
            standing: &self.standing,
            organisation: &self.organisation,
            organisation_id: self.organisation_id,
        }
    }

    pub(crate) fn actor(&self) -> Actor {
        self.caller().actor()
    }
}

fn person(number: u128, account: AccountRole, organisation: u128, body: Organisation) -> Person {
    let role = match account {
        AccountRole::Practitioner => Role::Practitioner,
        AccountRole::ManagementTeam => Role::ManagementTeam,
        AccountRole::Trainer => Role::Trainer,
    };
    Person {
        id: PractitionerId::new(id(number)),
        role,
        standing: people::authorised(number, account, organisation).fold(),
        organisation: body,
        organisation_id: OrganisationId::new(id(organisation)),
    }
}

/// An organisation of a kind, accredited and enabled for these parts.
pub(crate) fn body(number: u128, kind: OrganisationKind, parts: &[Capability]) -> Organisation {
    let registered = organisation::Event::Registered { kind, name: format!("Body {number}") };
    let accredited = organisation::Event::Accredited {
        on: on("2009-01-02"),
        until: on("2012-01-02"),
        disciplinary_procedures_seen: true,
    };
    let history = History::of(Stream::Organisation(organisation_id(number)))
        .then(registered)
        .then(accredited)
        .then(organisation::Event::ShieldingPhaseCompleted { on: on("2009-01-02") });
    parts
        .iter()
        .fold(history, |history, part| {
            history.then(organisation::Event::CapabilityEnabled { capability: *part })
        })
        .fold()
}

pub(crate) const EVERYTHING: [Capability; 3] =
    [Capability::Shield, Capability::Search, Capability::Update];

/// A member of the management team of the responsible authority.
pub(crate) fn team() -> Person {
    team_of(WESTSHIRE)
}

/// A member of the management team of an authority.
pub(crate) fn team_of(authority: u128) -> Person {
    let body = body(authority, OrganisationKind::LocalAuthority, &EVERYTHING);
    person(authority + 1, AccountRole::ManagementTeam, authority, body)
}

/// Another member of that team.
pub(crate) fn colleague() -> Person {
    let body = body(WESTSHIRE, OrganisationKind::LocalAuthority, &EVERYTHING);
    person(WESTSHIRE + 9, AccountRole::ManagementTeam, WESTSHIRE, body)
}

/// A practitioner of the health trust.
pub(crate) fn practitioner() -> Person {
    practitioner_of(TRUST)
}

/// A practitioner of a body.
pub(crate) fn practitioner_of(number: u128) -> Person {
    practitioner_enabled(number, &EVERYTHING)
}

/// A practitioner of a body enabled for these parts.
pub(crate) fn practitioner_enabled(number: u128, parts: &[Capability]) -> Person {
    let body = body(number, OrganisationKind::Other, parts);
    person(number + 2, AccountRole::Practitioner, number, body)
}

/// A member of the management team of the responsible authority, enabled for these parts.
pub(crate) fn team_enabled(parts: &[Capability]) -> Person {
    let body = body(WESTSHIRE, OrganisationKind::LocalAuthority, parts);
    person(WESTSHIRE + 1, AccountRole::ManagementTeam, WESTSHIRE, body)
}

pub(crate) fn organisation_id(number: u128) -> OrganisationId {
    OrganisationId::new(id(number))
}

pub(crate) fn child_ref(number: u128) -> ChildRef {
    ChildRef::new(id(number))
}

pub(crate) fn involvement(number: u128) -> InvolvementId {
    InvolvementId::new(id(number))
}

pub(crate) fn carer(number: u128) -> CarerId {
    CarerId::new(id(number))
}

pub(crate) fn words(text: &str) -> Text {
    Text::try_from(text).unwrap()
}

pub(crate) fn name(given: &str, surname: &str) -> Name {
    Name::new(given, surname).unwrap()
}

pub(crate) fn address(first_line: &str) -> Address {
    Address::new(&[first_line], "LS1 4AB").unwrap()
}

pub(crate) fn born(day: &str) -> DateOfBirth {
    DateOfBirth::new(on(day), on("2009-06-30")).unwrap()
}

pub(crate) fn mother() -> Carer {
    Carer {
        name: name("Ann", "Field"),
        relation: Relation::Mother,
        parental_responsibility: true,
        contact: Contact::default(),
    }
}

pub(crate) fn service(kind: ServiceKind) -> InvolvedService {
    InvolvedService {
        kind,
        practitioner_name: "Lee Example".to_owned(),
        practitioner: None,
        contact: Contact::default(),
    }
}

/// That a record was created.
pub(crate) fn created() -> Event {
    Event::RecordCreated {
        number: Personal::Known(ChildNumber::from_serial(7)),
        name: Personal::Known(name("Billie", "Field")),
        gender: Personal::Known(Gender::Female),
        date_of_birth: Personal::Known(born("2001-04-03")),
        whereabouts: Personal::Known(Whereabouts::Current(address("1 High Street"))),
        source: DataSource::Practitioner,
    }
}

/// A record for which Westshire is responsible.
pub(crate) fn record() -> History<Event> {
    History::of(Stream::Child(child_ref(1)))
        .at("2009-05-01T09:00:00Z")
        .by(actor(TRUST + 2, Role::Practitioner, TRUST))
        .then(created())
        .then(allocated())
}

/// A record in quarantine, for which Westshire is responsible.
pub(crate) fn quarantined() -> History<Event> {
    History::of(Stream::Child(child_ref(1)))
        .at("2009-05-01T09:00:00Z")
        .by(actor(TRUST + 2, Role::Practitioner, TRUST))
        .then(created())
        .then(Event::RecordQuarantined { matches: [child_ref(2)].into() })
        .then(allocated())
}

/// The record, folded.
pub(crate) fn child() -> Child {
    record().fold()
}

fn allocated() -> Event {
    Event::ResponsibilityAllocated { authority: organisation_id(WESTSHIRE) }
}
