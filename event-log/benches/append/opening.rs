//! Opening a long log after `kill -9`, and reading it.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::{backend::Backend, embedded::Embedded};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    load::{Figures, Log, append, child, measure as append_for},
    open, print,
};

/// Set where this program is to load a log and wait to be killed: the folder.
pub(crate) const ROLE: &str = "EVENT_LOG_BENCH_DIR";
const EVENTS: &str = "EVENT_LOG_BENCH_EVENTS";

const PER_STREAM: u64 = 4;

/// Loads a log in the folder, says so, and waits for the end.
pub(crate) fn load_and_wait(dir: &str) {
    let events: u64 = std::env::var(EVENTS).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let log = Arc::new(open(dir.as_ref()));
    let started = Instant::now();
    runtime.block_on(async {
        let loaders = 512_u64;
        let tasks: Vec<_> = (0..loaders)
            .map(|of| tokio::spawn(load(Arc::clone(&log), of, events / loaders)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    let rate = events as f64 / started.elapsed().as_secs_f64();
    println!("{:<34}{rate:>12.0}", "loading, streams of 4 in one append");
    std::io::stdout().flush().unwrap();
    std::thread::sleep(Duration::from_secs(600));
}

async fn load(log: Arc<Embedded>, loader: u64, events: u64) {
    for number in 0..events / PER_STREAM {
        log.put(append(stream_of(loader, number), None, PER_STREAM)).await;
    }
}

fn stream_of(loader: u64, number: u64) -> domain::stream::Stream {
    child((1 << 100) | (u128::from(loader) << 64) | u128::from(number))
}

pub(crate) fn measure(runtime: &Runtime, events: u64, duration: Duration) {
    let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut loader = Command::new(std::env::current_exe().unwrap())
        .env(ROLE, dir.path())
        .env(EVENTS, events.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(loader.stdout.take().unwrap()).read_line(&mut said).unwrap();
    loader.kill().unwrap();
    loader.wait().unwrap();
    print!("{said}");

    let started = Instant::now();
    let log = Arc::new(open(dir.path()));
    let took = started.elapsed();
    println!("opening {events} events after kill -9: {} ms", took.as_millis());

    let (read, took) = runtime.block_on(read_all(&log));
    println!("reading all: {:.0} events/s", read as f64 / took.as_secs_f64());
    let streams = runtime.block_on(read_streams(&log, events));
    print("one stream of 4, known long ago", &streams);
    let known = runtime.block_on(append_for(&log, 256, 1, duration));
    print("256 × 1: log of many streams", &known);
}

async fn read_all(log: &Embedded) -> (usize, Duration) {
    let started = Instant::now();
    let mut read = 0;
    loop {
        let piece = log.read_all(read as u64, 10_000).await.unwrap();
        if piece.is_empty() {
            return (read, started.elapsed());
        }
        read += piece.len();
    }
}

async fn read_streams(log: &Embedded, events: u64) -> Figures {
    let per_loader = events / 512 / PER_STREAM;
    let started = Instant::now();
    let mut micros = Vec::new();
    let mut number = 1_u64;
    for _ in 0..50_000 {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let stream = stream_of((number >> 33) % 512, (number >> 42) % per_loader);
        let now = Instant::now();
        assert_eq!(log.read_stream(stream, 0, None).await.unwrap().len(), 4);
        micros.push((now.elapsed().as_nanos() / 1_000) as u32);
    }
    let count = micros.len() as u64;
    Figures::of(micros, count, started.elapsed())
}
