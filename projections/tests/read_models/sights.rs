//! What was seen, in a log of many stretches: whatever page of it is asked for, it is what a look at every
//! event comes to.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{identity::ChildRef, stream::Stream};
use event_log::{
    EventLog,
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Stored},
    keys::Keys,
};
use projections::{
    read_models::{
        Seen,
        seen::{self, Sight, Whose, Window, listings_of},
    },
    reader::Reader,
    store::{Batch, Build, Checkpoint, Write},
};
use tokio::sync::watch;

use crate::{Place, naive, world::World};

/// How far apart events stand: five or six blocks of 256, and forty events or so in a stretch.
const APART: u64 = 811;

/// A log as if between any two events many others had happened, on machines whose clocks are hours apart.
struct Spread(Arc<dyn Backend>);

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
        self.0.append(append)
    }
    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        self.0.head(stream)
    }
    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        self.0.read_stream(stream, first, last)
    }
    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let to = from.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX));
            let (first, last) = (from.div_ceil(APART), to.div_ceil(APART));
            let limit = usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX);
            let mut stored = self.0.read_all(first, limit).await?;
            for stored in &mut stored {
                stored.position *= APART;
                another_hour(&mut stored.entry);
            }
            Ok(stored)
        })
    }
    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        self.0.erase_sealed(stream)
    }
    fn watch(&self) -> watch::Receiver<u64> {
        watch::channel(*self.0.watch().borrow() * APART).1
    }
}

/// What somebody saw, each with its place in the order of time, and whom searches listed.
struct Everything {
    log: EventLog,
    place: Place,
    sights: Vec<Sight>,
    listed: BTreeMap<ChildRef, Vec<u64>>,
}

impl Everything {
    async fn of(seed: u64) -> Self {
        let mut world = World::in_log(crate::logs::fresh().await, seed).await;
        world.happen(500).await;
        let log = EventLog::over(Arc::new(Spread(Arc::clone(world.log.backend()))), Keys::Absent);
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
        let build = Build { name: "seen".to_owned(), version: 3, number: 1 };
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
    for seed in [3, 2_009] {
        let everything = Everything::of(seed).await;
        assert!(everything.log.length() > 8 * 32_768, "several stretches");
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
    let everything = Everything::of(3).await;
    let other = World::in_log(crate::logs::fresh().await, 4).await;
    let log = EventLog::over(Arc::new(Spread(Arc::clone(other.log.backend()))), Keys::Absent);
    let reader: Reader<Seen> = Reader::new(Arc::clone(&everything.place.store), &log);
    let window = windows(&everything.sights)[0];
    let by = everything.sights.iter().find_map(|sight| sight.by.id).unwrap();
    let found = seen::find(&reader, Whose::Practitioner(by), &window.sights(9)).await;
    assert!(found.is_err(), "nothing is left out in silence: {found:?}");
}
