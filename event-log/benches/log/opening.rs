//! Opening a long log after `kill -9`.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use domain::identity::EventId;
use event_log::{
    append::{Append, NewEvent},
    backend::Backend,
    embedded::{Embedded, Settings},
};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{event::stream, figures::limit, folder, runtime, whole::ORIGIN};

/// Set where this program is to load a log and wait to be killed: the folder.
pub(crate) const ROLE: &str = "EVENT_LOG_BENCH_DIR";
const EVENTS: &str = "EVENT_LOG_BENCH_EVENTS";

const PER_STREAM: u64 = 4;
const LOADERS: u64 = 512;

/// Loads a log in the folder, says so, and waits for the end.
pub(crate) fn load_and_wait(dir: &str) {
    let events: u64 = std::env::var(EVENTS).unwrap().parse().unwrap();
    let log = Arc::new(Embedded::open(dir.as_ref(), &Settings::named(ORIGIN)).unwrap());
    let started = Instant::now();
    runtime(2).block_on(async {
        let tasks: Vec<_> = (0..LOADERS)
            .map(|of| tokio::spawn(load(Arc::clone(&log), of, events / LOADERS)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    println!("{:.0}", events as f64 / started.elapsed().as_secs_f64());
    std::io::stdout().flush().unwrap();
    std::thread::sleep(Duration::from_secs(600));
}

/// Entries that are none: opening reads columns, and no entry but the last.
async fn load(log: Arc<Embedded>, loader: u64, events: u64) {
    for number in 0..events / PER_STREAM {
        let new = || NewEvent {
            id: EventId::new(Uuid::nil()),
            entry: vec![b'x'; 600],
            sealed: Some(vec![0x5A; 96]),
        };
        let append = Append {
            stream: stream(loader << 32 | number),
            expected: None,
            guards: Vec::new(),
            events: (0..PER_STREAM).map(|_| new()).collect(),
        };
        log.append(append).await.unwrap();
    }
}

pub(crate) fn measure(runtime: &Runtime, events: u64) {
    let dir = folder();
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
    println!("\nOpening {events} events after kill -9 (loaded at {} events/s)", said.trim());
    let started = Instant::now();
    let log = Embedded::open(dir.path(), &Settings::named(ORIGIN)).unwrap();
    limit("seconds", started.elapsed().as_secs_f64(), 2.0);
    let length = *log.watch().borrow();
    let last = runtime.block_on(log.read_all(length - 1, 1)).unwrap();
    assert_eq!((length, last.len()), (events / LOADERS / PER_STREAM * PER_STREAM * LOADERS, 1));
}
