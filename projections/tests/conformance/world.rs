//! A log in which anything happens that an event can say, in any order, with names to look for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::{
    access::{self, Basis, Field, Fields, Purpose, ReasonCode, Refusal, ShieldState},
    activity::{self, SearchOutcome, SearchRow, Terms},
    actor::{Actor, Role},
    audit::{self, Question},
    child::{self, Address, ChildNumber, DataSource, DateOfBirth, Gender, Name, Whereabouts},
    event::Event,
    identity::{
        ChildRef, EventId, InvestigationId, OpeningId, OrganisationId, OverrideId, PractitionerId,
        PublicityId, ShieldRequestId, TokenId,
    },
    investigation::{self, Finding, Origin},
    organisation::{self, Capability, Channel, Cohort, OrganisationKind, Phase},
    personal::Personal,
    policy::PolicyVersion,
    practitioner::{self, AccountRole, IdentityEvidence, SuspensionCause, Topic},
    shield::{self, Ground, Grounds, Party, Requester, ReviewOutcome, ThreatLevel, View, ViewKind},
    stream::Stream,
};
use event_log::{Commit, Context, EventLog};
use fixtures::{
    people::text,
    scenario::{at, id, on},
};

/// Words that stand in every personal value, and may stand nowhere else.
pub(crate) const SECRETS: [&str; 5] =
    ["Wilhelmina", "Quillfeather", "Thistlewood", "2003-03-14", "ZZ9 7QX"];

const PEOPLE: u64 = 5;
const BODIES: u64 = 3;
const CHILDREN: u64 = 4;

/// Writes a log.
pub(crate) struct World {
    pub(crate) log: EventLog,
    dice: u64,
    now: DateTime<Utc>,
    commands: u128,
    openings: Vec<(ChildRef, OpeningId)>,
    disclosures: Vec<(ChildRef, EventId)>,
    procedures: Vec<(ChildRef, OverrideId)>,
    investigations: Vec<InvestigationId>,
}

impl World {
    /// An empty log in which as many things can happen as there are seeds.
    pub(crate) async fn in_log(log: EventLog, seed: u64) -> Self {
        let mut world = Self {
            log,
            dice: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            now: at("2009-01-05T09:00:00Z"),
            commands: 0,
            openings: Vec::new(),
            disclosures: Vec::new(),
            procedures: Vec::new(),
            investigations: Vec::new(),
        };
        for number in 0..PEOPLE {
            let context = world.context();
            let subject = person(number).uuid();
            world.log.create_subject(subject, context).await.unwrap();
        }
        for number in 0..BODIES {
            let context = world.context();
            world.log.create_subject(body(number).uuid(), context).await.unwrap();
        }
        for number in 0..CHILDREN {
            let context = world.context();
            world.log.create_subject(child(number).uuid(), context).await.unwrap();
        }
        world
    }

    /// Many things happen.
    pub(crate) async fn happen(&mut self, events: usize) {
        for _ in 0..events {
            let (stream, event) = self.something();
            self.write(stream, event).await;
        }
    }

    async fn write(&mut self, stream: Stream, event: Event) {
        if matches!(stream, Stream::Investigation(_)) {
            let subject = stream.subject().unwrap();
            let context = self.context();
            drop(self.log.create_subject(subject, context).await); // perhaps it has one
        }
        let context = self.context();
        let reading = self.log.reading();
        let commit = Commit { stream, events: vec![event], reading, context };
        let recorded = self.log.commit(commit).await.unwrap();
        for recorded in recorded {
            if let (Event::Access(event), Stream::Access(child)) = (&recorded.event, stream)
                && matches!(
                    event,
                    access::Event::RecordOpened { .. }
                        | access::Event::ShieldOverrideConfirmed { .. }
                )
            {
                self.disclosures.push((child, recorded.stamp.id));
            }
        }
    }

    fn context(&mut self) -> Context {
        self.commands += 1;
        let later = i64::try_from(self.roll(7_200_000)).unwrap();
        self.now += Duration::milliseconds(later);
        let (who, body) = (self.person(), self.body());
        let role = *self.any(&[Role::Practitioner, Role::ManagementTeam, Role::Auditor]);
        Context {
            command: id(1_000_000 + self.commands),
            at: self.now,
            by: if self.roll(10) == 0 { Actor::SYSTEM } else { Actor::person(who, role, body) },
            policy: PolicyVersion(1),
            correlation: None,
            causation: None,
            request_digest: None,
        }
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % sides
    }

    fn any<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let which = self.roll(u64::try_from(of.len()).unwrap());
        &of[usize::try_from(which).unwrap()]
    }

    fn person(&mut self) -> PractitionerId {
        person(self.roll(PEOPLE))
    }

    fn body(&mut self) -> OrganisationId {
        body(self.roll(BODIES))
    }

    fn child(&mut self) -> ChildRef {
        child(self.roll(CHILDREN))
    }

    fn fresh(&mut self) -> uuid::Uuid {
        self.commands += 1;
        id(2_000_000 + self.commands)
    }

    fn day(&mut self) -> NaiveDate {
        let days = i64::try_from(self.roll(400)).unwrap();
        on("2008-06-01") + Duration::days(days)
    }

    fn something(&mut self) -> (Stream, Event) {
        match self.roll(12) {
            0..=2 => self.standing(),
            3 => self.organisation(),
            4..=5 => self.shield(),
            6..=8 => self.access(),
            9 => self.activity(),
            10 => self.investigation(),
            _ => self.other(),
        }
    }

    fn standing(&mut self) -> (Stream, Event) {
        use practitioner::Event as E;
        let topics: BTreeSet<Topic> = [Topic::Use, Topic::DataProtectionAct].into();
        let words = secret("Quillfeather");
        let day = self.day();
        let event = match self.roll(16) {
            0 | 1 => E::Nominated {
                organisation: self.body(),
                role: *self.any(&[AccountRole::Practitioner, AccountRole::ManagementTeam]),
                name: secret("Wilhelmina"),
                surname: secret("Quillfeather"),
                manager: self.person(),
                need: words,
            },
            2 => {
                let address = Address::new(&["9 Thistlewood"], "ZZ9 7QX").unwrap();
                let home = (self.roll(2) == 0).then_some(Personal::Known(address));
                E::IdentityVerified { evidence: IdentityEvidence::Passport, home }
            }
            3 => E::EnhancedCrbCheckRecorded { issued_on: day, disclosure_number: words },
            4 => E::TrainingAttended { on: day, topics },
            5 => E::TrainingCompleted { on: day, topics },
            6 => E::SecurityProceduresProvided { on: day, edition: "1".to_owned() },
            7 => E::EndUserAgreementSigned { on: day, edition: "1".to_owned() },
            8 => E::SecurityTokenIssued { token: TokenId::new(self.fresh()) },
            9 | 10 => E::AccountAuthorised {
                role: AccountRole::Practitioner,
                conditions: BTreeSet::new(),
                policy: PolicyVersion(1),
            },
            11 => E::AccountSuspended { cause: SuspensionCause::Suspected, particulars: words },
            12 => E::AccountReinstated { investigation: None, reason: words },
            13 => E::EnhancedCrbCheckExpired { on: day },
            14 => {
                let investigation = InvestigationId::new(self.fresh());
                self.investigations.push(investigation);
                E::InvestigationOpened { investigation, due: day }
            }
            _ => E::ShieldOverrideRightGranted { justification: words },
        };
        (Stream::Practitioner(self.person()), event.into())
    }

    fn organisation(&mut self) -> (Stream, Event) {
        use organisation::Event as E;
        let day = self.day();
        let event = match self.roll(9) {
            0 => E::Registered {
                kind: *self
                    .any(&[OrganisationKind::LocalAuthority, OrganisationKind::NationalPartner]),
                name: "Example Council (synthetic)".to_owned(),
            },
            1 | 2 => E::Accredited {
                on: day,
                until: day + Duration::days(300),
                disciplinary_procedures_seen: true,
            },
            3 => E::AccreditationWithdrawn { on: day, reason: secret("Thistlewood") },
            4 => E::CapabilityEnabled { capability: Capability::Search },
            5 => E::TeamEnrolled { phase: Phase(1), cohort: Cohort(1) },
            6 => E::TeamTrainingFailed { phase: Phase(1), on: day },
            7 => E::TeamTrainingCompleted { phase: Phase(1), on: day, members: BTreeSet::new() },
            _ => E::PublicInformationRecorded {
                activity: PublicityId::new(self.fresh()),
                channel: Channel::DirectMailing,
                area: "North of the river".to_owned(),
                from: day,
                to: None,
                quantity: (self.roll(2) == 0).then_some(1_200),
                cost_pence: None,
            },
        };
        (Stream::Organisation(self.body()), event.into())
    }

    fn shield(&mut self) -> (Stream, Event) {
        use shield::Event as E;
        let (day, authority, words) = (self.day(), self.body(), secret("Thistlewood"));
        let other = (self.roll(3) == 0).then(|| secret("Quillfeather"));
        let grounds = Grounds::new([Ground::ChildAtRisk].into(), other).unwrap();
        let views = BTreeMap::from([(Party::Child, ViewKind::Expressed)]);
        let threat_level = *self.any(&[ThreatLevel::Severe, ThreatLevel::Low]);
        let event = match self.roll(8) {
            0 => E::Requested {
                request: ShieldRequestId::new(self.fresh()),
                requester: Requester::Carer,
                identity_checked: true,
                grounds,
                circumstances: words,
            },
            1 | 2 => E::ProvisionallyApplied { grounds, rationale: words, decision_due: day },
            3 => E::ViewRecorded { party: Party::Child, view: View::Expressed(words) },
            4 => E::Applied {
                authority,
                grounds,
                threat_level,
                threat_rationale: words,
                views,
                review_due: day,
            },
            5 => E::Refused { authority, threat_level, reasons: words, views },
            6 => {
                let outcome = *self.any(&[ReviewOutcome::Keep, ReviewOutcome::Lift]);
                E::Reviewed { authority, outcome, reasons: words, next_due: Some(day) }
            }
            _ => E::Lifted { authority, reasons: words, views },
        };
        (Stream::Shield(self.child()), event.into())
    }

    fn access(&mut self) -> (Stream, Event) {
        use access::Event as E;
        let child = self.child();
        let shown = Fields::from([Field::Name, Field::DateOfBirth]);
        let withheld = Fields::from([Field::Whereabouts]);
        let (child, event) = match self.roll(9) {
            0..=2 => {
                let opening = OpeningId::new(self.fresh());
                self.openings.push((child, opening));
                let (basis, shield) = (Basis::Practitioner, ShieldState::Unshielded);
                (child, E::RecordOpened { opening, purpose: why(), basis, shield, shown, withheld })
            }
            3 | 4 => match self.openings.clone() {
                open if open.is_empty() => {
                    (child, E::RecordClosed { opening: OpeningId::new(self.fresh()) })
                }
                open => {
                    let (child, opening) = *self.any(&open);
                    (child, E::RecordClosed { opening })
                }
            },
            5 => (child, refused()),
            6 => {
                let procedure = OverrideId::new(self.fresh());
                self.procedures.push((child, procedure));
                let shield = ShieldState::Applied;
                (child, E::ShieldOverrideConfirmed { procedure, shield, shown, withheld })
            }
            7 if !self.procedures.is_empty() => {
                let procedures = self.procedures.clone();
                let (child, procedure) = *self.any(&procedures);
                let investigation = InvestigationId::new(self.fresh());
                self.investigations.push(investigation);
                let (practitioner, due) = (self.person(), self.day());
                (child, E::InvestigationOpened { investigation, procedure, practitioner, due })
            }
            8 if !self.disclosures.is_empty() => {
                let disclosures = self.disclosures.clone();
                let (child, disclosure) = *self.any(&disclosures);
                (child, E::DisclosureWithheld { disclosure })
            }
            // What was never there is withheld, or closed.
            _ if self.roll(2) == 0 => {
                (child, E::DisclosureWithheld { disclosure: EventId::new(self.fresh()) })
            }
            _ => (child, E::RecordClosed { opening: OpeningId::new(self.fresh()) }),
        };
        (Stream::Access(child), event.into())
    }

    fn activity(&mut self) -> (Stream, Event) {
        use activity::Event as E;
        let terms = Personal::Known(Terms {
            given: Some("Wilhelmina".to_owned()),
            surname: Some("Quillfeather".to_owned()),
            postcode: Some("ZZ9 7QX".to_owned()),
            ..Terms::default()
        });
        let shown = Fields::from([Field::Name]);
        let event = match self.roll(4) {
            0 => E::SearchRefused { purpose: why(), terms, refusals: none_held() },
            1 => {
                let (fields, outcome) = (shown, SearchOutcome::TooMany);
                E::SearchPerformed { purpose: why(), terms, fields, outcome }
            }
            _ => {
                let rows = [self.child(), self.child()];
                let rows = rows.map(|child| SearchRow { child, shown });
                let outcome = SearchOutcome::Shown(rows.to_vec());
                E::SearchPerformed { purpose: why(), terms, fields: shown, outcome }
            }
        };
        (Stream::Activity(self.person()), event.into())
    }

    fn investigation(&mut self) -> (Stream, Event) {
        use investigation::Event as E;
        let opened = self.investigations.clone();
        let which = match opened.as_slice() {
            [] => InvestigationId::new(self.fresh()),
            opened => *self.any(opened),
        };
        let event = if self.roll(2) == 0 {
            let (subject, investigator) = (self.person(), self.person());
            E::Assigned { origin: Origin::Suspicion, subject, investigator }
        } else {
            E::Concluded { finding: Finding::Proper, report: secret("Thistlewood") }
        };
        (Stream::Investigation(which), event.into())
    }

    fn other(&mut self) -> (Stream, Event) {
        if self.roll(2) == 0 {
            let (question, about) = (Question::Accesses, vec![Stream::Access(self.child())]);
            let event = audit::Event::TrailQueried {
                question,
                about,
                within: None,
                events: Vec::new(),
                purpose: why(),
            };
            return (Stream::Audit(self.person()), event.into());
        }
        let born = DateOfBirth::new(on("2003-03-14"), on("2009-06-22")).unwrap();
        let event = child::Event::RecordCreated {
            number: Personal::Known(ChildNumber::from_serial(7)),
            name: Personal::Known(Name::new("Wilhelmina", "Quillfeather").unwrap()),
            gender: Personal::Known(Gender::Female),
            date_of_birth: Personal::Known(born),
            whereabouts: Personal::Known(Whereabouts::NoKnownAddress),
            source: DataSource::NationalFeed,
        };
        (Stream::Child(self.child()), event.into())
    }
}

fn person(number: u64) -> PractitionerId {
    PractitionerId::new(id(100 + u128::from(number)))
}

fn body(number: u64) -> OrganisationId {
    OrganisationId::new(id(200 + u128::from(number)))
}

fn child(number: u64) -> ChildRef {
    ChildRef::new(id(300 + u128::from(number)))
}

fn secret(word: &str) -> Personal<domain::reason::Text> {
    text(&format!("{word} was born on 2003-03-14 and lives at ZZ9 7QX"))
}

fn why() -> Purpose {
    let code = ReasonCode::try_from("child-protection".to_owned()).unwrap();
    Purpose { code, text: secret("Thistlewood") }
}

fn none_held() -> BTreeSet<Refusal> {
    BTreeSet::from([Refusal::ReasonNotListed])
}

fn refused() -> access::Event {
    access::Event::AccessRefused {
        purpose: why(),
        sought: Basis::Practitioner,
        refusals: none_held(),
    }
}
