//! Projectors that die between any two steps, servers that are killed, emptied and paused: in the end a
//! read model is what a fresh fold makes it.

mod dying;
mod processes;
mod servers;

use std::{path::Path, sync::Arc, time::Duration};

use domain::identity::EventId;
use event_log::{EventLog, Options};
use projections::{
    compare::{Side, summary},
    marks::Marker,
    projector::{Projector, Settings},
    read_models,
    store::{Build, Embedded, Store},
};
use uuid::Uuid;

use crate::world::World;

/// How often something is done to a server or a process, unless this says otherwise. The run that is made
/// before a release takes five times as many.
const TIMES: &str = "CONTACTPOINT_TEST_KILLS";

/// So many times, or in the same proportion more or less as the environment asks for.
pub(crate) fn times(usual: u64) -> u64 {
    let percent = std::env::var(TIMES).ok().and_then(|it| it.parse::<u64>().ok()).unwrap_or(100);
    (usual * percent).div_ceil(100)
}

/// Small stretches in smaller parts, so that there are many steps to die between; and some two dozen documents kept.
pub(crate) const SMALL: Settings = Settings {
    following: 23,
    building: 23,
    writing: 9,
    changed: 13_500,
    kept: 10_800,
    lease: Duration::from_millis(1_500),
    until: None,
};

/// One that follows everything, if the log is read with its keys.
pub(crate) fn projector(log: &EventLog, store: Arc<dyn Store>, process: u128) -> Projector {
    let all = read_models::all();
    let projector = Projector::new(log, store, all.clone(), SMALL, Uuid::from_u128(process));
    match Marker::of(log) {
        Ok(marker) => projector.marking(marker, all),
        Err(_) => projector,
    }
}

/// A log in a directory, in which much has happened.
pub(crate) async fn log_in(dir: &Path, events: usize) -> EventLog {
    let options = Options { origin: "contactpoint.example/test".to_owned() };
    let mut world = World::in_log(EventLog::open(dir, &options).unwrap(), 2_009).await;
    world.happen(events).await;
    world.log
}

/// What each read model holds: how much, and the hash of it all.
pub(crate) type Holdings = Vec<(String, u64, u64, [u8; 32])>;

pub(crate) async fn holdings(store: &dyn Store) -> Holdings {
    let mut holdings = Vec::new();
    let there = store.builds().await.unwrap();
    for (name, version) in read_models::all().names() {
        let build = Build { name: name.to_owned(), version, number: 1 };
        if !there.iter().any(|built| built.build == build) {
            continue; // processes without keys follow only what needs no marks
        }
        let held = summary(Side { store, build: &build }).await.unwrap();
        holdings.push((name.to_owned(), held.next, held.documents, held.hash));
    }
    holdings
}

/// What a projector makes of the log that nothing ever happens to.
pub(crate) async fn fresh(log: &EventLog) -> Holdings {
    let dir = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(Embedded::open(dir.path()).unwrap());
    projector(log, Arc::clone(&store), 0).catch_up().await.unwrap();
    let holdings = holdings(&*store).await;
    assert!(holdings.iter().all(|(_, next, documents, _)| *next == log.length() && *documents > 0));
    holdings
}

/// Chance that can be had again from its seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// An identity for a process, another one each time.
pub(crate) fn process(dice: &mut Dice) -> u128 {
    EventId::new(Uuid::from_u64_pair(dice.below(u64::MAX), dice.below(u64::MAX))).uuid().as_u128()
}
