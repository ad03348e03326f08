//! How a projector goes about its work.

use std::time::Duration;

use crate::store::Stage;

/// How a projector goes about its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many events a complete build takes in at once; fewer if that takes long.
    pub following: usize,
    /// How many events a build takes in at once while it is being built; fewer if that takes long.
    pub building: usize,
    /// How many of them are written at once, while the next ones are folded.
    pub writing: usize,
    /// Of a build that keeps its documents in memory while it is being built: how many are written together
    /// when they have changed. A process that is killed begins again where they were written last.
    pub changed: usize,
    /// How many documents such a build keeps at most, changed or not, some half a kilobyte to two each;
    /// twice as many for a moment.
    pub kept: usize,
    /// For how long the lease is taken. Another process takes over so long after this one has died.
    pub lease: Duration,
    /// Goes no further than this position, exclusive. For read models as of a past position.
    pub until: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            following: 2_048,
            building: 32_768,
            writing: 32_768,
            changed: 65_536,
            kept: 262_144,
            lease: Duration::from_secs(10),
            until: None,
        }
    }
}

impl Settings {
    /// How many events such builds take in at once.
    pub(super) fn at_once(&self, stage: Stage) -> usize {
        match stage {
            Stage::Building => self.building,
            Stage::Complete => self.following,
        }
    }
}
