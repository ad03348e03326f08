//! Why read models do not move.

use event_log::backend::ReadError;

use crate::{
    folding::FoldError,
    store::{Build, StoreError},
};

/// How often a log that seems too short is looked at again: others may know more of it already.
const LOOKS: u32 = 20;

/// Why read models do not move.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// A position is missing in the log. No read model is true beyond it.
    #[error("position {expected} is missing in the log; what comes next is {found:?}")]
    Gap {
        /// The position that should come.
        expected: u64,
        /// The position that comes.
        found: Option<u64>,
    },
    /// A build has taken in more events than there are: the log is an older copy, or another one.
    #[error("{build} has taken in {next} events, and the log has fewer")]
    BeyondLog {
        /// Which build.
        build: Build,
        /// How many events it has taken in.
        next: u64,
    },
    /// A build was built from another log.
    #[error(
        "{build} was built from another log: the event at {position} is not the one it took in"
    )]
    OtherLog {
        /// Which build.
        build: Build,
        /// Where they differ.
        position: u64,
    },
    /// The log cannot be read, or is damaged.
    #[error("the log could not be followed")]
    Log(#[from] ReadError),
    /// A document stands in the way.
    #[error("{build} cannot go on")]
    Fold {
        /// Which build.
        build: Build,
        /// Why.
        #[source]
        cause: FoldError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else moved the build, or the store was emptied.
    #[error("the read models were moved by somebody else")]
    Overtaken,
    /// The lease had run out, or another had it, when a stretch was to be written.
    #[error("the lease was lost while a stretch of the log was taken in")]
    LeaseLost,
    /// The work was ended from outside, or ended itself.
    #[error("the work on a stretch of the log ended early")]
    Interrupted(#[source] tokio::task::JoinError),
}

impl FollowError {
    /// Whether it is worth trying again, after so many failures in a row.
    pub(super) const fn may_pass(&self, failures: u32) -> bool {
        match self {
            Self::Store(_)
            | Self::Overtaken
            | Self::LeaseLost
            | Self::Log(ReadError::Unavailable { .. }) => true,
            Self::BeyondLog { .. } => failures < LOOKS,
            Self::Gap { .. }
            | Self::OtherLog { .. }
            | Self::Log(ReadError::Corrupt { .. })
            | Self::Fold { .. }
            | Self::Interrupted(_) => false,
        }
    }
}
