//! Many hands: every processor gets a thread, and every thread tells many units at once, so that one
//! write to disk serves them all.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use futures_util::future::join_all;

use super::{Generation, GenerationError, Stage};
use crate::chronicle::Halt;

/// How many units a thread tells at once.
const AT_ONCE: usize = 48;

/// How often it is noted how far the telling has come.
const NOTED_EVERY: Duration = Duration::from_secs(1);

/// The units of a stage, handed out in order and told in any.
struct Units {
    next: AtomicU64,
    end: u64,
    stopped: AtomicBool,
    done: Mutex<Done>,
}

/// Every unit before `before`, and these.
struct Done {
    before: u64,
    after: BTreeSet<u64>,
}

impl Units {
    fn take(&self) -> Option<u64> {
        let unit = self.next.fetch_add(1, Ordering::Relaxed);
        (unit < self.end && !self.stopped.load(Ordering::Relaxed)).then_some(unit)
    }

    fn done(&self, unit: u64) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.after.insert(unit);
        while done.after.first() == Some(&done.before) {
            done.after.pop_first();
            done.before = done.before.saturating_add(1);
        }
    }

    fn told(&self) -> u64 {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).before
    }
}

/// Tells the units of a stage from one on, and notes now and then how far all of them are told.
pub(super) fn tell(
    generation: &Generation<'_>,
    stage: &Stage,
    from: u64,
    mut note: impl FnMut(u64) -> Result<(), GenerationError>,
) -> Result<(), GenerationError> {
    let (end, errands) = generation.units(*stage);
    let units = Units {
        next: AtomicU64::new(from),
        end,
        stopped: AtomicBool::new(false),
        done: Mutex::new(Done { before: from, after: BTreeSet::new() }),
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let (ended, told) = mpsc::channel();
        for _ in 0..threads {
            let (ended, units, errands) = (ended.clone(), &units, &errands);
            scope.spawn(move || {
                let result = thread_of_hands(generation, *stage, units, errands);
                units.stopped.fetch_or(result.is_err(), Ordering::Relaxed);
                // Nobody waits for it any more once another thread has failed.
                drop(ended.send(result));
            });
        }
        drop(ended);
        let mut failed = Ok(());
        loop {
            match told.recv_timeout(NOTED_EVERY) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => failed = failed.and(Err(error)),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = note(units.told()) {
                        units.stopped.store(true, Ordering::Relaxed);
                        failed = failed.and(Err(error));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return failed,
            }
        }
    })
}

fn thread_of_hands(
    generation: &Generation<'_>,
    stage: Stage,
    units: &Units,
    errands: &[(u64, u64)],
) -> Result<(), GenerationError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(GenerationError::Hand)?;
    let hand = || async {
        while let Some(unit) = units.take() {
            if let Err(cause) = generation.unit(stage, unit, errands).await {
                units.stopped.store(true, Ordering::Relaxed);
                return Err(GenerationError::Halt { stage: stage.name(), unit, cause });
            }
            units.done(unit);
        }
        Ok(())
    };
    let hands = (0..AT_ONCE).map(|_| hand());
    runtime.block_on(join_all(hands)).into_iter().collect()
}

impl Generation<'_> {
    /// How many units a stage has; for a day, also who goes on an errand, by the second of the day.
    fn units(&self, stage: Stage) -> (u64, Vec<(u64, u64)>) {
        match stage {
            Stage::Opening | Stage::Search => (1, Vec::new()),
            Stage::Authorities(units)
            | Stage::Records(units)
            | Stage::Shields(units)
            | Stage::SignOff(units)
            | Stage::Staff(units)
            | Stage::Reviews(units) => (units, Vec::new()),
            Stage::Day(day) => {
                let errands = self.errands(day);
                let units = u64::try_from(errands.len()).unwrap_or(0).div_ceil(super::ERRANDS);
                // The first unit is what happens before anybody looks.
                (units.saturating_add(1), errands)
            }
        }
    }

    async fn unit(&self, stage: Stage, unit: u64, errands: &[(u64, u64)]) -> Result<(), Halt> {
        match stage {
            Stage::Opening => self.opening().await,
            Stage::Authorities(_) => self.authority(unit).await,
            Stage::Records(_) => self.records(unit).await,
            Stage::Shields(_) => self.shields(unit).await,
            Stage::SignOff(_) => self.sign_off(unit).await,
            Stage::Search => self.search_on().await,
            Stage::Staff(_) => self.staff(unit).await,
            Stage::Reviews(_) => self.reviews(unit).await,
            Stage::Day(day) => match unit.checked_sub(1) {
                None => self.morning(day).await,
                Some(unit) => self.looks(day, unit, errands).await,
            },
        }
    }
}
