//! The process to which it is done: it opens the log, does one thing, and says what it was answered.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
};

use event_log::{
    EventLog,
    checkpoints::Packing,
    embedded::Settings,
    export::{Part, export_tiles},
    log_keys::LogKeys,
    transparency_log::{Publish, TransparencyLog},
};
use fixtures::scenario::id;

use crate::{
    strace::{Victim, say},
    world::{self, NOW, ORIGIN, calm, child, organisation, registered, restless, word},
};

/// What the process shall do; not set where the tests run.
pub(crate) const OPERATION: &str = "EVENT_LOG_TORTURE_OPERATION";
const DIR: &str = "EVENT_LOG_TORTURE_DIR";

/// How many appends a victim makes.
pub(crate) const APPENDS: u128 = 3;

/// How a victim packs: of nine checkpoints six come into two packs.
pub(crate) const FEW: Packing = Packing { loose: 2, together: 3 };

/// What a victim does with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Makes a log where there is none, with its keys, and writes and publishes its first events.
    Create,
    /// Appends three times, as a server does.
    Append,
    /// The same, while heads are written and the write-ahead log is moved and started again.
    AppendRestless,
    /// Takes new entries into the tree, signs and publishes a checkpoint, and then a heartbeat.
    Publish,
    /// Packs old checkpoints, and publishes one more.
    Pack,
    /// Begins an erasure, destroys the key, takes its sealed sections away, and records something.
    Erase,
    /// Writes the log as a folder.
    Export,
}

impl Operation {
    pub(crate) const ALL: [Self; 7] = [
        Self::Create,
        Self::Append,
        Self::AppendRestless,
        Self::Publish,
        Self::Pack,
        Self::Erase,
        Self::Export,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Append => "append",
            Self::AppendRestless => "append, restless",
            Self::Publish => "publish",
            Self::Pack => "pack",
            Self::Erase => "erase",
            Self::Export => "export",
        }
    }

    /// The process that does it.
    pub(crate) const fn victim(self) -> Victim {
        Victim { test: "victim::victim_process", folder: DIR, told: (OPERATION, self.name()) }
    }

    fn settings(self) -> Settings {
        if self == Self::AppendRestless { restless() } else { calm() }
    }
}

/// The other process. Where no operation is set there is nothing for it to do.
#[test]
fn victim_process() {
    let Ok(name) = std::env::var(OPERATION) else { return };
    let dir = PathBuf::from(std::env::var(DIR).unwrap());
    let operation = Operation::ALL.into_iter().find(|operation| operation.name() == name).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ended = runtime.block_on(run(operation, &dir));
    match ended {
        Ok(()) => say("end"),
        Err(refused) => say(&format!("refused {refused}")),
    }
}

/// An error with all its causes, on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text.replace('\n', " ")
}

async fn run(operation: Operation, dir: &Path) -> Result<(), String> {
    let log = EventLog::open_with(dir, &operation.settings()).map_err(|error| chain(&error))?;
    say("opened");
    match operation {
        Operation::Create => create(&log, dir).await?,
        Operation::Append | Operation::AppendRestless => append(&log).await,
        Operation::Publish => publish(&log, dir).await?,
        Operation::Pack => pack(&log, dir).await?,
        Operation::Erase => erase(&log).await,
        Operation::Export => {
            let tree = open_tree(&log, dir)?;
            let keys = tree.verifiers();
            again(|| async {
                let done =
                    export_tiles(&tree, &world::exported(dir), Part::default(), &keys, |_| ())
                        .await;
                done.map(|exported| format!("exported {}", exported.checkpoint.checkpoint().size))
            })
            .await;
        }
    }
    Ok(())
}

async fn create(log: &EventLog, dir: &Path) -> Result<(), String> {
    let subjects = [id(1), id(2)];
    log.create_subjects(&subjects, |subject| world::command(subject.as_u128()))
        .await
        .map_err(|error| chain(&error))?;
    say("keys");
    LogKeys::init(&dir.join("keys"), ORIGIN).map_err(|error| chain(&error))?;
    say("signing");
    append(log).await;
    publish(log, dir).await
}

async fn append(log: &EventLog) {
    for number in 0..APPENDS {
        for _ in 0..2 {
            match world::append(log, number).await {
                Ok(position) => {
                    say(&format!("ack {position}"));
                    break;
                }
                // The same again, as a caller does who was told nothing else.
                Err(error) => say(&format!("answer {}: {}", word(&error), chain(&error))),
            }
        }
    }
}

async fn pack(log: &EventLog, dir: &Path) -> Result<(), String> {
    let tree = open_tree(log, dir)?;
    again(|| async { tree.pack_checkpoints(FEW).await.map(|sizes| format!("packed {sizes}")) })
        .await;
    publish_times(&tree, 1).await;
    Ok(())
}

async fn publish(log: &EventLog, dir: &Path) -> Result<(), String> {
    publish_times(&open_tree(log, dir)?, 2).await;
    Ok(())
}

async fn publish_times(tree: &TransparencyLog, times: u64) {
    for number in 0..times {
        again(|| async {
            let step = tree.step(NOW + 1 + number, Publish::Always).await?;
            let text = step.published.map(|signed| signed.to_string()).unwrap_or_default();
            Ok::<_, event_log::transparency_log::TransparencyError>(format!(
                "published {}",
                hex::encode(text)
            ))
        })
        .await;
    }
}

fn open_tree(log: &EventLog, dir: &Path) -> Result<TransparencyLog, String> {
    let keys = LogKeys::open(&dir.join("keys"), ORIGIN).map_err(|error| chain(&error))?;
    TransparencyLog::open(log, dir, keys).map_err(|error| chain(&error))
}

async fn erase(log: &EventLog) {
    let ring = log.keyring().unwrap();
    let begun = again(|| async {
        world::begin_erasure(log, 160).await.map(|position| format!("ack {position}"))
    });
    if !begun.await {
        return;
    }
    again(|| async { ring.destroy(&[id(1)]).map(|epoch| format!("destroyed {epoch}")) }).await;
    again(|| async {
        log.backend().erase_sealed(child(1)).await.map(|number| format!("erased {number}"))
    })
    .await;
    again(|| async {
        let written = world::write(log, organisation(), vec![registered(70)], 170).await;
        written.map(|position| format!("ack {position}"))
    })
    .await;
}

/// Does something, and once again if it fails; says how it went, and answers whether it was done.
async fn again<E: std::error::Error + 'static>(act: impl AsyncFn() -> Result<String, E>) -> bool {
    for _ in 0..2 {
        match act().await {
            Ok(done) => {
                say(&done);
                return true;
            }
            Err(error) => say(&format!("answer {}: {}", kind(&error), chain(&error))),
        }
    }
    false
}

fn kind(error: &dyn Display) -> String {
    // The first words say which error it is.
    error.to_string().split([':', '/']).next().unwrap_or_default().trim().to_owned()
}
