//! How fast read models are built from a log, and how fast they answer, on both stores.
//!
//! `scripts/bench-read-models` runs this for several sizes. Rates depend on the machine and on whoever
//! else uses it, so each is given as a ratio, too: of bare reading and decoding of the same log in the
//! same run, and of a bare read of one document.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made has failed"
)]

mod asking;
mod generated;
#[path = "../../tests/conformance/server.rs"]
#[expect(dead_code, reason = "tests kill it, and this does not")]
mod server;

use std::{path::PathBuf, sync::Arc, time::Instant};

use event_log::EventLog;
use projections::{
    known::Known,
    marks::Marker,
    projection::{MarkedProjection, Projection},
    projector::{Projector, Settings},
    read_models::{
        self, AuthorisedUsers, Investigations, Openings, Organisations, Search, Seen, Shields,
        UnusualAccess,
    },
    store::{Embedded, Redis, Store},
};
use uuid::Uuid;

/// What is to be measured.
struct Wanted {
    /// How many events.
    events: u64,
    /// In which folder logs are kept between runs.
    logs: PathBuf,
    /// On which stores.
    stores: Vec<String>,
    /// Which read models are built alone; all, if none is named.
    models: Vec<String>,
    /// Whether all are built together, and asked.
    answers: bool,
}

/// `EVENTS FOLDER [--stores embedded,redis] [--models seen,openings] [--no-answers]`
fn wanted() -> Wanted {
    let mut wanted = Wanted {
        events: 100_000,
        logs: std::env::temp_dir(),
        stores: vec!["embedded".to_owned(), "redis".to_owned()],
        models: Vec::new(),
        answers: true,
    };
    let (mut arguments, mut plain) = (std::env::args().skip(1), 0);
    while let Some(argument) = arguments.next() {
        let mut list = || {
            let list = arguments.next().expect("a list");
            list.split(',').map(str::to_owned).collect::<Vec<_>>()
        };
        match argument.as_str() {
            "--stores" => wanted.stores = list(),
            "--models" => wanted.models = list(),
            "--no-answers" => wanted.answers = false,
            "--bench" => {}
            _ if plain == 0 => {
                wanted.events = argument.parse().expect("a number of events");
                plain = 1;
            }
            _ => wanted.logs = PathBuf::from(argument),
        }
    }
    wanted
}

#[tokio::main]
async fn main() {
    let Wanted { events, logs, stores, models, answers } = wanted();
    let begun = Instant::now();
    let log = generated::log(&logs, events).await;
    eprintln!("the log is there after {:.0?}", begun.elapsed());
    let bare = decoding(&log.without_keys()).await;
    println!("\n## {} events\n", log.length());
    println!("Bare reading and decoding, without keys: {bare:.0} events a second.\n");
    println!(
        "| built | store | events a second | of bare reading | us of a core an event | bytes written an event |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for kind in &stores {
        let rates = Rates { log: &log, kind, bare, models: &models };
        rates.plain::<AuthorisedUsers>().await;
        rates.plain::<Investigations>().await;
        rates.plain::<Openings>().await;
        rates.plain::<Organisations>().await;
        rates.plain::<Seen>().await;
        rates.plain::<Shields>().await;
        rates.marked::<Search>().await;
        rates.marked::<UnusualAccess>().await;
    }
    let mut answered = Vec::new();
    for kind in stores.iter().filter(|_| answers) {
        let place = Place::of(kind);
        let built = Built::of(&log, &place, read_models::all()).await;
        built.row("all eight together", kind, bare);
        answered.push((kind, asking::all(&log, &place.store()).await));
    }
    if answers {
        println!("\n| question | store | p50 | p99 | p50, in bare reads of one document |");
        println!("| --- | --- | ---: | ---: | ---: |");
    }
    for (kind, latencies) in answered {
        for latency in latencies {
            latency.print(kind);
        }
    }
    eprintln!("{} events measured after {:.0?}", log.length(), begun.elapsed());
}

/// What this process has used: seconds of a core, and bytes that go to the disk, counted by the kernel. A Redis
/// server is another process.
#[derive(Clone, Copy)]
struct Used {
    cores: f64,
    written: f64,
}

impl Used {
    fn so_far() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // After the name: the 12th and the 13th field, in hundredths of a second.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: f64 = fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
        let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
        let written = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
        let written = written.and_then(|it| it.parse().ok()).unwrap_or_default();
        Self { cores: ticks / 100.0, written }
    }
}

/// How a building went.
struct Built {
    events: f64,
    seconds: f64,
    used: Used,
}

impl Built {
    async fn of(log: &EventLog, place: &Place, known: Known) -> Self {
        let (begun, before) = (Instant::now(), Used::so_far());
        let store = place.store();
        build(log, Arc::clone(&store), known).await;
        let seconds = begun.elapsed().as_secs_f64();
        drop(store); // what the file beside holds is written into the file
        let after = Used::so_far();
        let used =
            Used { cores: after.cores - before.cores, written: after.written - before.written };
        Self { events: log.length() as f64, seconds, used }
    }

    fn row(&self, what: &str, kind: &str, bare: f64) {
        let Self { events, seconds, used } = self;
        let rate = events / seconds;
        let (cores, written) = (used.cores * 1e6 / events, used.written / events);
        let ratio = rate / bare;
        println!("| {what} | {kind} | {rate:.0} | {ratio:.2} | {cores:.1} | {written:.0} |");
    }
}

/// A store of its own, gone with this.
enum Place {
    File(tempfile::TempDir),
    Server(server::Server),
}

impl Place {
    fn of(kind: &str) -> Self {
        match kind {
            "redis" => Self::Server(server::Server::start()),
            _ => Self::File(tempfile::tempdir().unwrap()),
        }
    }

    fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::File(dir) => Arc::new(Embedded::open(dir.path()).unwrap()),
            Self::Server(server) => Arc::new(Redis::at(&server.address()).unwrap()),
        }
    }
}

/// Measures how fast single read models are built.
struct Rates<'a> {
    log: &'a EventLog,
    kind: &'a str,
    bare: f64,
    models: &'a [String],
}

impl Rates<'_> {
    async fn plain<P: Projection>(&self) {
        self.one(<P as Projection>::NAME, Known::none().and::<P>()).await;
    }

    async fn marked<P: MarkedProjection>(&self) {
        self.one(P::NAME, Known::none().and_marked::<P>()).await;
    }

    async fn one(&self, name: &str, known: Known) {
        if !self.models.is_empty() && !self.models.iter().any(|model| model == name) {
            return;
        }
        let place = Place::of(self.kind);
        Built::of(self.log, &place, known).await.row(name, self.kind, self.bare);
    }
}

async fn decoding(log: &EventLog) -> f64 {
    let begun = Instant::now();
    let mut next = 0;
    while next < log.length() {
        next += u64::try_from(log.read_all(next, 16_384).await.unwrap().len()).unwrap();
    }
    next as f64 / begun.elapsed().as_secs_f64()
}

async fn build(log: &EventLog, store: Arc<dyn Store>, known: Known) {
    let marker = Marker::of(log).unwrap();
    let mut projector = Projector::new(log, store, Known::none(), Settings::default(), Uuid::nil())
        .marking(marker, known);
    while let Err(error) = projector.catch_up().await {
        // A server that is kept from working answers late; a server process would go on, too.
        eprintln!("{error}; going on");
    }
}
