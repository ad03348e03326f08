//! A record with something in every field, its shields, and people who look.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    access::{self, Access, Purpose, ReasonCode},
    actor::Role,
    caller::Caller,
    child::{self, Child},
    fold::Fold,
    identity::{
        BrokeringId, CarerId, ChildRef, CopyId, InvestigationId, InvolvementId, OpeningId,
        OrganisationId, OverrideId, PractitionerId, ShieldRequestId,
    },
    organisation::Organisation,
    personal::Personal,
    policy::Policy,
    practitioner::{self, Office, Practitioner},
    reason::Text,
    shield::{self, Ground, Grounds, Shield, ThreatLevel},
    stream::Stream,
};
use fixtures::{
    people,
    scenario::{History, actor, at, id, on},
};

/// The responsible authority.
pub(super) const AUTHORITY: u128 = 100;
/// Another one.
pub(super) const ELSEWHERE: u128 = 200;
/// A practitioner of the responsible authority.
pub(super) const NURSE: u128 = 1;
/// Another practitioner there.
pub(super) const COLLEAGUE: u128 = 2;
/// A member of the responsible authority's management team.
pub(super) const TEAM: u128 = 3;
/// The child.
pub(super) const CHILD: ChildRef = ChildRef::new(id(1_000));

/// When the tests look.
pub(super) fn now() -> DateTime<Utc> {
    at("2009-06-22T10:00:00Z")
}

pub(super) fn opening(number: u128) -> OpeningId {
    OpeningId::new(id(2_000 + number))
}

pub(super) fn run(number: u128) -> OverrideId {
    OverrideId::new(id(3_000 + number))
}

pub(super) fn investigation(number: u128) -> InvestigationId {
    InvestigationId::new(id(4_000 + number))
}

pub(super) fn copy(number: u128) -> CopyId {
    CopyId::new(id(5_000 + number))
}

pub(super) fn brokering(number: u128) -> BrokeringId {
    BrokeringId::new(id(6_000 + number))
}

pub(super) fn purpose(code: &str) -> Purpose {
    let text = Text::try_from("She came to the surgery alone").unwrap();
    Purpose { code: ReasonCode::try_from(code.to_owned()).unwrap(), text: Personal::Known(text) }
}

pub(super) fn protection() -> Purpose {
    purpose("child-protection")
}

fn known<T, E: std::fmt::Debug>(value: Result<T, E>) -> Personal<T> {
    Personal::Known(value.unwrap())
}

pub(super) fn name(given: &str, surname: &str) -> Personal<child::Name> {
    known(child::Name::new(given, surname))
}

pub(super) fn born(day: &str) -> Personal<child::DateOfBirth> {
    known(child::DateOfBirth::new(on(day), on("2009-06-22")))
}

fn contact(telephone: &str, postcode: &str) -> child::Contact {
    child::Contact {
        address: Some(child::Address::new(&["1 Example Street"], postcode).unwrap()),
        telephone: Some(telephone.to_owned()),
        email: None,
    }
}

fn provider(name: &str) -> Personal<child::Provider> {
    let contact = contact("01632 960003", "LS1 3AA");
    Personal::Known(child::Provider { name: name.to_owned(), contact })
}

fn service(kind: child::ServiceKind, who: &str) -> Personal<child::InvolvedService> {
    Personal::Known(child::InvolvedService {
        kind,
        practitioner_name: who.to_owned(),
        practitioner: None,
        contact: contact("01632 960004", "LS1 2AA"),
    })
}

/// A record just created, living at LS1 4AB, with nothing else in it.
pub(super) fn bare(
    child: ChildRef,
    given: &str,
    surname: &str,
    day: &str,
) -> History<child::Event> {
    use child::Event as E;
    let number = child::ChildNumber::from_serial(u64::from(child.uuid().as_fields().3[7]) + 7);
    let address = child::Address::new(&["1 Example Street"], "LS1 4AB").unwrap();
    History::of(Stream::Child(child))
        .at("2009-02-01T09:00:00Z")
        .by(actor(TEAM, Role::ManagementTeam, AUTHORITY))
        .then(E::RecordCreated {
            number: Personal::Known(number),
            name: name(given, surname),
            gender: Personal::Known(child::Gender::Female),
            date_of_birth: born(day),
            whereabouts: Personal::Known(child::Whereabouts::Current(address)),
            source: child::DataSource::NationalFeed,
        })
        .then(E::ResponsibilityAllocated { authority: OrganisationId::new(id(AUTHORITY)) })
}

/// The record of Zoë O'Brien, formerly Ashdown, with something in every field.
pub(super) fn full() -> History<child::Event> {
    use child::Event as E;
    let involvement = InvolvementId::new(id(10));
    bare(CHILD, "Zoë", "Ashdown", "2001-03-14")
        .then(E::DetailSuperseded {
            detail: child::Detail::Name(name("Zoë", "O'Brien")),
            valid_from: on("2009-02-01"),
            source: child::DataSource::ManagementTeam,
        })
        .then(E::CarerRecorded {
            carer: CarerId::new(id(11)),
            particulars: Personal::Known(child::Carer {
                name: child::Name::new("Mary", "O'Brien").unwrap(),
                relation: child::Relation::AdoptiveParent,
                parental_responsibility: true,
                contact: contact("01632 960001", "LS1 4AB"),
            }),
        })
        .then(E::EducationSettingRecorded {
            provider: provider("Hillside Primary"),
            from: on("2008-09-01"),
        })
        .then(E::GpPracticeRecorded {
            provider: provider("Station Road Surgery"),
            from: on("2008-09-01"),
        })
        .then(E::InvolvementRecorded {
            involvement,
            organisation: OrganisationId::new(id(AUTHORITY)),
            service: service(child::ServiceKind::SocialCare, "Pat Worker"),
            from: on("2009-01-01"),
        })
        .then(E::LeadProfessionalAssigned { involvement })
        .then(E::CommonAssessmentIndicated { on: on("2009-01-10") })
        .then(E::SensitiveInvolvementRecorded {
            involvement: InvolvementId::new(id(12)),
            basis: child::SensitiveBasis::ConsentOfChild,
            service: service(child::ServiceKind::MentalHealth, "Lee Counsellor"),
            from: on("2009-01-05"),
        })
}

pub(super) fn record() -> Child {
    full().fold()
}

pub(super) fn quarantined() -> Child {
    let matches = BTreeSet::from([ChildRef::new(id(1_001))]);
    full().then(child::Event::RecordQuarantined { matches }).fold()
}

pub(super) fn grounds(ground: Ground) -> Grounds {
    Grounds::new(BTreeSet::from([ground]), None).unwrap()
}

pub(super) fn unshielded() -> Shield {
    Shield::default()
}

/// A request that nobody has decided: no shield.
pub(super) fn requested() -> Shield {
    History::of(Stream::Shield(CHILD))
        .then(shield::Event::Requested {
            request: ShieldRequestId::new(id(20)),
            requester: shield::Requester::Carer,
            identity_checked: true,
            grounds: grounds(Ground::ChildAtRisk),
            circumstances: people::text("He has said he will find them"),
        })
        .fold()
}

pub(super) fn provisional(ground: Ground) -> Shield {
    History::of(Stream::Shield(CHILD)).then(provisionally(ground)).fold()
}

pub(super) fn provisionally(ground: Ground) -> shield::Event {
    shield::Event::ProvisionallyApplied {
        grounds: grounds(ground),
        rationale: people::text("He was seen near the school today"),
        decision_due: on("2009-06-26"),
    }
}

pub(super) fn applied(ground: Ground) -> Shield {
    History::of(Stream::Shield(CHILD)).then(apply(ground)).fold()
}

pub(super) fn apply(ground: Ground) -> shield::Event {
    shield::Event::Applied {
        authority: OrganisationId::new(id(AUTHORITY)),
        grounds: grounds(ground),
        threat_level: ThreatLevel::Severe,
        threat_rationale: people::text("He has been violent before and is looking for them"),
        views: std::collections::BTreeMap::new(),
        review_due: on("2009-12-22"),
    }
}

pub(super) fn lifted() -> shield::Event {
    shield::Event::Lifted {
        authority: OrganisationId::new(id(AUTHORITY)),
        reasons: people::text("He has died"),
        views: std::collections::BTreeMap::new(),
    }
}

/// Somebody with their organisation, both folded, so that a [`Caller`] can borrow them.
pub(super) struct Somebody {
    id: PractitionerId,
    role: Role,
    standing: Practitioner,
    organisation: Organisation,
    organisation_id: OrganisationId,
}

impl Somebody {
    pub(super) fn caller(&self) -> Caller<'_> {
        Caller {
            id: self.id,
            role: self.role,
            standing: &self.standing,
            organisation: &self.organisation,
            organisation_id: self.organisation_id,
        }
    }

    pub(super) fn with(mut self, event: practitioner::Event) -> Self {
        let one = History::of(Stream::Practitioner(self.id)).then(event);
        for recorded in one.recorded() {
            self.standing.evolve(recorded);
        }
        self
    }

    /// With the right to override shields.
    pub(super) fn trusted(self) -> Self {
        let justification = people::text("Duty social worker");
        self.with(practitioner::Event::ShieldOverrideRightGranted { justification })
    }

    pub(super) fn suspended(self) -> Self {
        self.with(practitioner::Event::AccountSuspended {
            cause: practitioner::SuspensionCause::Suspected,
            particulars: people::text("Looked up a neighbour"),
        })
    }

    /// Of an organisation in another state.
    pub(super) fn of(mut self, organisation: Organisation) -> Self {
        self.organisation = organisation;
        self
    }

    pub(super) const fn standing(&self) -> &Practitioner {
        &self.standing
    }
}

fn somebody(person: u128, role: Role, organisation: u128, standing: Practitioner) -> Somebody {
    Somebody {
        id: PractitionerId::new(id(person)),
        role,
        standing,
        organisation: people::organisation(organisation),
        organisation_id: OrganisationId::new(id(organisation)),
    }
}

pub(super) fn practitioner(person: u128) -> Somebody {
    let standing = people::practitioner(person, AUTHORITY);
    somebody(person, Role::Practitioner, AUTHORITY, standing)
}

pub(super) fn team(person: u128, organisation: u128) -> Somebody {
    let standing = people::management_team(person, organisation);
    somebody(person, Role::ManagementTeam, organisation, standing)
}

pub(super) fn trainer(person: u128) -> Somebody {
    somebody(person, Role::Trainer, AUTHORITY, people::trainer(person, AUTHORITY))
}

pub(super) fn department(person: u128, office: Office) -> Somebody {
    let role = match office {
        Office::Official => Role::Official,
        Office::Auditor => Role::Auditor,
    };
    let mut somebody = somebody(person, role, AUTHORITY, people::appointed(person, office));
    somebody.organisation = people::department();
    somebody.organisation_id = OrganisationId::DEPARTMENT;
    somebody
}

/// The policy of June 2009: the defaults.
pub(super) fn june_2009() -> Policy {
    Policy::default()
}

/// The accesses to the child, by this person.
pub(super) fn accesses_by(person: u128) -> History<access::Event> {
    History::of(Stream::Access(CHILD)).at("2009-06-22T09:00:00Z").by(actor(
        person,
        Role::Practitioner,
        AUTHORITY,
    ))
}

/// Opened by this person as a practitioner, shielded, and not left.
pub(super) fn opened_by(person: u128) -> History<access::Event> {
    accesses_by(person).then(access::Event::RecordOpened {
        opening: opening(1),
        purpose: protection(),
        basis: access::Basis::Practitioner,
        shield: access::ShieldState::Applied,
        shown: access::Fields::from([access::Field::Name]),
        withheld: access::Fields::from([access::Field::Whereabouts]),
    })
}

/// Warned, and about to confirm or withdraw.
pub(super) fn warned(person: u128) -> History<access::Event> {
    opened_by(person)
        .then(access::Event::ShieldOverrideAttempted {
            procedure: run(1),
            opening: opening(1),
            purpose: protection(),
        })
        .then(access::Event::ShieldOverrideWarned { procedure: run(1) })
}

/// Confirmed, with its investigation.
pub(super) fn confirmed(person: u128) -> History<access::Event> {
    warned(person)
        .then(access::Event::ShieldOverrideConfirmed {
            procedure: run(1),
            shield: access::ShieldState::Applied,
            shown: access::Fields::from([access::Field::Name, access::Field::Whereabouts]),
            withheld: access::Fields::NONE,
        })
        .then(access::Event::InvestigationOpened {
            investigation: investigation(1),
            procedure: run(1),
            practitioner: PractitionerId::new(id(person)),
            due: on("2009-07-06"),
        })
}

/// Printed by this person, from their opening.
pub(super) fn printed_by(person: u128) -> History<access::Event> {
    opened_by(person).then(access::Event::DisclosureCopied {
        copy: copy(1),
        opening: opening(1),
        form: access::Form::Print,
        holder: people::text("Her file, second floor"),
        purpose: protection(),
        basis: access::Basis::Practitioner,
        shield: access::ShieldState::Applied,
        shown: access::Fields::from([access::Field::Name]),
        withheld: access::Fields::from([access::Field::Whereabouts]),
    })
}

/// This person asked to be put in touch.
pub(super) fn asked_by(person: u128) -> History<access::Event> {
    opened_by(person).then(access::Event::BrokeredContactRequested {
        brokering: brokering(1),
        opening: opening(1),
        purpose: protection(),
        concern: people::text("Bruises that nobody can explain"),
        reach: people::text("01632 960 999 until six"),
    })
}

/// The team looked behind the shield for it.
pub(super) fn looked_into() -> History<access::Event> {
    asked_by(NURSE).by(actor(TEAM, Role::ManagementTeam, AUTHORITY)).then(
        access::Event::BrokerViewedHiddenDetails {
            brokering: brokering(1),
            shield: access::ShieldState::Applied,
            shown: access::Fields::from([access::Field::Name, access::Field::Whereabouts]),
            withheld: access::Fields::NONE,
        },
    )
}

pub(super) fn nobody_looked() -> Access {
    Access::default()
}
