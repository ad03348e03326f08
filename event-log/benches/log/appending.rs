//! Durable appends, one by one and in batches.

use std::{fs::File, sync::Arc, thread, time::Duration};

use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    figures::{Figures, goal, limit, print},
    folder,
    load::{STREAMS, Shape, measure as load},
    raw::{EVENT, Raw},
    whole::Whole,
};

/// How many appenders, how many events in an append, and the part of a bare file to be reached.
const SHAPES: [(u64, u64, f64); 4] =
    [(1, 1, 0.6), (256, 1, 0.4), (1, 1_000, 0.25), (4, 1_000, 0.25)];

/// Long enough for the longest loop.
const ZEROED: usize = 4 << 30;

pub(crate) fn measure(runtime: &Runtime, duration: Duration) {
    let mut event = EVENT;
    let rest = duration * 3 / 10;
    for (appenders, batch, part) in SHAPES {
        let shape = Shape { appenders, batch };
        let (log, bytes) = runtime.block_on(async {
            let dir = settled(rest);
            let whole = Arc::new(Whole::open(dir.path(), appenders * STREAMS).await);
            let log = load(&whole, shape, duration).await;
            let bytes = whole.bytes_an_event().await;
            Arc::into_inner(whole).unwrap().close().await;
            (log, bytes)
        });
        event = if bytes > 0 { bytes } else { event };
        let bare = runtime.block_on(on_bare(settled(rest), 0, event, shape, duration));
        let zeros = zeroed_for(duration);
        let zeroed = runtime.block_on(on_bare(settled(rest), zeros, event, shape, duration));
        println!("\nDurable appends, {appenders} x {batch}, {event} bytes an event");
        print("  bare file, growing", &bare);
        print("  bare file, zeroed before", &zeroed);
        print("  log", &log);
        goal("of the growing file", log.per_second / bare.per_second, part);
        goal("of the zeroed file", log.per_second / zeroed.per_second, part);
        if appenders == 256 {
            limit("p99 in ms", log.at(0.99) / 1e3, 5.0);
            limit("p99.9 in ms", log.at(0.999) / 1e3, 20.0);
            for (what, part) in [("p99", 0.99), ("p99.9", 0.999)] {
                let (growing, zeroed) = (bare.at(part) / 1e3, zeroed.at(part) / 1e3);
                println!(
                    "    {what} in ms of the bare files: growing {growing:.2}, zeroed {zeroed:.2}"
                );
            }
        }
    }
}

/// How many zeros are enough for so long.
pub(crate) fn zeroed_for(duration: Duration) -> usize {
    ZEROED.min((duration.as_millis() as usize) * (1 << 19))
}

/// A folder for the next, after the file system has done what it owes the one before: blocks that were given back are
/// discarded by and by, some gigabytes at once here, and a sync beside that takes long.
fn settled(rest: Duration) -> TempDir {
    let dir = folder();
    File::open(dir.path()).and_then(|dir| dir.sync_all()).unwrap();
    thread::sleep(rest);
    dir
}

async fn on_bare(
    dir: TempDir,
    zeroed: usize,
    event: usize,
    shape: Shape,
    duration: Duration,
) -> Figures {
    let raw = Arc::new(Raw::open(dir.path(), zeroed, event));
    load(&raw, shape, duration).await
}
