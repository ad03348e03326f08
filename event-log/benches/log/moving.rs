//! Whether the moving of the write-ahead log shows: 256 appenders with it as shipped and with it held, in turn.

use std::{
    fs::OpenOptions,
    io::Write,
    path::Path,
    sync::{Arc, mpsc},
    time::Duration,
};

use event_log::embedded::{Settings, spells::Spell};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    appending::zeroed_for,
    causes,
    figures::{Begun, Figures, print},
    folder,
    load::{Answered, Log, STREAMS, Shape, nanos, turn},
    raw::Raw,
    whole::{ORIGIN, Whole},
};

const SHAPE: Shape = Shape { appenders: 256, batch: 1 };

/// So often has each its turn.
const TURNS: u128 = 8;

/// A bound that is not reached.
const HELD: u64 = 1 << 40;

/// Nor is this. A log that has its rest while others have their turn would move all it holds beside them.
const NO_REST: Duration = Duration::from_secs(24 * 60 * 60);

/// A log, and what its threads say of their time.
struct Logged {
    whole: Arc<Whole>,
    spells: mpsc::Receiver<Spell>,
    _dir: TempDir,
}

impl Logged {
    async fn open(mut settings: Settings, expected: u64) -> Self {
        let (told, spells) = mpsc::channel();
        settings.spells = Some(told);
        let dir = folder();
        let whole = Whole::open_with(dir.path(), SHAPE.appenders * STREAMS, &settings).await;
        grow(&dir.path().join("log/events.sqlite-wal"), expected);
        Self { whole: Arc::new(whole), spells, _dir: dir }
    }
}

/// The engine writes over what is behind the end of the write-ahead log, as it does after it has begun it anew. So
/// no sync waits for the file to grow, in neither of the two.
fn grow(path: &Path, bytes: u64) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..bytes >> 20 {
        file.write_all(&zeros).unwrap();
    }
    file.sync_all().unwrap();
}

/// What one of them came to, over all its turns.
#[derive(Default)]
struct Turns {
    answers: Vec<Answered>,
    seconds: f64,
}

impl Turns {
    async fn take<L: Log>(&mut self, log: &Arc<L>, duration: Duration, round: u128) {
        let begun = Begun::now();
        self.answers.extend(turn(log, SHAPE, duration, round).await);
        self.seconds += begun.0.elapsed().as_secs_f64();
    }

    fn figures(&self) -> Figures {
        Figures::over(self.seconds, nanos(&self.answers))
    }
}

pub(crate) fn measure(runtime: &Runtime, duration: Duration) {
    let all = duration * (TURNS as u32 + 1);
    let zeroed = zeroed_for(all);
    let moved = Settings::named(ORIGIN);
    let held =
        Settings { wal_bytes: HELD, moved_bytes: HELD, moved_at_rest: NO_REST, ..moved.clone() };
    let (mut shipped, mut still, mut bare) = (Turns::default(), Turns::default(), Turns::default());
    let (moved, held) = runtime.block_on(async {
        let full = moved.wal_bytes;
        let moved = Logged::open(moved, full).await;
        let held = Logged::open(held, zeroed as u64 / 4).await;
        let dir = folder();
        turn(&moved.whole, SHAPE, duration, TURNS).await;
        turn(&held.whole, SHAPE, duration, TURNS).await;
        let event = moved.whole.bytes_an_event().await;
        let raw = Arc::new(Raw::open(dir.path(), zeroed, event));
        turn(&raw, SHAPE, duration / 4, TURNS).await;
        for round in 0..TURNS {
            shipped.take(&moved.whole, duration, round).await;
            still.take(&held.whole, duration, round).await;
            bare.take(&raw, duration, round).await;
        }
        (moved, held)
    });
    println!(
        "\n256 x 1, the write-ahead log moved as shipped and held, {TURNS} turns of {duration:?} each"
    );
    let (by_shipped, by_held, by_bare) = (shipped.figures(), still.figures(), bare.figures());
    print("  bare file, zeroed before", &by_bare);
    print("  log, write-ahead log held", &by_held);
    print("  log, write-ahead log moved as shipped", &by_shipped);
    for (what, part) in [("p99", 0.99), ("p99.9", 0.999)] {
        let times = |other: &Figures| by_shipped.at(part) / other.at(part);
        println!("    {what}, moved by held {:>25.2}", times(&by_held));
        println!("    {what}, moved by bare {:>25.2}", times(&by_bare));
    }
    for (what, answers, logged) in [("moved as shipped", &shipped, moved), ("held", &still, held)] {
        let spells: Vec<Spell> = logged.spells.try_iter().collect();
        causes::print(what, &answers.answers, &spells);
        let whole = Arc::into_inner(logged.whole).unwrap();
        runtime.block_on(whole.close());
    }
}
