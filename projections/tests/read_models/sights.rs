//! What was seen, in a log of many stretches: whatever page of it is asked for, it is what a look at every
//! event comes to.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access,
    event::Event,
    identity::{ChildRef, EventId},
    stream::Stream,
};
use event_log::{
    EventLog,
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Stored},
    keys::Keys,
};
use projections::{
    dated::{KnownBy, Moment},
    projection::Projection,
    read_models::{
        Seen,
        seen::{self, Outline, Sight, Told, Whose, Window, listings_of},
    },
    reader::Reader,
    store::{Batch, Build, Checkpoint, Store, Write},
};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{Place, counted::Counted, naive, world::World};

/// How far apart events stand: five or six blocks of 256, and forty events or so in a stretch.
const APART: u64 = 811;

/// So far that they reach into several regions.
const FAR_APART: u64 = 8_111;

/// So far that five hundred of them are a log of ten million.
const VERY_FAR_APART: u64 = 20_011;

/// A log as if between any two events many others had happened, on machines whose clocks are hours apart.
struct Spread {
    backend: Arc<dyn Backend>,
    apart: u64,
}

/// Puts an entry to another hour of its day.
fn another_hour(entry: &mut [u8]) {
    let member = b"\"time\":\"2009-01-05T";
    let same = |at: &[u8]| at.starts_with(&member[..8]);
    let at = entry.windows(member.len()).position(same).unwrap() + member.len();
    let hour = (entry[at] - b'0') * 10 + (entry[at + 1] - b'0');
    let hour = hour * 7 % 24;
    (entry[at], entry[at + 1]) = (b'0' + hour / 10, b'0' + hour % 10);
}

impl Backend for Spread {
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        self.backend.append(append)
    }
    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        self.backend.head(stream)
    }
    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        self.backend.read_stream(stream, first, last)
    }
    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let to = from.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX));
            let (first, last) = (from.div_ceil(self.apart), to.div_ceil(self.apart));
            let limit = usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX);
            let mut stored = self.backend.read_all(first, limit).await?;
            for stored in &mut stored {
                stored.position *= self.apart;
                another_hour(&mut stored.entry);
            }
            Ok(stored)
        })
    }
    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        self.backend.erase_sealed(stream)
    }
    fn watch(&self) -> watch::Receiver<u64> {
        watch::channel(*self.backend.watch().borrow() * self.apart).1
    }
}

fn spread(log: &EventLog, apart: u64) -> EventLog {
    let backend = Arc::clone(log.backend());
    EventLog::over(Arc::new(Spread { backend, apart }), Keys::Absent)
}

/// What somebody saw, each with its place in the order of time, and whom searches listed.
struct Everything {
    log: EventLog,
    place: Place,
    sights: Vec<Sight>,
    listed: BTreeMap<ChildRef, Vec<u64>>,
}

impl Everything {
    async fn of(seed: u64, apart: u64) -> Self {
        let mut world = World::in_log(crate::logs::fresh().await, seed).await;
        world.happen(500).await;
        let log = spread(&world.log, apart);
        let events = log.read_all(0, usize::MAX).await.unwrap();
        let (mut sights, mut listed) = (Vec::new(), BTreeMap::<_, Vec<u64>>::new());
        for sight in events.iter().filter_map(Sight::of) {
            if let seen::What::Searched { .. } = &sight.what {
                for child in sight.children() {
                    listed.entry(child).or_default().push(sight.known.position);
                }
            }
            sights.push(sight);
        }
        sights.sort_by_key(|sight| (sight.known.at, sight.known.position));
        let place = Place::new();
        let build =
            Build { name: "seen".to_owned(), version: <Seen as Projection>::VERSION, number: 1 };
        place.store.create(&build).await.unwrap();
        place.store.take_lease("me", std::time::Duration::from_secs(60)).await.unwrap();
        let documents = naive::<Seen>(&events).into_iter();
        let writes = documents.map(|(key, value)| Write::Put { key, value: value.into_bytes() });
        let checkpoint = Checkpoint { next: log.length(), last: None };
        let (holder, writes) = ("me".to_owned(), writes.collect());
        let batch = Batch { build: build.clone(), expected: 0, checkpoint, holder, writes };
        place.store.apply(batch).await.unwrap();
        assert!(place.store.serve(&build).await.unwrap());
        Self { log, place, sights, listed }
    }

    fn reader(&self) -> Reader<Seen> {
        Reader::new(Arc::clone(&self.place.store), &self.log)
    }

    fn expected(&self, whose: Whose, window: Window) -> Vec<Sight> {
        let of = |sight: &&Sight| match whose {
            Whose::Anybody => true,
            Whose::Practitioner(id) => sight.by.id == Some(id),
            Whose::Authority(id) => sight.by.organisation == Some(id),
        };
        let within = |it: &&Sight| window.from <= it.known.at && it.known.at < window.to;
        self.sights.iter().filter(within).filter(of).cloned().collect()
    }

    /// Page after page, to the end.
    async fn paged(
        &self,
        whose: Whose,
        window: Window,
        (limit, back): (usize, bool),
    ) -> Vec<Sight> {
        let reader = self.reader();
        let mut range = window.sights(limit);
        if back {
            range = range.backwards();
        }
        let mut all = Vec::new();
        loop {
            let page = seen::find(&reader, whose, &range).await.unwrap();
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            range = range.after(&last.key.clone());
            all.extend(page.into_iter().map(|found| found.document));
        }
        if back {
            all.reverse();
        }
        all
    }
}

fn windows(sights: &[Sight]) -> Vec<Window> {
    let at = |part: usize| -> DateTime<Utc> { sights[(sights.len() - 1) * part / 8].known.at };
    let later = |at: DateTime<Utc>| at + TimeDelta::microseconds(1);
    vec![
        Window { from: at(0), to: later(at(8)) },
        Window { from: at(0), to: at(8) },
        Window { from: at(3), to: at(5) },
        Window { from: at(4), to: later(at(4)) },
        Window { from: later(at(8)), to: later(later(at(8))) },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_what_was_seen_are_those_of_a_look_at_every_event() {
    for (seed, apart, length) in [(3, APART, 32_768), (2_009, FAR_APART, 1_048_576)] {
        let everything = Everything::of(seed, apart).await;
        assert!(everything.log.length() > 3 * length, "several stretches, or regions");
        let in_order = everything.sights.is_sorted_by_key(|sight| sight.known.position);
        assert!(!in_order, "clocks are apart");
        let whose = everything.sights.iter().flat_map(|sight| {
            let person = sight.by.id.map(Whose::Practitioner);
            person.into_iter().chain(sight.by.organisation.map(Whose::Authority))
        });
        let mut all = vec![Whose::Anybody];
        for whose in whose {
            if !all.contains(&whose) {
                all.push(whose);
            }
        }
        assert!(all.len() > 5, "{all:?}");
        for window in windows(&everything.sights) {
            for whose in &all {
                let expected = everything.expected(*whose, window);
                for how in [(1_000, false), (1_000, true), (7, false), (7, true)] {
                    let found = everything.paged(*whose, window, how).await;
                    assert_eq!(found, expected, "{whose:?} {window:?} {how:?}");
                }
                let range = window.sights(1_000);
                let outlines = seen::outlines(&everything.reader(), *whose, &range).await.unwrap();
                let outlines: Vec<_> = outlines.into_iter().map(|found| found.document).collect();
                let of_each: Vec<_> = expected.iter().map(Outline::of).collect();
                assert_eq!(outlines, of_each, "{whose:?} {window:?}");
            }
        }
        for (child, expected) in &everything.listed {
            let found = listings_of(&everything.reader(), *child).await.unwrap();
            assert_eq!(found, *expected, "{child}");
        }
        assert!(!everything.listed.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sight_whose_event_cannot_be_read_any_more_is_no_answer() {
    let everything = Everything::of(3, APART).await;
    let other = World::in_log(crate::logs::fresh().await, 4).await;
    let log = spread(&other.log, APART);
    let reader: Reader<Seen> = Reader::new(Arc::clone(&everything.place.store), &log);
    let window = windows(&everything.sights)[0];
    let by = everything.sights.iter().find_map(|sight| sight.by.id).unwrap();
    let found = seen::find(&reader, Whose::Practitioner(by), &window.sights(9)).await;
    assert!(found.is_err(), "nothing is left out in silence: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_million_events_a_handful_of_documents_is_asked() {
    let everything = Everything::of(3, VERY_FAR_APART).await;
    let length = everything.log.length();
    assert!(length > 10_000_000, "{length}");
    let counted = Counted::of(&everything.place.store);
    let store: Arc<dyn Store> = Arc::<Counted>::clone(&counted);
    let reader: Reader<Seen> = Reader::new(store, &everything.log);
    let all = windows(&everything.sights)[0];
    let regions = usize::try_from(length.div_ceil(1_048_576)).unwrap();
    let people = everything.sights.iter().filter_map(|sight| sight.by.id.map(Whose::Practitioner));
    let bodies = everything.sights.iter().filter_map(|sight| sight.by.organisation);
    for whose in people.chain(bodies.map(Whose::Authority)).take(40) {
        for range in [all.sights(50), all.sights(50).backwards()] {
            let found = seen::outlines(&reader, whose, &range).await.unwrap();
            let (asks, rows) = counted.taken();
            // The spans of each region, once; and at most a range in each, of documents of one event or two.
            assert!(asks <= 1 + regions, "{asks} for {} of {whose:?}", found.len());
            assert!(rows <= 31 * regions, "{rows} for {} of {whose:?}", found.len());
        }
    }
    for child in everything.listed.keys() {
        listings_of(&reader, *child).await.unwrap();
        assert_eq!(counted.taken().0, regions, "{child}");
    }
}

impl Everything {
    /// Notes of these disclosures that they were withheld.
    async fn withhold(&self, disclosures: impl Iterator<Item = (EventId, Moment)>) {
        let mut note = self.log.read_all(0, 1).await.unwrap().remove(0);
        let writes = disclosures.map(|(disclosure, known)| {
            note.event = Event::Access(access::Event::DisclosureWithheld { disclosure });
            let withheld = seen::Document::Withheld(seen::Withheld { disclosure, known });
            let key = format!("d/{}", Seen::keys(&note).remove(0));
            Write::Put { key, value: serde_json::to_vec(&withheld).unwrap() }
        });
        let writes = writes.collect();
        let store = &self.place.store;
        let build = store.serving("seen").await.unwrap().unwrap();
        store.amend(&build, self.log.length(), writes).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_of_sights_is_what_their_events_say() {
    let everything = Everything::of(3, APART).await;
    let reader = everything.reader();
    let whole = windows(&everything.sights)[0];
    let found = seen::outlines(&reader, Whose::Anybody, &whole.sights(1_000)).await.unwrap();
    let outlines: Vec<_> = found.into_iter().map(|found| found.document).collect();
    // Of some there are notes in the log, and of others now.
    let mut noted = BTreeMap::new();
    for recorded in everything.log.read_all(0, usize::MAX).await.unwrap() {
        if let Event::Access(access::Event::DisclosureWithheld { disclosure }) = recorded.event {
            noted.entry(disclosure).or_insert(Moment::of(&recorded.stamp));
        }
    }
    let (some, others) = (noted.len(), everything.sights.iter().skip(1).step_by(3));
    noted.extend(others.map(|sight| (sight.event, sight.known)));
    assert!(0 < some && some < noted.len() && noted.len() < 256);
    let sights = everything.sights.iter();
    let withheld: Vec<Option<Moment>> =
        sights.map(|sight| noted.get(&sight.event).copied()).collect();
    let told = |known_by: KnownBy| {
        let told = everything.sights.iter().zip(&withheld).map(|(sight, withheld)| {
            let Outline { known, deed, outcome, kind, .. } = Outline::of(sight);
            let withheld = withheld.filter(|known| known_by.reaches(*known));
            Told { known, deed, outcome, kind, withheld }
        });
        told.collect::<Vec<_>>()
    };
    everything.withhold(noted.into_iter()).await;
    let middle = everything.sights[everything.sights.len() / 2].known;
    let others = |number: u128| {
        let known = Moment { position: 0, at: DateTime::UNIX_EPOCH };
        (EventId::new(Uuid::from_u128(number << 64)), known)
    };
    for many in [0, 300] {
        everything.withhold((0..many).map(others)).await;
        for known_by in [KnownBy::Now, KnownBy::Position(middle.position)] {
            let found = seen::told(&reader, outlines.clone(), known_by).await.unwrap();
            assert_eq!(found, told(known_by), "{many} other notes, {known_by:?}");
            let events = everything.sights.iter().map(|sight| sight.event);
            let when = seen::withheld(&reader, events, known_by).await.unwrap();
            let expected: Vec<_> = found.into_iter().map(|told| told.withheld).collect();
            assert_eq!(when, expected, "{many} other notes, {known_by:?}");
        }
    }
}
