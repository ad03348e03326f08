//! What the log's threads do and when, for whoever measures where the time of a commit goes.

use std::{
    fs,
    sync::mpsc::Sender,
    time::{Duration, Instant},
};

/// What a thread of the log was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// The writer: takes a lock on the file, judges the appends of a group, gives their rows to the engine.
    Filling,
    /// The writer: pages into the write-ahead log, and its sync.
    Committing,
    /// The writer: new heads are known, and whoever waits is told.
    Answering,
    /// The writer: the rest of the write-ahead log into the database, so that it begins anew.
    Restarting,
    /// The thread beside it: a part of the write-ahead log into the database, and the syncs of both.
    Moving,
    /// The thread beside it: stream heads into their file.
    StoringHeads,
}

/// A stretch of time in which a thread did one thing.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    /// What it did.
    pub doing: Doing,
    /// When it began.
    pub begun: Instant,
    /// When it ended.
    pub ended: Instant,
    /// How long the thread was on a core. Zero where the system does not say.
    pub on_core: Duration,
    /// How long it could have gone on, but all cores were with others. What is left of the time, the
    /// thread waited for the disk or for a lock.
    pub without_core: Duration,
}

/// Where spells are told; nowhere, unless somebody measures.
#[derive(Clone, Debug, Default)]
pub(super) struct Spells(Option<Sender<Spell>>);

impl Spells {
    pub(super) const fn to(whom: Option<Sender<Spell>>) -> Self {
        Self(whom)
    }

    /// Begins to look at the thread that asks.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { told: self.0.as_ref().map(|whom| (whom, Now::of_this_thread())) }
    }
}

/// A thread that is looked at.
pub(super) struct Watch<'a> {
    told: Option<(&'a Sender<Spell>, Now)>,
}

impl Watch<'_> {
    /// From the last time it was asked until now the thread did this.
    pub(super) fn did(&mut self, doing: Doing) {
        let Some((whom, then)) = &mut self.told else { return };
        let now = Now::of_this_thread();
        let spell = Spell {
            doing,
            begun: then.at,
            ended: now.at,
            on_core: now.on_core.saturating_sub(then.on_core),
            without_core: now.without_core.saturating_sub(then.without_core),
        };
        *then = now;
        // Nobody may listen any more.
        let _listening = whom.send(spell).is_ok();
    }
}

struct Now {
    at: Instant,
    on_core: Duration,
    without_core: Duration,
}

impl Now {
    fn of_this_thread() -> Self {
        let said = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let mut nanos = said.split(' ').map(|number| number.parse().unwrap_or_default());
        let mut next = || Duration::from_nanos(nanos.next().unwrap_or_default());
        Self { on_core: next(), without_core: next(), at: Instant::now() }
    }
}
