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
    /// Of builds that keep their documents in memory while they are being built: how many bytes of documents are written
    /// together when they have changed, less if the store takes less. While they are being written they take as much
    /// again. A process that is killed begins again where they were written last.
    pub changed: usize,
    /// How many bytes of documents such builds keep at most, changed or not, a part of the log more for a moment. When
    /// there are more, half of that stays. Builds that are built together share it.
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
            changed: 256 << 20,
            kept: 1 << 30,
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
