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

/// Seconds that this thread has had of a processor, which another's load does not lengthen; where the
/// system does not say, seconds that have passed.
fn worked(since: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or_else(|| since.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}

/// Measures what one thread does with so many events.
struct Watch(Instant, f64);

impl Watch {
    fn start() -> Self {
        let now = Instant::now();
        Self(now, worked(now))
    }

    fn rate(self, what: &str, events: u64) {
        let (took, worked) = (self.0.elapsed().as_secs_f64(), worked(self.0) - self.1);
        let (micros, rate) = (worked * 1e6 / events as f64, events as f64 / worked);
        println!("{what:<60} {micros:>7.3} us of a core {rate:>10.0}/s ({took:.2} s passed)");
    }
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
    let watch = Watch::start();
    let leaves: Vec<_> = entries.iter().map(|entry| leaf(entry)).collect();
    watch.rate("leaf hash of 300 bytes", EVENTS);
    let (mut edge, mut stored) = (Edge::default(), 0_u64);
    let watch = Watch::start();
    for leaf in &leaves {
        edge.push(*leaf, |_| stored += 1);
    }
    watch.rate("all levels of the tree", EVENTS);
    let dir = TempDir::new().unwrap();
    let tree = TreeStore::open(&dir.path().join("tree")).unwrap();
    let watch = Watch::start();
    for some in leaves.chunks(4_096) {
        tree.append(some).unwrap();
    }
    watch.rate("all levels, into the store in a file", EVENTS);
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
    let watch = Watch::start();
    tree.step(1, Publish::Never).await.unwrap();
    watch.rate(&format!("follow the log {what}: read, hash, store"), EVENTS);
    let watch = Watch::start();
    tree.check(|_| ()).await.unwrap();
    watch.rate(&format!("compare the whole tree with the log {what}"), EVENTS);
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
