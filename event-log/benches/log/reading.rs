//! Reading everything, verifying everything, and reading one stream of four events.

use std::time::Instant;

use event_log::{
    AsOf, EventLog, Keys,
    audit::{Brought, audit},
    embedded::Settings,
    transparency_log::Publish,
};

use crate::{
    cores::seconds,
    event::stream,
    figures::{Begun, Figures, goal, limit, print},
    folder,
    load::Log,
    raw::Segment,
    runtime,
    whole::{ORIGIN, Whole},
};

const PER_STREAM: u64 = 4;

/// How many streams are asked for.
const FOURS: u64 = 50_000;

/// Of how many subjects keys are asked for when what is sealed is opened.
const KEYS_AT_HAND: u64 = 10_000;

pub(crate) fn measure(events: u64) {
    let dir = folder();
    let streams = events / PER_STREAM;
    let (events, bytes, keys) = runtime(2).block_on(async {
        let whole = Whole::open(dir.path(), streams).await;
        // Many at once, so that loading is not one wait after the other.
        for first in (0..streams).step_by(512) {
            let last = streams.min(first + 512);
            let each = |number| whole.put(number, u128::from(number) << 32, PER_STREAM);
            futures_of((first..last).map(each)).await;
        }
        whole.tree.step(1, Publish::Always).await.unwrap();
        let answer = (whole.log.length(), whole.bytes_an_event().await, whole.tree.verifiers());
        whole.close().await;
        answer
    });
    let segment = Segment::write(dir.path(), events, bytes);
    let open = || EventLog::open_read_only(dir.path(), Keys::Absent).unwrap();

    println!("\nReading {events} events of {bytes} bytes, from first to last");
    let bare = segment.read(false);
    let log = open();
    let one = runtime(1).block_on(read(&log, 0, events));
    let two = in_two(&log, events);
    print("  bare file, copied out, one core", &bare);
    print("  log, as typed events, one core", &one);
    print("  log, as typed events, two cores", &two);
    goal("million events a second, one core", one.per_second / 1e6, 1.0);
    goal("two cores, times one", two.per_second / one.per_second, 1.8);

    println!("\nVerifying: entries, chains, sections, tree, checkpoints, the file");
    let bare = segment.read(true);
    let (begun, core) = (Begun::now(), seconds());
    let brought = Brought { keys: &keys, last_signed: None, ..Brought::default() };
    let report = runtime(1).block_on(audit(dir.path(), brought, |_| ())).unwrap();
    assert!(report.is_clean(), "{:?}", report.all());
    let verified = begun.ended(events, Vec::new());
    let core = (seconds() - core).max(0.01);
    print("  bare file, each event hashed, one core", &bare);
    print("  log, audited", &verified);
    println!("      on a core, all threads: {:.2} us an event", core * 1e6 / events as f64);
    goal("million events a second, for each core", events as f64 / core / 1e6, 1.0);

    println!("\nOne stream of {PER_STREAM} events, warm");
    let bare = segment.fours(FOURS);
    let beside = runtime(1).block_on(fours(&log, streams));
    drop(log);
    let own = EventLog::open_with(dir.path(), &Settings::named(ORIGIN)).unwrap();
    let sealed = runtime(1).block_on(fours(&own.without_keys(), streams));
    // So many that their keys stay at hand; once before.
    let some = streams.min(KEYS_AT_HAND);
    runtime(1).block_on(fours(&own, some));
    let opened = runtime(1).block_on(fours(&own, some));
    print("  bare file, four reads", &bare);
    print("  log, read by its server, without keys", &sealed);
    print("  log, read by its server, opened", &opened);
    print("  log, read by another process, without keys", &beside);
    limit("p99 in us, its server, without keys", sealed.at(0.99), 40.0);
    limit("p99 in us, its server, opened", opened.at(0.99), 40.0);
    limit("p99 in us, another process", beside.at(0.99), 40.0);
}

/// Waits for all of them, side by side in this task.
async fn futures_of(all: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

async fn read(log: &EventLog, from: u64, to: u64) -> Figures {
    let begun = Begun::now();
    let mut next = from;
    while next < to {
        let some = log.read_all(next, 2_048.min((to - next) as usize)).await.unwrap();
        next += some.len() as u64;
        std::hint::black_box(some);
    }
    begun.ended(to - from, Vec::new())
}

fn in_two(log: &EventLog, events: u64) -> Figures {
    let begun = Begun::now();
    let half = events / 2;
    std::thread::scope(|scope| {
        for (from, to) in [(0, half), (half, events)] {
            scope.spawn(move || runtime(1).block_on(read(log, from, to)));
        }
    });
    begun.ended(events, Vec::new())
}

async fn fours(log: &EventLog, streams: u64) -> Figures {
    let mut nanos = Vec::new();
    let mut number = 1_u64;
    let begun = Begun::now();
    for _ in 0..FOURS {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let stream = stream((number >> 33) % streams);
        let now = Instant::now();
        assert_eq!(log.history(stream, AsOf::Now).await.unwrap().len() as u64, PER_STREAM);
        nanos.push(now.elapsed().as_nanos() as u64);
    }
    begun.ended(FOURS, nanos)
}
