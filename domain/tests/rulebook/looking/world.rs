//! A small directory in memory: streams, the states they fold to, and what was shown from them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::{self, Access, Answer, Decided, Screen},
    activity::{self, ResultList},
    actor::{Actor, Role},
    caller::Caller,
    child::{self, Child},
    fold::Fold,
    identity::{CarerId, ChildRef, EventId, InvolvementId, OrganisationId, PractitionerId},
    organisation::Organisation,
    personal::Personal,
    policy::Policy,
    practitioner::{self, AccountRole, Practitioner},
    recorded::{Recorded, ReliedOn, Stamp},
    shield::{self, Shield},
    stream::Stream,
};
use fixtures::{
    people,
    scenario::{actor, at, id, on},
};

use super::a_record::{AUTHORITY, ELSEWHERE, born, name};

/// Everybody was born on one day, so that a search by it finds all.
pub(super) const BIRTHDAY: &str = "2001-03-14";
/// Two practitioners of the responsible authority, one of another, and a team of each.
pub(super) const USERS: [(u128, Role, u128); 5] = [
    (1, Role::Practitioner, AUTHORITY),
    (2, Role::Practitioner, AUTHORITY),
    (3, Role::Practitioner, ELSEWHERE),
    (4, Role::ManagementTeam, AUTHORITY),
    (5, Role::ManagementTeam, ELSEWHERE),
];
pub(super) const CHILDREN: usize = 3;

/// A stream with its events.
#[derive(Clone, Debug)]
pub(super) struct Kept<E> {
    pub(super) stream: Stream,
    pub(super) events: Vec<Recorded<E>>,
}

impl<E> Kept<E> {
    const fn empty(stream: Stream) -> Self {
        Self { stream, events: Vec::new() }
    }

    pub(super) fn fold<S: Fold<Event = E>>(&self) -> S {
        S::replay(&self.events)
    }

    fn relied_on(&self) -> ReliedOn {
        let revision = self.events.last().map(|last| last.stamp.revision);
        ReliedOn { stream: self.stream, revision }
    }

    /// The state as some later event relied on it.
    fn as_relied_on<S: Fold<Event = E>>(&self, stamp: &Stamp) -> S {
        let to = stamp.relied_on.iter().find(|relied| relied.stream == self.stream).unwrap();
        S::replay(self.events.iter().filter(|event| Some(event.stamp.revision) <= to.revision))
    }
}

/// The three streams of one child.
#[derive(Clone, Debug)]
pub(super) struct Kid {
    pub(super) record: Kept<child::Event>,
    pub(super) shield: Kept<shield::Event>,
    pub(super) access: Kept<access::Event>,
}

/// What somebody was shown, word for word.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    Screen { kid: usize, event: EventId, json: String },
    List { user: usize, event: EventId, json: String },
}

pub(super) struct World {
    pub(super) now: DateTime<Utc>,
    pub(super) kids: Vec<Kid>,
    pub(super) standings: Vec<Kept<practitioner::Event>>,
    pub(super) activities: Vec<Kept<activity::Event>>,
    organisations: BTreeMap<u128, Organisation>,
    pub(super) shown: Vec<Shown>,
    pub(super) policy: Policy,
    written: u128,
}

impl World {
    pub(super) fn new() -> Self {
        let standing = |(user, role, organisation): (u128, Role, u128)| {
            let role = if role == Role::ManagementTeam {
                AccountRole::ManagementTeam
            } else {
                AccountRole::Practitioner
            };
            let events = people::authorised(user, role, organisation).recorded().to_vec();
            Kept { stream: Stream::Practitioner(PractitionerId::new(id(user))), events }
        };
        let activity = |(user, ..): (u128, Role, u128)| {
            Kept::empty(Stream::Activity(PractitionerId::new(id(user))))
        };
        let organisations =
            [AUTHORITY, ELSEWHERE].map(|number| (number, people::organisation(number)));
        let mut world = Self {
            now: at("2009-06-22T10:00:00Z"),
            kids: Vec::new(),
            standings: USERS.into_iter().map(standing).collect(),
            activities: USERS.into_iter().map(activity).collect(),
            organisations: organisations.into(),
            shown: Vec::new(),
            policy: Policy::default(),
            written: 1 << 64,
        };
        for kid in 0..CHILDREN {
            world.create(kid);
        }
        world
    }

    fn create(&mut self, kid: usize) {
        let child = child_ref(kid);
        self.kids.push(Kid {
            record: Kept::empty(Stream::Child(child)),
            shield: Kept::empty(Stream::Shield(child)),
            access: Kept::empty(Stream::Access(child)),
        });
        for event in a_full_record(kid) {
            self.happens_to(kid, event);
        }
    }

    /// Something happens to a record.
    pub(super) fn happens_to(&mut self, kid: usize, event: child::Event) {
        let stamp = self.stamp(Actor::SYSTEM, vec![]);
        append(&mut self.kids[kid].record, &stamp, vec![event]);
    }

    /// Something happens to a shield.
    pub(super) fn shields(&mut self, kid: usize, event: shield::Event) {
        let stamp = self.stamp(Actor::SYSTEM, vec![]);
        append(&mut self.kids[kid].shield, &stamp, vec![event]);
    }

    /// Something happens to somebody's standing.
    pub(super) fn concerns(&mut self, user: usize, event: practitioner::Event) {
        let stamp = self.stamp(Actor::SYSTEM, vec![]);
        append(&mut self.standings[user], &stamp, vec![event]);
    }

    pub(super) fn wait(&mut self, days: u16) {
        self.now += TimeDelta::days(days.into());
    }

    /// Asks for a decision as somebody, on everything folded now.
    pub(super) fn ask<T>(
        &self,
        user: usize,
        decide: impl FnOnce(&Caller<'_>, DateTime<Utc>) -> T,
    ) -> T {
        let (number, role, organisation) = USERS[user];
        let standing: Practitioner = self.standings[user].fold();
        let caller = Caller {
            id: PractitionerId::new(id(number)),
            role,
            standing: &standing,
            organisation: &self.organisations[&organisation],
            organisation_id: OrganisationId::new(id(organisation)),
        };
        decide(&caller, self.now)
    }

    /// The record, its shield and its accesses now.
    pub(super) fn states(&self, kid: usize) -> (Child, Shield, Access) {
        let Kid { record, shield, access } = &self.kids[kid];
        (record.fold(), shield.fold(), access.fold())
    }

    /// Records what was decided about looking at a record, and only then shows it.
    pub(super) fn look(&mut self, user: usize, kid: usize, events: Vec<access::Event>) {
        let relied = vec![
            self.kids[kid].record.relied_on(),
            self.kids[kid].shield.relied_on(),
            self.standings[user].relied_on(),
        ];
        let stamp = self.stamp(by(user), relied);
        let first = self.kids[kid].access.events.len();
        append(&mut self.kids[kid].access, &stamp, events);
        let record: Child = self.kids[kid].record.fold();
        for recorded in &self.kids[kid].access.events[first..] {
            if let Some(screen) = Screen::rebuild(recorded, &record) {
                let json = serde_json::to_string(&screen).unwrap();
                self.shown.push(Shown::Screen { kid, event: recorded.stamp.id, json });
            }
        }
    }

    /// Records what was decided about a search, and only then shows it.
    pub(super) fn search(&mut self, user: usize, decided: Decided<activity::Event>) {
        let relied =
            self.kids.iter().flat_map(|kid| [kid.record.relied_on(), kid.shield.relied_on()]);
        let stamp = self.stamp(by(user), relied.collect());
        append(&mut self.activities[user], &stamp, decided.events);
        if decided.answer == Answer::Granted {
            let recorded = self.activities[user].events.last().unwrap().clone();
            let list = self.list(&recorded, |kid| kid.record.fold());
            let json = serde_json::to_string(&list).unwrap();
            self.shown.push(Shown::List { user, event: recorded.stamp.id, json });
        }
    }

    fn list(
        &self,
        recorded: &Recorded<activity::Event>,
        state: impl Fn(&Kid) -> Child,
    ) -> ResultList {
        let records: Vec<Child> = self.kids.iter().map(state).collect();
        let records = records.iter().enumerate().map(|(kid, record)| (child_ref(kid), record));
        ResultList::rebuild(recorded, &records.collect()).unwrap()
    }

    /// What was shown, rebuilt from the recorded event and the states it relied on.
    pub(super) fn rebuilt(&self, shown: &Shown) -> String {
        match shown {
            Shown::Screen { kid, event, json: _ } => {
                let Kid { record, access, .. } = &self.kids[*kid];
                let recorded = access.events.iter().find(|one| one.stamp.id == *event).unwrap();
                let record: Child = record.as_relied_on(&recorded.stamp);
                serde_json::to_string(&Screen::rebuild(recorded, &record).unwrap()).unwrap()
            }
            Shown::List { user, event, json: _ } => {
                let events = &self.activities[*user].events;
                let recorded = events.iter().find(|one| one.stamp.id == *event).unwrap();
                let list = self.list(recorded, |kid| kid.record.as_relied_on(&recorded.stamp));
                serde_json::to_string(&list).unwrap()
            }
        }
    }

    fn stamp(&mut self, by: Actor, relied_on: Vec<ReliedOn>) -> Stamp {
        self.written += 100;
        Stamp {
            id: EventId::new(id(self.written)),
            stream: Stream::Policy,
            revision: 0,
            position: 0,
            at: self.now,
            by,
            policy: self.policy.on(self.now.date_naive()).0,
            relied_on,
            correlation: None,
            causation: None,
        }
    }
}

fn append<E>(kept: &mut Kept<E>, stamp: &Stamp, events: Vec<E>) {
    for (number, event) in events.into_iter().enumerate() {
        let stamp = Stamp {
            id: EventId::new(id(stamp.id.uuid().as_u128() + u128::try_from(number).unwrap())),
            stream: kept.stream,
            revision: u64::try_from(kept.events.len()).unwrap(),
            ..stamp.clone()
        };
        kept.events.push(Recorded { stamp, event });
    }
}

fn by(user: usize) -> Actor {
    let (number, role, organisation) = USERS[user];
    actor(number, role, organisation)
}

pub(super) fn child_ref(kid: usize) -> ChildRef {
    ChildRef::new(id(1_000 + u128::try_from(kid).unwrap()))
}

pub(super) fn postcode(kid: usize) -> String {
    format!("ZZ{kid} 9QQ")
}

/// The surname in its so-manieth version; each is somebody's own, and none contains another.
pub(super) fn surname(kid: usize, version: usize) -> String {
    format!("Surname{kid}v{version}x")
}

/// What a shield hides of a child, word for word, besides former names.
pub(super) fn hidden(kid: usize) -> BTreeSet<String> {
    let words = ["Hiddenhouse", "Hiddenschool", "Hiddensurgery", "Hiddenworker", "Hiddenphone"];
    let words = words.into_iter().map(|word| format!("{word}{kid}"));
    let fixed = ["adoptive-parent".to_owned(), id(AUTHORITY).to_string(), "sensitive".to_owned()];
    words.chain(fixed).chain([postcode(kid)]).collect()
}

pub(super) fn sensitive(kid: usize) -> String {
    format!("Sensitiveworker{kid}")
}

pub(super) fn carer_name(kid: usize) -> String {
    format!("Carername{kid}")
}

fn a_full_record(kid: usize) -> Vec<child::Event> {
    use child::Event as E;
    let contact = child::Contact {
        address: Some(
            child::Address::new(&[&format!("Hiddenhouse{kid}")], &postcode(kid)).unwrap(),
        ),
        telephone: Some(format!("Hiddenphone{kid}")),
        email: None,
    };
    let provider = |word: &str| {
        Personal::Known(child::Provider { name: format!("{word}{kid}"), contact: contact.clone() })
    };
    let service = |kind, who: String| {
        Personal::Known(child::InvolvedService {
            kind,
            practitioner_name: who,
            practitioner: None,
            contact: contact.clone(),
        })
    };
    let number = child::ChildNumber::from_serial(u64::try_from(kid).unwrap());
    vec![
        E::RecordCreated {
            number: Personal::Known(number),
            name: name("Given", &surname(kid, 0)),
            gender: Personal::Known(child::Gender::Female),
            date_of_birth: born(BIRTHDAY),
            whereabouts: Personal::Known(child::Whereabouts::Current(
                contact.address.clone().unwrap(),
            )),
            source: child::DataSource::NationalFeed,
        },
        E::ResponsibilityAllocated { authority: OrganisationId::new(id(AUTHORITY)) },
        E::CarerRecorded {
            carer: CarerId::new(id(11)),
            particulars: Personal::Known(child::Carer {
                name: child::Name::new("Mary", &carer_name(kid)).unwrap(),
                relation: child::Relation::AdoptiveParent,
                parental_responsibility: true,
                contact: contact.clone(),
            }),
        },
        E::EducationSettingRecorded { provider: provider("Hiddenschool"), from: on("2008-09-01") },
        E::GpPracticeRecorded { provider: provider("Hiddensurgery"), from: on("2008-09-01") },
        E::InvolvementRecorded {
            involvement: InvolvementId::new(id(10)),
            organisation: OrganisationId::new(id(AUTHORITY)),
            service: service(child::ServiceKind::SocialCare, format!("Hiddenworker{kid}")),
            from: on("2009-01-01"),
        },
        E::LeadProfessionalAssigned { involvement: InvolvementId::new(id(10)) },
        E::CommonAssessmentIndicated { on: on("2009-01-10") },
        E::SensitiveInvolvementRecorded {
            involvement: InvolvementId::new(id(12)),
            basis: child::SensitiveBasis::SuspectedHarm,
            service: service(child::ServiceKind::SubstanceMisuse, sensitive(kid)),
            from: on("2009-01-05"),
        },
    ]
}
