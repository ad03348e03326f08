//! How fast the log in a file takes events, beside a bare file that does the same commits.
//!
//! `cargo bench -p event-log --bench append [seconds] [events]`: each measurement takes so many
//! seconds (2), and a log of so many events (2,000,000) is killed, opened and read. Figures in one run
//! belong together; on another machine look at the ratios.
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

#[path = "append/load.rs"]
mod load;
#[path = "append/opening.rs"]
mod opening;
#[path = "append/raw.rs"]
mod raw;

use std::{path::Path, sync::Arc, time::Duration};

use event_log::embedded::{Embedded, Settings};
use tempfile::TempDir;

use self::{
    load::{Figures, measure},
    raw::Raw,
};

fn main() {
    if let Ok(role) = std::env::var(opening::ROLE) {
        return opening::load_and_wait(&role);
    }
    let numbers: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let duration = Duration::from_secs(numbers.first().copied().unwrap_or(2));
    let events = numbers.get(1).copied().unwrap_or(2_000_000);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();

    println!("{:<34}{:>12}{:>9}{:>9}{:>9}", "", "events/s", "p50 µs", "p99 µs", "p99.9 µs");
    for (appenders, batch) in [(1, 1), (16, 1), (256, 1), (1, 1_000)] {
        let shape = format!("{appenders} × {batch}");
        let bare = runtime.block_on(in_folder(async |dir| {
            measure(&Arc::new(Raw::open(dir, 0)), appenders, batch, duration).await
        }));
        let zeroed = runtime.block_on(in_folder(async |dir| {
            measure(&Arc::new(Raw::open(dir, 1 << 30)), appenders, batch, duration).await
        }));
        let ours = runtime.block_on(in_folder(async |dir| {
            measure(&Arc::new(open(dir)), appenders, batch, duration).await
        }));
        print(&format!("{shape}: bare file, growing"), &bare);
        print(&format!("{shape}: bare file, zeroed before"), &zeroed);
        print(&format!("{shape}: log"), &ours);
        println!(
            "{:<34}{:>11.2}× growing, {:.2}× zeroed",
            format!("{shape}: ratio"),
            ours.per_second / bare.per_second,
            ours.per_second / zeroed.per_second
        );
    }
    opening::measure(&runtime, events, duration);
}

async fn in_folder(run: impl AsyncFnOnce(&Path) -> Figures) -> Figures {
    let dir =
        TempDir::new_in(std::env::current_dir().unwrap().join("target")).unwrap_or_else(|_| {
            // Run from the crate's folder: the disk that holds the build is the one to measure.
            TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
        });
    run(dir.path()).await
}

fn open(dir: &Path) -> Embedded {
    Embedded::open(dir, &Settings::named("bench.example/log")).unwrap()
}

fn print(name: &str, figures: &Figures) {
    println!(
        "{name:<34}{:>12.0}{:>9}{:>9}{:>9}",
        figures.per_second,
        figures.at(0.5),
        figures.at(0.99),
        figures.at(0.999)
    );
}
