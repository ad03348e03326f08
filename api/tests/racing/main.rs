//! Shields and suspensions race openings. Afterwards the log is replayed: no disclosure stands at a
//! position where it was forbidden. And one request that two servers decide at once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test that finds anything unexpected fails"
)]

mod racers;
mod replayed;
mod twice;
#[expect(dead_code, reason = "shared with the tests over HTTP, which use all of it")]
#[path = "../http/world.rs"]
mod world;

use std::sync::Arc;

use event_log::{EventLog, Options, memory::Memory};

use racers::Race;
use replayed::Guards;
use world::World;

/// How many openings race on each store.
const OPENINGS: usize = 10_000;

/// How many race on a cluster, where each goes over a network.
#[cfg(feature = "kurrentdb")]
const OPENINGS_ON_A_CLUSTER: usize = 200;

async fn race_over(log: EventLog, memory: Arc<Memory>, (openings, guards): (usize, Guards)) {
    let world = World::over(log, memory).await;
    let race = Race::prepared(&world, openings).await;
    let directory = world.directory.clone().into_inner();
    let raced = tokio::task::spawn_blocking(move || race.run(&directory, openings)).await.unwrap();
    let found = replayed::check(&world.log, guards).await;
    // The race was one: each outcome came about often, and what was answered is what stands there.
    assert_eq!(found.granted, raced.granted);
    assert_eq!(found.refused, raced.refused);
    assert!(raced.granted + raced.refused + raced.too_much_movement >= openings, "{raced:?}");
    let often = openings / 50;
    println!("{openings} openings: {raced:?}, {found:?}");
    assert!(
        found.shielded > often && found.unshielded > often && found.refused > often,
        "{found:?}"
    );
    assert!(found.right_after_a_change > often / 2, "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_disclosure_is_forbidden_where_it_stands_in_memory() {
    let memory = Arc::new(Memory::new());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    race_over(log, memory, (OPENINGS, Guards::BeforeWriting)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_disclosure_is_forbidden_where_it_stands_in_a_file() {
    let data = tempfile::TempDir::new().unwrap();
    let options = Options { origin: "contactpoint.example/racing".to_owned() };
    let log = EventLog::open(data.path(), &options).unwrap();
    race_over(log, Arc::new(Memory::new()), (OPENINGS, Guards::BeforeWriting)).await;
}

/// On a cluster the guards are checked after the write: what did not hold is written, and withheld.
#[cfg(feature = "kurrentdb")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_disclosure_is_forbidden_where_it_stands_among_200_on_a_cluster() {
    use event_log::{
        keyring::Keyring,
        keys::Keys,
        kurrent::{Kurrent, Settings},
    };

    let double = kurrentdb_double::Double::start();
    let origin = "contactpoint.example/racing";
    let settings = Settings { expected: None, ..Settings::new(double.connection(), origin) };
    let store = Kurrent::open(&settings).await.unwrap();
    let ring = Keyring::memory(origin).unwrap();
    let log = EventLog::over(Arc::new(store), Keys::Ring(Arc::new(ring)));
    race_over(log, Arc::new(Memory::new()), (OPENINGS_ON_A_CLUSTER, Guards::AfterWriting)).await;
}
