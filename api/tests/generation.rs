//! A made-up England is told through the rules, and goes on where it was interrupted.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use api::{
    configuration::ClockKind,
    directory::Directory,
    generation::{GenerationError, Plan, PlanError, generate},
};
use event_log::{
    EventLog,
    memory::{Memory, faults::AppendFault},
};

const PLAN: Plan = Plan { seed: 7, children: 60, days: 2 };

fn directory(log: &EventLog) -> Directory {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Directory::over(log.clone(), ClockKind::System)).unwrap()
}

/// Every event but the times and places, which depend on which hand was quicker.
fn identities(log: &EventLog) -> std::collections::BTreeSet<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let length = usize::try_from(log.length()).unwrap();
    let headers = runtime.block_on(log.read_headers(0, length)).unwrap();
    headers
        .into_iter()
        .map(|one| format!("{} {} {}", one.stamp.id, one.stamp.stream, one.name))
        .collect()
}

#[test]
fn it_is_told_whole_and_told_again_adds_nothing() {
    let (log, data) = (EventLog::memory().unwrap(), tempfile::tempdir().unwrap());
    let directory = directory(&log);
    let report = generate(&directory, data.path(), &PLAN, &mut Vec::new()).unwrap();
    assert!(report.events > 600, "{}", report.events);
    let again = generate(&directory, data.path(), &PLAN, &mut Vec::new()).unwrap();
    assert_eq!(again.events, 0);
}

#[test]
fn more_days_are_told_onto_what_is_there() {
    let (log, data) = (EventLog::memory().unwrap(), tempfile::tempdir().unwrap());
    let directory = directory(&log);
    generate(&directory, data.path(), &PLAN, &mut Vec::new()).unwrap();
    let longer = Plan { days: 4, ..PLAN };
    let more = generate(&directory, data.path(), &longer, &mut Vec::new()).unwrap();
    assert!(more.events > 0);
}

/// Somebody who stops reading after a line.
struct Leaves;

impl std::io::Write for Leaves {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn interrupted_by_whoever_listens_it_goes_on_with_the_next_stage() {
    let (log, data) = (EventLog::memory().unwrap(), tempfile::tempdir().unwrap());
    let refused = generate(&directory(&log), data.path(), &PLAN, &mut Leaves);
    assert!(matches!(refused, Err(GenerationError::Report(_))), "{refused:?}");
    generate(&directory(&log), data.path(), &PLAN, &mut Vec::new()).unwrap();
    assert_eq!(identities(&log), identities(&told_in_one_go()));
}

fn told_in_one_go() -> EventLog {
    let (log, data) = (EventLog::memory().unwrap(), tempfile::tempdir().unwrap());
    generate(&directory(&log), data.path(), &PLAN, &mut Vec::new()).unwrap();
    log
}

/// So many appends go through between two interruptions; no multiple of anything in the plan.
const PASSING: u64 = 37;

#[test]
fn interrupted_in_mid_stage_and_told_on_it_has_the_same_events_as_told_in_one_go() {
    let (memory, data) = (Arc::new(Memory::new()), tempfile::tempdir().unwrap());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    let mut interruptions = 0_u64;
    loop {
        memory.faults().none();
        memory.faults().append_after(PASSING, AppendFault::Unavailable);
        match generate(&directory(&log), data.path(), &PLAN, &mut Vec::new()) {
            Ok(_) => break,
            Err(error) => {
                assert!(matches!(error, GenerationError::Halt { .. }), "{error:?}");
                interruptions += 1;
                assert!(interruptions < 200, "it comes no further");
            }
        }
    }
    // What is in the log is counted, not how long it took: so many appends cannot be told at once.
    assert!(interruptions > 5, "{interruptions}");
    assert_eq!(identities(&log), identities(&told_in_one_go()));
}

#[test]
fn another_england_is_not_mixed_in() {
    let (log, data) = (EventLog::memory().unwrap(), tempfile::tempdir().unwrap());
    let directory = directory(&log);
    generate(&directory, data.path(), &PLAN, &mut Vec::new()).unwrap();
    let other = Plan { seed: 8, ..PLAN };
    let refused = generate(&directory, data.path(), &other, &mut Vec::new());
    assert!(matches!(refused, Err(GenerationError::Plan(PlanError::Another { seed: 7, .. }))));
    let elsewhere = tempfile::tempdir().unwrap();
    let refused = generate(&directory, elsewhere.path(), &PLAN, &mut Vec::new());
    assert!(matches!(refused, Err(GenerationError::Plan(PlanError::NotEmpty { .. }))));
}
