//! How far the read models are, how fast they move, and how long it will take.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::store::{Build, Built, Stage};

/// What a projector is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Duty {
    /// Another process follows the log, or this one has not begun.
    #[default]
    Waiting,
    /// It follows the log.
    Following,
    /// It has stopped for good, for this reason.
    Stopped(String),
}

impl Duty {
    /// Whether it has stopped for good.
    pub const fn has_stopped(&self) -> bool {
        matches!(self, Self::Stopped(_))
    }
}

/// How far the read models are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What the projector is doing.
    pub duty: Duty,
    /// How many events there are.
    pub head: u64,
    /// Each build that is followed or being built.
    pub builds: Vec<BuildStatus>,
    /// Whether the lease was ever lost while it was held: to another process, or because it ran out.
    pub lost: Option<Lost>,
}

/// How often a lease was lost, and when last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How often.
    pub times: u64,
    /// When last.
    pub at: Instant,
}

/// How far one build is.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildStatus {
    /// Which.
    pub build: Build,
    /// Whether it is built.
    pub stage: Stage,
    /// Whether queries are answered from it.
    pub serving: bool,
    /// How many events it has taken in.
    pub next: u64,
    /// How many it has yet to take in.
    pub behind: u64,
    /// Events a second, since it began to move.
    pub rate: Option<f64>,
    /// How long it will take to be up to date at that rate.
    pub remaining: Option<Duration>,
}

/// When each build began to move, and from where.
#[derive(Debug, Default)]
pub(super) struct Pace {
    began: HashMap<Build, (Instant, u64)>,
}

impl Pace {
    pub(super) fn status(&mut self, builds: &[Built], head: u64) -> Status {
        self.began.retain(|build, _| builds.iter().any(|built| built.build == *build));
        let builds = builds.iter().map(|built| self.of(built, head)).collect();
        Status { duty: Duty::Following, head, builds, lost: None }
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate is an estimate")]
    fn of(&mut self, built: &Built, head: u64) -> BuildStatus {
        let next = built.checkpoint.next;
        let behind = head.saturating_sub(next);
        let began = (Instant::now(), next);
        let (since, from) = *self.began.entry(built.build.clone()).or_insert(began);
        let moved = next.saturating_sub(from);
        let seconds = since.elapsed().as_secs_f64();
        let rate = (moved > 0 && seconds > 0.0).then(|| moved as f64 / seconds);
        let remaining =
            rate.and_then(|rate| Duration::try_from_secs_f64(behind as f64 / rate).ok());
        if behind == 0 {
            self.began.remove(&built.build); // what comes next is a new movement
        }
        BuildStatus {
            build: built.build.clone(),
            stage: built.stage,
            serving: built.serving,
            next,
            behind,
            rate,
            remaining,
        }
    }
}
