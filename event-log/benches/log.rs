//! How fast the log is with everything on, beside a bare file that is given the same bytes.
//!
//! `scripts/bench-log`, or `cargo bench -p event-log --bench log -- quick`; `appending`, `moving`,
//! `reading` and `opening` measure only that; a number is that of the events read and opened. On are JSON,
//! sealing, hashing, the tree that follows, and its checkpoints. Figures in one run belong together; on
//! another machine look at the ratios. What is measured and how to read it is in `docs/performance.md`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a measurement that meets the unexpected stops; figures are printed and rounded"
)]

#[path = "log/appending.rs"]
mod appending;
#[path = "log/causes.rs"]
mod causes;
#[path = "log/cores.rs"]
mod cores;
#[path = "log/event.rs"]
mod event;
#[path = "log/figures.rs"]
mod figures;
#[path = "log/load.rs"]
mod load;
#[path = "log/moving.rs"]
mod moving;
#[path = "log/opening.rs"]
mod opening;
#[path = "log/raw.rs"]
mod raw;
#[path = "log/reading.rs"]
mod reading;
#[path = "log/whole.rs"]
mod whole;

use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How much is measured.
struct Size {
    /// How long each closed loop runs.
    duration: Duration,
    /// How many events the log has that is read and verified.
    read: u64,
    /// How many events the log has that is killed and opened.
    opened: u64,
}

fn main() {
    if let Ok(role) = std::env::var(opening::ROLE) {
        return opening::load_and_wait(&role);
    }
    let asked = |mode: &str| std::env::args().any(|argument| argument == mode);
    let mut size = if asked("full") {
        Size { duration: Duration::from_secs(10), read: 2_000_000, opened: 10_000_000 }
    } else if asked("smoke") {
        Size { duration: Duration::from_millis(400), read: 4_000, opened: 20_480 }
    } else {
        Size { duration: Duration::from_secs(2), read: 200_000, opened: 500_000 }
    };
    if let Some(events) = std::env::args().find_map(|argument| argument.parse().ok()) {
        (size.read, size.opened) = (events, events);
    }
    let runtime = runtime(2);
    figures::head();
    let parts = ["appending", "moving", "reading", "opening"];
    let wanted = |part: &str| asked(part) || !parts.iter().any(|part| asked(part));
    if wanted("appending") {
        appending::measure(&runtime, size.duration);
    }
    if wanted("moving") {
        moving::measure(&runtime, size.duration / 8);
    }
    if wanted("reading") {
        reading::measure(size.read);
    }
    if wanted("opening") {
        opening::measure(&runtime, size.opened);
    }
}

fn runtime(workers: usize) -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(workers).enable_all().build().unwrap()
}

/// On the disk that holds the build: that is the one to measure.
fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}
