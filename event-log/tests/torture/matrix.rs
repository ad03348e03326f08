//! Every file call of every operation, failed or killed; afterwards everything must hold.

use std::collections::BTreeMap;

use crate::{
    checks::{Expected, check},
    outcome::Tally,
    strace::{self, Call, Fault, Run, count, inject},
    victim::Operation,
    world::Template,
};

/// Set to try every call of every thread, and not only some.
pub(crate) const EXHAUSTIVE: &str = "EVENT_LOG_TORTURE_EXHAUSTIVE";

/// How the standard library panics where a folder that was read cannot be closed.
const CLOSEDIR: &str = "unexpected error during closedir";

/// Asked about every so many'th folder: tools of other authors.
const OTHERS: usize = 8;

/// After every so many runs, how far it has come.
const TOLD: usize = 250;

#[tokio::test]
async fn a_call_of_a_creation_fails() {
    torture(Operation::Create, &[Fault::Eio]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_a_creation() {
    torture(Operation::Create, &[Fault::Kill]).await;
}

#[tokio::test]
async fn a_call_of_an_append_fails() {
    torture(Operation::Append, &[Fault::Eio, Fault::Enospc]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_an_append() {
    torture(Operation::Append, &[Fault::Kill]).await;
}

#[tokio::test]
async fn a_call_of_a_restless_append_fails() {
    torture(Operation::AppendRestless, &[Fault::Eio, Fault::Enospc]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_a_restless_append() {
    torture(Operation::AppendRestless, &[Fault::Kill]).await;
}

#[tokio::test]
async fn a_call_of_a_publication_fails() {
    torture(Operation::Publish, &[Fault::Eio, Fault::Enospc]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_a_publication() {
    torture(Operation::Publish, &[Fault::Kill]).await;
}

#[tokio::test]
async fn a_call_of_a_packing_fails() {
    torture(Operation::Pack, &[Fault::Eio, Fault::Enospc]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_a_packing() {
    torture(Operation::Pack, &[Fault::Kill]).await;
}

#[tokio::test]
async fn a_call_of_an_erasure_fails() {
    torture(Operation::Erase, &[Fault::Eio, Fault::Enospc]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_an_erasure() {
    torture(Operation::Erase, &[Fault::Kill]).await;
}

#[tokio::test]
async fn a_call_of_an_export_fails() {
    torture(Operation::Export, &[Fault::Eio, Fault::Enospc]).await;
}

#[tokio::test]
async fn a_process_is_killed_at_a_call_of_an_export() {
    torture(Operation::Export, &[Fault::Kill]).await;
}

async fn torture(operation: Operation, faults: &[Fault]) {
    if !strace::is_possible() {
        return;
    }
    let template = Template::before(operation).await;
    let expected = undisturbed(&template, operation).await;
    let calls = count(operation.victim(), template.copy().path());
    let mut tally = Tally::default();
    for &fault in faults {
        let tried = chosen(&calls, operation, fault);
        println!("{}, {}: {} calls", operation.name(), fault.name(), tried.len());
        for (call, nth) in tried {
            let dir = template.copy();
            let run = inject(operation.victim(), dir.path(), &call, nth, fault);
            tally.take(&call, fault, &run);
            let others = tally.runs.is_multiple_of(OTHERS);
            let checked = match ended_well(&run, fault) {
                Ok(()) => check(dir.path(), &expected, &run.said, others).await,
                broken => broken,
            };
            let checked = checked
                .and_then(|()| not_tried_again(&call, fault, &run))
                .and_then(|()| goes_on_signing(fault, &run));
            if let Err(broken) = checked {
                let place = format!("{} {} {nth}, {}", call.name, call.file, fault.name());
                println!("not whole: {place}: {broken}");
                tally.broken.push(format!("{place}: {broken}\n    {:?}", run.said));
            }
            if tally.runs.is_multiple_of(TOLD) {
                println!("{}, {}: {} runs", operation.name(), fault.name(), tally.runs);
            }
        }
    }
    tally.print(operation.name());
    println!("{} runs, {} without the fault coming about", tally.runs, tally.unreached);
    assert!(tally.broken.is_empty(), "{}", tally.broken.join("\n"));
    assert!(tally.unreached * 5 < tally.runs, "most calls were not reached");
}

/// A disk that was full for a moment has stopped no signing: the next attempt is made.
fn goes_on_signing(fault: Fault, run: &Run) -> Result<(), String> {
    match run.said.iter().find(|line| line.starts_with("answer stopped")) {
        // The standard library's own panic, see `ended_well`: a task that ended so is not tried again.
        Some(stopped) if stopped.contains(CLOSEDIR) => Ok(()),
        Some(stopped) if fault == Fault::Enospc => Err(format!("a full disk: {stopped}")),
        Some(_) | None => Ok(()),
    }
}

async fn undisturbed(template: &Template, operation: Operation) -> Expected<'_> {
    let dir = template.copy();
    let said = strace::undisturbed(operation.victim(), dir.path());
    assert_eq!(said.last().map(String::as_str), Some("end"), "{said:?}");
    let log = event_log::EventLog::open_with(dir.path(), &crate::world::calm()).unwrap();
    let stored = log.read_stored(0, usize::MAX).await.unwrap();
    drop(log);
    let expected = Expected { template, operation, stored };
    check(dir.path(), &expected, &said, true).await.unwrap();
    expected
}

/// Calls that change something on a disk.
const CHANGES: [&str; 14] = [
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "rename",
    "link",
    "mkdir",
    "unlink",
    "rmdir",
    "fchmod",
    "fchown",
];

/// Those of them for which there can be no room.
const NEED_ROOM: [&str; 9] = [
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "rename",
    "mkdir",
];

/// Which calls are tried, and how many'th of its thread: every one of them if so asked. Otherwise every
/// call to every file at least once, those that change something at the first and the last.
fn chosen(calls: &BTreeMap<Call, usize>, operation: Operation, fault: Fault) -> Vec<(Call, usize)> {
    let all = std::env::var_os(EXHAUSTIVE).is_some();
    let mut chosen = Vec::new();
    for (place, (call, &most)) in calls.iter().enumerate() {
        let name = call.name.as_str();
        let mut tried: Vec<usize> = if all {
            (1..=most).collect()
        } else if fault == Fault::Enospc && !NEED_ROOM.contains(&name) {
            Vec::new()
        } else if operation == Operation::Create {
            // Done once in the life of a log, and of many calls.
            match name {
                "fsync" | "fdatasync" => vec![1, most],
                change if CHANGES.contains(&change) => vec![most],
                _ => Vec::new(),
            }
        } else if name == "fsync" && call.file.starts_with("keys/") {
            // One that fails can leave what it was to make durable, and the next attempt must know that.
            (1..=most).collect()
        } else if CHANGES.contains(&name) {
            vec![1, most]
        } else {
            // Another one for every call, and the same in every execution.
            vec![1 + (place * 7 + 3) % most]
        };
        tried.dedup();
        chosen.extend(tried.into_iter().map(|nth| (call.clone(), nth)));
    }
    chosen
}

/// A process ends because it was killed, or by itself: it never panics. The standard library does, where
/// a folder that it read cannot be closed.
fn ended_well(run: &Run, fault: Fault) -> Result<(), String> {
    let killed = fault == Fault::Kill && run.reached(fault);
    let closing = run.errors.contains(CLOSEDIR);
    if killed || closing || run.ended.success() {
        Ok(())
    } else {
        Err(format!("it ended badly: {}", run.errors))
    }
}

/// A sync of the log that failed is never made again by the same process, and poisons it: the system
/// may have dropped the pages, and would call a second try a success.
fn not_tried_again(call: &Call, fault: Fault, run: &Run) -> Result<(), String> {
    let syncs = matches!(call.name.as_str(), "fsync" | "fdatasync");
    // A journal is there only while the file is made, before anything is in it.
    let of_the_log = ["log/events.sqlite", "log/events.sqlite-wal"].contains(&call.file.as_str());
    // A log that does not open is taken back by the engine, sync and all, and nobody is told that it is there.
    let opened = run.said.iter().any(|line| line == "opened");
    if fault != Fault::Eio || !syncs || !of_the_log || !opened {
        return Ok(());
    }
    let Some(failed) = run.injected() else { return Ok(()) };
    // What another thread had begun before is no second try: only its end stands behind the failure.
    let began = |line: &&String| !line.contains("<... ");
    if run.trace.iter().skip(failed + 1).any(|line| began(&line)) {
        return Err(format!("a failed sync was made again: {:?}", run.trace));
    }
    Ok(())
}
