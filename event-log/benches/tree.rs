//! How fast the tree follows the log: `cargo bench -p event-log --bench tree`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a measurement prints, and ends where something fails"
)]

use std::{sync::Arc, time::Instant};

use domain::{
    identity::{ChildRef, EventId},
    stream::Stream,
};
use event_log::{
    EventLog, Keys,
    append::{Append, NewEvent},
    backend::Backend,
    embedded::{Embedded, Settings},
    log_keys::LogKeys,
    memory::Memory,
    transparency::{leaf, tree::Edge},
    transparency_log::{Publish, TransparencyLog},
    tree_store::TreeStore,
};
use tempfile::TempDir;
use uuid::Uuid;

const EVENTS: u64 = 1_000_000;
const ORIGIN: &str = "bench.example/audit";

fn entry(position: u64) -> Vec<u8> {
    let mut entry = format!("{{\"entry\":{position:012},\"filler\":\"").into_bytes();
    entry.resize(298, b'x');
    entry.extend_from_slice(b"\"}");
    entry
}

fn rate(what: &str, events: u64, begun: Instant) {
    let took = begun.elapsed();
    let (micros, rate) = (took.as_secs_f64() * 1e6, events as f64 / took.as_secs_f64());
    println!("{what:<64} {:>8.3} us {rate:>12.0}/s", micros / events as f64);
}

async fn fill(backend: &dyn Backend) {
    let stream = Stream::Child(ChildRef::new(Uuid::from_u128(1)));
    for from in (0..EVENTS).step_by(10_000) {
        let events = (from..from + 10_000)
            .map(|position| NewEvent {
                id: EventId::new(Uuid::from_u128(u128::from(position) + 10)),
                entry: entry(position),
                sealed: None,
            })
            .collect();
        let append = Append { stream, expected: from.checked_sub(1), guards: vec![], events };
        backend.append(append).await.unwrap();
    }
}

fn pure() {
    let entries: Vec<Vec<u8>> = (0..EVENTS).map(entry).collect();
    let begun = Instant::now();
    let leaves: Vec<_> = entries.iter().map(|entry| leaf(entry)).collect();
    rate("leaf hash of 300 bytes", EVENTS, begun);
    let (mut edge, mut stored) = (Edge::default(), 0_u64);
    let begun = Instant::now();
    for leaf in &leaves {
        edge.push(*leaf, |_| stored += 1);
    }
    rate("all levels of the tree", EVENTS, begun);
    let dir = TempDir::new().unwrap();
    let tree = TreeStore::open(&dir.path().join("tree")).unwrap();
    let begun = Instant::now();
    for some in leaves.chunks(4_096) {
        tree.append(some).unwrap();
    }
    rate("all levels, into the store in a file", EVENTS, begun);
    assert_eq!(tree.head(), (EVENTS, edge.root()));
    let mut took: Vec<f64> = (0..10_000_u64)
        .map(|number| {
            let begun = Instant::now();
            tree.prove_inclusion(number * 97 % EVENTS, EVENTS).unwrap();
            begun.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    took.sort_by(f64::total_cmp);
    println!(
        "inclusion proof among {EVENTS}: p50 {:.0} us, p95 {:.0} us, p99 {:.0} us",
        took[5_000], took[9_500], took[9_900]
    );
}

async fn follow(what: &str, backend: Arc<dyn Backend>, dir: &TempDir) {
    fill(&*backend).await;
    let keys = LogKeys::init(&dir.path().join("keys"), ORIGIN).unwrap();
    let log = EventLog::over(backend, Keys::Absent);
    let tree = TransparencyLog::open(&log, dir.path(), keys).unwrap();
    let begun = Instant::now();
    tree.step(1, Publish::Never).await.unwrap();
    rate(&format!("follow the log {what}: read, hash, store"), EVENTS, begun);
    let begun = Instant::now();
    tree.check(|_| ()).await.unwrap();
    rate(&format!("compare the whole tree with the log {what}"), EVENTS, begun);
    let begun = Instant::now();
    for now in 0..20 {
        tree.step(now, Publish::Always).await.unwrap();
    }
    println!("sign and publish, durably: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3 / 20.0);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    pure();
    follow("in memory", Arc::new(Memory::new()), &TempDir::new().unwrap()).await;
    let dir = TempDir::new().unwrap();
    let embedded = Embedded::open(dir.path(), &Settings::named(ORIGIN)).unwrap();
    follow("in a file", Arc::new(embedded), &dir).await;
}
