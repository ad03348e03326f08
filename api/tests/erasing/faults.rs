//! A file call of a whole erasure fails, or its process is killed there; the next one finishes it.
//!
//! The process opens the directory, records proposal, authorisation and beginning, and carries the erasure
//! out to its end: key, sealed sections, read models, `SubjectErased`. `strace` counts its file calls, and
//! each run has one fault at one of them. Afterwards the erasure is finished where it stands, and everything
//! must hold of it that holds of one nobody disturbed. What is tried by default is in `docs/torture.md`.

use std::{collections::BTreeMap, env, path::Path};

use api::directory::{Directory, Keeping};
use domain::{erasure, event::Event, stream::Stream};
use event_log::{
    AsOf,
    erasure_certificate::Certificate,
    log_keys::LogKeys,
    transparency::Policy,
    transparency_log::{Publish, TransparencyLog},
    verify::verify,
};
use tempfile::TempDir;

use crate::{
    canary::{ciphertext, secret},
    crash::each_step_once,
    strace::{self, Call, Fault, Run, Victim, folder, say},
    world::{
        CHILD, ORIGIN, beginning, copy, files, fill, nowhere, open, readable, subject, try_write,
    },
};

/// Set to try every call, and not only some.
const EXHAUSTIVE: &str = "EVENT_LOG_TORTURE_EXHAUSTIVE";

/// The folder in which the process works; not set where the tests run.
const DATA: &str = "CONTACTPOINT_TEST_FAULTS";

/// How far the process goes: to the end of the erasure, or only as far as opening.
const UNTIL: &str = "CONTACTPOINT_TEST_FAULTS_UNTIL";

const ERASING: Victim =
    Victim { test: "faults::a_process_that_erases", folder: DATA, told: (UNTIL, "erased") };

const OPENING: Victim = Victim { told: (UNTIL, "opened"), ..ERASING };

/// How many runs there are of each fault by default.
const SAMPLED: usize = 12;

/// After every so many runs, how far it has come.
const TOLD: usize = 100;

/// Calls that change something on a disk.
const CHANGES: [&str; 9] =
    ["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "mkdir", "unlink"];

/// What such a process does. Run as a test by itself, it has nothing to do.
#[tokio::test]
async fn a_process_that_erases() {
    let Ok(data) = env::var(DATA) else { return };
    let until = env::var(UNTIL).unwrap();
    match erase_until(Path::new(&data), &until).await {
        Ok(()) => say("end"),
        Err(refused) => say(&format!("refused {refused}")),
    }
}

async fn erase_until(data: &Path, until: &str) -> Result<(), String> {
    let directory = try_open(data).await?;
    say("opened");
    if until == "opened" {
        return Ok(());
    }
    begin_where_it_stands(&directory).await?;
    say("begun");
    let erased = directory.eraser().finish(subject(1), directory.clock()).await;
    erased.map_err(|error| chain(&error))?;
    say("erased");
    Ok(())
}

async fn try_open(data: &Path) -> Result<Directory, String> {
    let options = event_log::Options { origin: ORIGIN.to_owned() };
    let clock = api::configuration::ClockKind::System;
    let opened = Directory::open(data, &options, clock, &Keeping::default()).await;
    opened.map_err(|error| chain(&error))
}

/// Records those of the first three steps that are not recorded yet.
async fn begin_where_it_stands(directory: &Directory) -> Result<(), String> {
    let (log, stream) = (directory.log(), Stream::Erasure(subject(1)));
    let history = log.history(stream, AsOf::Now).await.map_err(|error| chain(&error))?;
    let is_there = |wanted: &Event| history.iter().any(|there| same_kind(&there.event, wanted));
    for (event, by) in beginning(directory.eraser().holders()) {
        if !is_there(&event) {
            try_write(log, stream, event, by).await.map_err(|error| chain(&error))?;
        }
    }
    Ok(())
}

fn same_kind(one: &Event, other: &Event) -> bool {
    match (one, other) {
        (Event::Erasure(one), Event::Erasure(other)) => {
            std::mem::discriminant(one) == std::mem::discriminant(other)
        }
        _ => false,
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text.replace('\n', " ")
}

/// A folder with two subjects, a published checkpoint, and read models; and what must be gone afterwards.
struct Template {
    dir: TempDir,
    gone: Vec<Vec<u8>>,
    spared: Vec<String>,
}

impl Template {
    async fn new() -> Self {
        let dir = folder();
        let data = dir.path();
        let directory = open(data, &Keeping::default()).await;
        let log = directory.log();
        let canaries = fill(log, subject(1), CHILD).await;
        let spared = fill(log, subject(2), CHILD).await;
        let mut gone: Vec<Vec<u8>> = canaries.into_iter().map(String::into_bytes).collect();
        gone.extend(ciphertext(log, subject(1)).await);
        gone.push(log.keyring().unwrap().key(subject(1)).unwrap().unwrap().expose().to_vec());
        gone.push(secret(data, "epoch-1.key"));
        let keys = LogKeys::init(&data.join("log-keys"), ORIGIN).unwrap();
        let tree = TransparencyLog::open(log, data, keys).unwrap();
        tree.step(1, Publish::Always).await.unwrap();
        drop((tree, directory));
        Self { dir, gone, spared }
    }

    fn copy(&self) -> TempDir {
        let to = folder();
        copy(self.dir.path(), to.path());
        to
    }

    /// Opens the folder as the next process would, finishes the erasure, and looks at everything.
    async fn check(&self, data: &Path, said: &[String]) {
        let directory = open(data, &Keeping::default()).await;
        let (log, stream) = (directory.log(), Stream::Erasure(subject(1)));
        let is_said = |what: &str| said.iter().any(|line| line == what);
        let state = directory.state::<erasure::Erasure>(stream).await.unwrap();
        assert!(
            state.has_begun() || !is_said("begun"),
            "the beginning was acknowledged and is lost"
        );
        assert!(state.is_erased() || !is_said("erased"), "the end was acknowledged and is lost");
        begin_where_it_stands(&directory).await.unwrap();
        directory.eraser().finish(subject(1), directory.clock()).await.unwrap();

        assert!(!readable(log, subject(1)).await.contains("$personal"), "something can be read");
        let still = readable(log, subject(2)).await;
        assert!(self.spared.iter().all(|canary| still.contains(canary)), "the other was harmed");
        each_step_once(&log.history(stream, AsOf::Now).await.unwrap());
        let report = verify(log, |_| {}).await.unwrap();
        assert!(report.is_clean(), "verify: {:?}", report.findings);

        let keys = LogKeys::open(&data.join("log-keys"), ORIGIN).unwrap();
        let tree = TransparencyLog::open(log, data, keys).unwrap();
        tree.step(2, Publish::Always).await.unwrap();
        tree.check(|_| ()).await.unwrap();
        let certificate = Certificate::of(&tree, subject(1)).await.unwrap();
        let read = Certificate::parse(&certificate.to_json()).unwrap();
        let says = read.check(&Policy::of_log(tree.verifiers())).unwrap();
        assert_eq!((says.epoch_destroyed, says.sections_left), (1, 0));
        drop((tree, directory));
        nowhere(&files(data), &self.gone);
    }
}

/// Which calls are tried, and how many'th of its thread: all if so asked. Otherwise some of those that change
/// something after the folder has been opened, evenly over all of them.
fn chosen(erasing: &BTreeMap<Call, usize>, opening: &BTreeMap<Call, usize>) -> Vec<(Call, usize)> {
    let all = env::var_os(EXHAUSTIVE).is_some();
    let mut chosen = Vec::new();
    for (call, &most) in erasing {
        let first = if all { 1 } else { opening.get(call).map_or(1, |opened| opened + 1) };
        if all || CHANGES.contains(&call.name.as_str()) {
            chosen.extend((first..=most).map(|nth| (call.clone(), nth)));
        }
    }
    if all {
        return chosen;
    }
    let step = chosen.len().div_ceil(SAMPLED).max(1);
    chosen.into_iter().step_by(step).collect()
}

/// What the process said of the fault.
fn outcome(run: &Run, fault: Fault) -> &'static str {
    let is_said = |what: &str| run.said.iter().any(|line| line == what);
    if !run.reached(fault) {
        "not reached"
    } else if fault == Fault::Kill {
        "ended there"
    } else if is_said("end") {
        "done all the same"
    } else if !is_said("opened") {
        "did not open, with a named reason"
    } else if is_said("begun") {
        "did not finish, with a named reason"
    } else {
        "refused with a named reason"
    }
}

async fn torture(fault: Fault) {
    if !strace::is_possible() {
        return;
    }
    let template = Template::new().await;
    let dir = template.copy();
    let said = strace::undisturbed(ERASING, dir.path());
    assert_eq!(said, ["opened", "begun", "erased", "end"]);
    template.check(dir.path(), &said).await;
    let counted = |victim| strace::count(victim, template.copy().path());
    let tried = chosen(&counted(ERASING), &counted(OPENING));
    println!("{}: {} calls", fault.name(), tried.len());
    let template = std::sync::Arc::new(template);
    let (mut came, mut broken) = (BTreeMap::<(String, &str), usize>::new(), Vec::new());
    for (number, (call, nth)) in tried.iter().enumerate() {
        let dir = template.copy();
        let run = strace::inject(ERASING, dir.path(), call, *nth, fault);
        *came.entry((call.name.clone(), outcome(&run, fault))).or_default() += 1;
        let place = format!("{} {} {nth}, {}", call.name, call.file, fault.name());
        let killed = fault == Fault::Kill && run.reached(fault);
        // The standard library panics where a folder that it read cannot be closed.
        let closing = run.errors.contains("unexpected error during closedir");
        if !killed && !closing && !run.ended.success() {
            broken.push(format!("{place}: it ended badly: {}", run.errors));
        }
        let (template, said) = (std::sync::Arc::clone(&template), run.said.clone());
        let checked = tokio::spawn(async move { template.check(dir.path(), &said).await }).await;
        if let Err(panicked) = checked {
            println!("not whole: {place}, {:?}: {panicked}", run.said);
            broken.push(format!("{place}: {panicked}, {:?}", run.said));
        }
        if (number + 1).is_multiple_of(TOLD) {
            println!("{}: {} runs", fault.name(), number + 1);
        }
    }
    for ((name, outcome), runs) in &came {
        println!("| {name} | {} | {runs} | {outcome} |", fault.name());
    }
    let unreached: usize = came
        .iter()
        .filter(|((_, outcome), _)| *outcome == "not reached")
        .map(|(_, runs)| runs)
        .sum();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(unreached * 5 < tried.len(), "most calls were not reached");
}

#[tokio::test]
async fn a_call_of_an_erasure_fails() {
    torture(Fault::Eio).await;
}

#[tokio::test]
async fn a_disk_is_full_at_a_call_of_an_erasure() {
    torture(Fault::Enospc).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_an_erasure() {
    torture(Fault::Kill).await;
}
