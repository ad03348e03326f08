//! A log to measure with: written fast, and kept between runs.
//!
//! One part standings, one part records with everything personal sealed, the rest looks: searches, and
//! records opened and closed again. Decisions are not taken; the events are such as they would be.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::{self, Basis, Field, Purpose, ReasonCode, ShieldState},
    activity::{self, SearchOutcome, SearchRow, Terms},
    actor::{Actor, Role},
    child,
    event::Event,
    identity::{OpeningId, OrganisationId, PractitionerId},
    personal::Personal,
    policy::PolicyVersion,
    practitioner::AccountRole,
    shield::{self, Ground, Grounds, ThreatLevel},
    stream::Stream,
};
use event_log::{Commit, Context, EventLog, Options};
use fixtures::{
    england::England,
    people::{authorised, authority, text},
    scenario::{at, id, on},
};
use tokio::{sync::Semaphore, task::JoinSet};
use uuid::Uuid;

pub(crate) const BODIES: u64 = 150;
pub(crate) const FIRST_DAY: &str = "2009-01-01T00:00:00Z";
pub(crate) const LAST_DAY: &str = "2010-01-01T00:00:00Z";

/// How many appends are under way at once.
const AT_ONCE: usize = 256;

/// So many looks later a record is closed: after thirty seconds.
const OPEN: u64 = 1_500;

/// The day of the looks: fifty a second.
const LOOKS_FROM: &str = "2009-06-22T07:00:00Z";

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    at(text)
}

pub(crate) fn person(number: u64) -> PractitionerId {
    PractitionerId::new(id(1_000_000 + u128::from(number)))
}

pub(crate) fn body(number: u64) -> OrganisationId {
    OrganisationId::new(id(1 + u128::from(number)))
}

pub(crate) fn people(log: &EventLog) -> u64 {
    (log.length() / 200).max(200)
}

pub(crate) fn children(log: &EventLog) -> u64 {
    (log.length() / 40).max(500)
}

pub(crate) fn england(log: &EventLog) -> England {
    England::new(2_009, children(log), on("2009-06-22"))
}

/// When one of the looks happened.
pub(crate) fn looked_at(log: &EventLog, turn: u64) -> DateTime<Utc> {
    let looks = log.length() / 4;
    when(turn * 7_919 % looks.max(1))
}

fn when(look: u64) -> DateTime<Utc> {
    at(LOOKS_FROM) + Duration::from_millis(look * 20)
}

/// The log of so many events in a folder of logs; written, if it is not there.
pub(crate) async fn log(logs: &Path, events: u64) -> EventLog {
    let dir = logs.join(format!("contactpoint-bench-3-{events}"));
    let (done, options) =
        (dir.join("complete"), Options { origin: "contactpoint.example/bench".to_owned() });
    if !done.try_exists().unwrap() {
        if dir.try_exists().unwrap() {
            fs::remove_dir_all(&dir).unwrap();
        }
        fs::create_dir_all(&dir).unwrap();
        let writer = Writer::new(EventLog::open(&dir, &options).unwrap(), events);
        writer.write().await;
        drop(writer);
        fs::write(&done, events.to_string()).unwrap();
    }
    EventLog::open(&dir, &options).unwrap()
}

struct Writer {
    log: EventLog,
    events: u64,
    england: England,
    turns: Arc<Semaphore>,
}

impl Writer {
    fn new(log: EventLog, events: u64) -> Self {
        let children = (events / 40).max(500);
        let england = England::new(2_009, children, on("2009-06-22"));
        Self { log, events, england, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    async fn write(&self) {
        let (people, children) = ((self.events / 200).max(200), self.england.how_many_children());
        let subjects: Vec<Uuid> = (0..BODIES)
            .map(|number| body(number).uuid())
            .chain((0..people).map(|number| person(number).uuid()))
            .chain((0..children).map(|number| self.england.child(number).reference.uuid()))
            .collect();
        let mut known = JoinSet::new();
        for some in subjects.chunks(64) {
            let (log, some) = (self.log.clone(), some.to_vec());
            let turn = Arc::clone(&self.turns).acquire_many_owned(8).await.unwrap();
            known.spawn(async move {
                let context = |subject: Uuid| context(subject, at(FIRST_DAY), Actor::SYSTEM);
                log.create_subjects(&some, context).await.unwrap();
                drop(turn);
            });
        }
        known.join_all().await;
        let mut writing = JoinSet::new();
        for number in 0..BODIES {
            let history = authority(1 + u128::from(number));
            self.put(&mut writing, history.recorded(), u128::from(number)).await;
        }
        for number in 0..people {
            let (who, of) = (1_000_000 + u128::from(number), 1 + u128::from(number % BODIES));
            let history = authorised(who, AccountRole::Practitioner, of);
            self.put(&mut writing, history.recorded(), (1 << 64) + u128::from(number)).await;
        }
        for number in 0..children {
            self.record(&mut writing, number).await;
        }
        writing.join_all().await;
        self.looks(people, children).await;
    }

    async fn append(
        &self,
        writing: &mut JoinSet<()>,
        (stream, events): (Stream, Vec<Event>),
        context: Context,
    ) {
        let turn = Arc::clone(&self.turns).acquire_owned().await.unwrap();
        let log = self.log.clone();
        while writing.try_join_next().is_some() {}
        writing.spawn(async move {
            let reading = log.reading();
            // Another may have written to the same stream meanwhile: one look less.
            drop(log.commit(Commit { stream, events, reading, context }).await);
            drop(turn);
        });
    }

    async fn put<E: Into<Event> + Clone>(
        &self,
        writing: &mut JoinSet<()>,
        history: &[domain::recorded::Recorded<E>],
        command: u128,
    ) {
        let events = history.iter().map(|recorded| recorded.event.clone().into()).collect();
        let context = context(id((1 << 90) + command), at(FIRST_DAY), Actor::SYSTEM);
        self.append(writing, (history[0].stamp.stream, events), context).await;
    }

    async fn record(&self, writing: &mut JoinSet<()>, number: u64) {
        let child = self.england.child(number);
        let of = body(child.authority % BODIES);
        let created = child::Event::RecordCreated {
            number: Personal::Known(child.number),
            name: Personal::Known(child.name),
            gender: Personal::Known(child.gender),
            date_of_birth: Personal::Known(child.date_of_birth),
            whereabouts: Personal::Known(child.whereabouts),
            source: child::DataSource::NationalFeed,
        };
        let allocated = child::Event::ResponsibilityAllocated { authority: of };
        let events = vec![created.into(), allocated.into()];
        let command = (1 << 91) + u128::from(number) * 2;
        let by = Actor::SYSTEM;
        let stream = Stream::Child(child.reference);
        self.append(writing, (stream, events), context(id(command), at(FIRST_DAY), by)).await;
        if number.is_multiple_of(200) {
            let applied = shield::Event::Applied {
                authority: of,
                grounds: Grounds::new([Ground::ChildAtRisk].into(), None).unwrap(),
                threat_level: ThreatLevel::Severe,
                threat_rationale: text("A threat was made"),
                views: BTreeMap::new(),
                review_due: on("2009-12-01"),
            };
            let context = context(id(command + 1), at("2009-02-02T10:00:00Z"), by);
            let stream = Stream::Shield(child.reference);
            self.append(writing, (stream, vec![applied.into()]), context).await;
        }
    }

    async fn looks(&self, people: u64, children: u64) {
        let (mut writing, mut look) = (JoinSet::new(), 0_u64);
        while self.log.length() + 4 * u64::try_from(AT_ONCE).unwrap() < self.events {
            let child = self.england.child(look * 7_919 % children);
            // Nine of ten look at records of their own authority.
            let own = |who: u64| who - who % BODIES + child.authority % BODIES;
            let anybody = look * 31 % (people - BODIES);
            let who = if look.is_multiple_of(10) { anybody } else { own(anybody) };
            let by = Actor::person(person(who), Role::Practitioner, body(who % BODIES));
            let command = |part: u128| id((1 << 92) + u128::from(look) * 4 + part);
            let terms = Terms {
                given: Some(child.name.expose_given().to_owned()),
                surname: Some(child.name.expose_surname().to_owned()),
                date_of_birth: Some(child.date_of_birth.expose()),
                ..Terms::default()
            };
            let searched = activity::Event::SearchPerformed {
                purpose: why(),
                fields: terms.fields(),
                terms: Personal::Known(terms),
                outcome: SearchOutcome::Shown(vec![SearchRow {
                    child: child.reference,
                    shown: [Field::Name, Field::DateOfBirth].into(),
                }]),
            };
            let stream = Stream::Activity(person(who));
            let searched = (stream, vec![searched.into()]);
            self.append(&mut writing, searched, context(command(0), when(look), by)).await;
            let at = when(look) + TimeDelta::milliseconds(10);
            let opens = (Stream::Access(child.reference), vec![opened(look)]);
            self.append(&mut writing, opens, context(command(1), at, by)).await;
            if let Some(before) = look.checked_sub(OPEN) {
                let child = self.england.child(before * 7_919 % children);
                let closes = (Stream::Access(child.reference), vec![closed(before)]);
                self.append(&mut writing, closes, context(command(2), at, by)).await;
            }
            look += 1;
        }
        writing.join_all().await;
    }
}

fn why() -> Purpose {
    let code = ReasonCode::try_from("child-protection".to_owned()).unwrap();
    Purpose { code, text: text("Called by the school") }
}

fn opening(look: u64) -> OpeningId {
    OpeningId::new(id((1 << 80) + u128::from(look)))
}

fn closed(look: u64) -> Event {
    access::Event::RecordClosed { opening: opening(look) }.into()
}

fn opened(look: u64) -> Event {
    let opened = access::Event::RecordOpened {
        opening: opening(look),
        purpose: why(),
        basis: Basis::Practitioner,
        shield: ShieldState::Unshielded,
        shown: [Field::Name, Field::DateOfBirth, Field::Involvements].into(),
        withheld: [].into(),
    };
    opened.into()
}

fn context(command: Uuid, at: DateTime<Utc>, by: Actor) -> Context {
    Context {
        command,
        at,
        by,
        policy: PolicyVersion(1),
        correlation: None,
        causation: None,
        request_digest: None,
    }
}
