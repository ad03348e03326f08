//! Shields and suspensions race openings. Afterwards the log is replayed: no disclosure stands at a
//! position where it was forbidden.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that finds anything unexpected fails"
)]

mod racers;
mod replayed;
#[expect(dead_code, reason = "shared with the tests over HTTP, which use all of it")]
#[path = "../http/world.rs"]
mod world;

use std::sync::Arc;

use event_log::{EventLog, Options, memory::Memory};

use racers::Race;
use world::World;

/// How many openings race on each store.
const OPENINGS: usize = 10_000;

async fn race_over(log: EventLog, memory: Arc<Memory>) {
    let world = World::over(log, memory).await;
    let race = Race::prepared(&world).await;
    let directory = world.directory.clone().into_inner();
    let raced = tokio::task::spawn_blocking(move || race.run(&directory, OPENINGS)).await.unwrap();
    let found = replayed::check(&world.log).await;
    // The race was one: each outcome came about often, and what was answered is what stands there.
    assert_eq!(found.granted, raced.granted);
    assert_eq!(found.refused, raced.refused);
    assert!(raced.granted + raced.refused + raced.too_much_movement >= OPENINGS, "{raced:?}");
    assert!(found.shielded > 200 && found.unshielded > 200 && found.refused > 200, "{found:?}");
    assert!(found.right_after_a_change > 100, "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_disclosure_is_forbidden_where_it_stands_in_memory() {
    let memory = Arc::new(Memory::new());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    race_over(log, memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_disclosure_is_forbidden_where_it_stands_in_a_file() {
    let data = tempfile::TempDir::new().unwrap();
    let options = Options { origin: "contactpoint.example/racing".to_owned() };
    let log = EventLog::open(data.path(), &options).unwrap();
    race_over(log, Arc::new(Memory::new())).await;
}
