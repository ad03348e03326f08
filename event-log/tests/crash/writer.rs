//! The process that appends, and says what has been acknowledged.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use domain::{
    identity::{ChildRef, EventId},
    stream::Stream,
};
use event_log::{
    append::{Append, AppendError, NewEvent},
    backend::Backend,
    embedded::{Embedded, Settings},
};
use uuid::Uuid;

/// What the process shall do; not set where the tests run.
pub(crate) const ROLE: &str = "EVENT_LOG_CRASH_ROLE";
const DIR: &str = "EVENT_LOG_CRASH_DIR";
const RUN: &str = "EVENT_LOG_CRASH_RUN";

const TASKS: u128 = 12;

/// Bulks of heads, moves and restarts of the write-ahead log go on all the time.
pub(crate) fn restless() -> Settings {
    Settings { tail_events: 200, wal_bytes: 512 * 1024, ..Settings::named("test.example/crash") }
}

/// This binary, started again to run [`writer_process`] only. `prelude` is given to a shell first.
pub(crate) fn command(prelude: &str, role: &str, dir: &Path, run: u64, says: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{prelude} exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "writer::writer_process", "--nocapture", "--test-threads=1"])
        .env(ROLE, role)
        .env(DIR, dir)
        .env(RUN, run.to_string())
        .stdout(File::create(says).unwrap());
    command
}

/// The other process. Where no role is set there is nothing for it to do.
#[test]
fn writer_process() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let dir = PathBuf::from(std::env::var(DIR).unwrap());
    let run = std::env::var(RUN).unwrap().parse().unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    match role.as_str() {
        "load" => runtime.block_on(load(&dir, run)),
        "fill" => runtime.block_on(fill(&dir)),
        other => panic!("no such role: {other}"),
    }
}

/// Says a line, in one write.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Appends from many tasks until killed: to streams of their own, and to one that all share.
async fn load(dir: &Path, run: u64) {
    let log = Arc::new(Embedded::open(dir, &restless()).unwrap());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| tokio::spawn(append_on_and_on(Arc::clone(&log), task, run)))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn append_on_and_on(log: Arc<Embedded>, task: u128, run: u64) {
    for number in 0_u128.. {
        let stream = if number % 5 == 0 { child(0) } else { child(1 + task * 40 + number % 40) };
        let expected = log.head(stream).await.unwrap().map(|head| head.revision);
        let count = 1 + number % 3;
        let names: Vec<String> =
            (0..count).map(|nth| format!("{run}.{task}.{number}.{nth}")).collect();
        let events = names.iter().map(|name| event(name)).collect();
        let append = Append { stream, expected, guards: Vec::new(), events };
        match log.append(append).await {
            Ok(appended) => {
                for (name, position) in names.iter().zip(appended.first_position..) {
                    say(&format!("ack {position} {name}"));
                }
            }
            Err(AppendError::Conflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Appends one by one until it fails, then once more, then reads.
async fn fill(dir: &Path) {
    let settings = Settings { wal_bytes: u64::MAX, ..Settings::named("test.example/crash") };
    let log = Embedded::open(dir, &settings).unwrap();
    let mut revision = None;
    for number in 0_u64.. {
        let name = number.to_string();
        match log.append(one(revision, &name)).await {
            Ok(appended) => say(&format!("ack {} {name}", appended.first_position)),
            Err(error) => {
                say(&format!("first {}", kind(&error)));
                break;
            }
        }
        revision = Some(number);
    }
    say(&format!("poisoned {}", log.poisoned().is_some()));
    let again = log.append(one(revision, "again")).await.unwrap_err();
    say(&format!("then {}", kind(&again)));
    say(&format!("read {}", log.read_all(0, usize::MAX).await.unwrap().len()));
}

pub(crate) fn one(expected: Option<u64>, name: &str) -> Append {
    Append { stream: child(0), expected, guards: Vec::new(), events: vec![event(name)] }
}

fn kind(error: &AppendError) -> &'static str {
    match error {
        AppendError::Conflict { .. } => "conflict",
        AppendError::GuardMoved { .. } => "guard moved",
        AppendError::Unstorable(_) => "unstorable",
        AppendError::Unavailable(_) => "unavailable",
        AppendError::Unknown(_) => "unknown",
        AppendError::Poisoned(_) => "poisoned",
    }
}

pub(crate) fn entry(name: &str) -> Vec<u8> {
    format!("{{\"name\":\"{name}\",\"filler\":\"{}\"}}", "x".repeat(200)).into_bytes()
}

fn event(name: &str) -> NewEvent {
    NewEvent { id: EventId::new(Uuid::nil()), entry: entry(name), sealed: Some(vec![7; 90]) }
}

pub(crate) fn child(number: u128) -> Stream {
    Stream::Child(ChildRef::new(Uuid::from_u128(number)))
}

/// What the process said was acknowledged: position and name.
pub(crate) fn acknowledged(said: &str) -> Vec<(u64, String)> {
    // The last line may have been cut off by the kill; the test's own name may stand before the
    // first.
    let whole = said.rfind('\n').map_or("", |end| said.get(..end).unwrap());
    let acks = whole.lines().filter_map(|line| line.split_once("ack ").map(|(_, ack)| ack));
    acks.map(|ack| {
        let (position, name) = ack.split_once(' ').unwrap();
        (position.parse().unwrap(), name.to_owned())
    })
    .collect()
}
