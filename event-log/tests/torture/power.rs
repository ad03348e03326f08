//! The power fails: what was not synced may be there, or not, or in part.
//!
//! `strace` records every write, sync, rename and so on of an undisturbed run. From the record a disk is
//! rebuilt as it could be found after a power cut at any moment: what was synced is there; of the other
//! writes any part, down to single sectors; of the changes to a folder a beginning. Stricter than file
//! systems are: a new file's name counts as lost until its folder is synced.

mod disk;
mod record;

use self::{
    disk::{Disk, Luck},
    record::{Event, record},
};
use crate::{
    checks::{Expected, check},
    strace,
    victim::Operation,
    world::{Template, calm, folder},
};

/// How many moments of a run are tried, each with every kind of luck; all of them if so asked.
const MOMENTS: usize = 60;

#[tokio::test]
async fn the_power_fails_during_a_creation() {
    cut(Operation::Create).await;
}

#[tokio::test]
async fn the_power_fails_during_appends() {
    cut(Operation::Append).await;
}

#[tokio::test]
async fn the_power_fails_during_restless_appends() {
    cut(Operation::AppendRestless).await;
}

#[tokio::test]
async fn the_power_fails_during_a_publication() {
    cut(Operation::Publish).await;
}

#[tokio::test]
async fn the_power_fails_while_checkpoints_are_packed() {
    cut(Operation::Pack).await;
}

#[tokio::test]
async fn the_power_fails_during_an_erasure() {
    cut(Operation::Erase).await;
}

async fn cut(operation: Operation) {
    if !strace::is_possible() {
        return;
    }
    let template = Template::before(operation).await;
    let dir = template.copy();
    let events = record(operation, dir.path());
    let stored = {
        let log = event_log::EventLog::open_with(dir.path(), &calm()).unwrap();
        log.read_stored(0, usize::MAX).await.unwrap()
    };
    let expected = Expected { template: &template, operation, stored };
    let all = std::env::var_os(crate::matrix::EXHAUSTIVE).is_some();
    let step = if all { 1 } else { events.len().div_ceil(MOMENTS) };
    let (mut cuts, mut lost, mut broken) = (0, 0, Vec::new());
    for (number, moment) in (1..=events.len()).rev().step_by(step).enumerate() {
        let happened = &events[..moment];
        let said: Vec<String> = happened.iter().filter_map(Event::said).collect();
        let mut disk = Disk::of(template.copy().path());
        for event in happened {
            disk.take(event);
        }
        for luck in Luck::ALL {
            let found = folder();
            let seed = u64::try_from(moment * 8 + cuts % 8).unwrap();
            lost += disk.write_after_cut(found.path(), luck, seed);
            cuts += 1;
            let others = number % 16 == 0;
            if let Err(says) = check(found.path(), &expected, &said, others).await {
                broken.push(format!("after {moment} of {}, {luck:?}: {says}", events.len()));
            }
        }
    }
    println!("{}: {cuts} power cuts, {lost} changes lost in them", operation.name());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    // Between a sync and the next write there is nothing to lose.
    assert!(lost > cuts / 2, "hardly anything was lost: that is no power cut");
}
