//! What can go wrong, and after what nothing is signed any more.

use std::{error::Error as _, io};

use crate::{
    backend::ReadError,
    checkpoints::CheckpointsError,
    last_signed::{LastSignedError, Refused},
    transparency::{
        checkpoint::NotACheckpoint,
        note::{NotSigned, Unverified},
    },
    tree_store::TreeError,
};

/// Why a step was not made, or something cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TransparencyError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// The tiles cannot be used.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Tree and log say different things.
    #[error("the tree and the log disagree at position {position}: {finding}")]
    Disagreement {
        /// The first position at which they do.
        position: u64,
        /// What was found.
        finding: String,
    },
    /// What would be signed contradicts what was signed.
    #[error("nothing more is signed: {0}")]
    Refused(#[from] Refused),
    /// What was last signed cannot be known.
    #[error(transparent)]
    LastSigned(#[from] LastSignedError),
    /// A checkpoint beyond what is said to have been signed last: an old copy of that file.
    #[error("size {published} was published, and {last} is said to have been signed last")]
    LastSignedBehind {
        /// The size that was published.
        published: u64,
        /// The size that is said to have been signed last.
        last: u64,
    },
    /// A checkpoint cannot be kept or had.
    #[error(transparent)]
    Checkpoints(#[from] CheckpointsError),
    /// The published checkpoint was signed with other keys.
    #[error("the published checkpoint is not one of these keys: {0}")]
    Published(Unverified),
    /// The checkpoint could not be signed.
    #[error(transparent)]
    Sign(#[from] NotSigned),
    /// Another server signs this log.
    #[error(
        "another server signs this log: keep its signing keys with one server only, and let the others \
         follow that one (--signed-by); if this one is to sign from now on, say so once \
         (--take-over-signing)"
    )]
    SignedElsewhere,
    /// Which signer this is cannot be known.
    #[error("{path} does not say which signer this is")]
    Signer {
        /// The file.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The machine has no random bytes.
    #[error("the machine gave no random bytes")]
    NoRandomness,
    /// A checkpoint from elsewhere is not the signer's.
    #[error("the checkpoint is not one of the signer's keys: {0}")]
    Foreign(Unverified),
    /// A witness's answer is none.
    #[error("the witness did not answer with cosignatures: {0}")]
    WitnessAnswer(NotACheckpoint),
    /// It stopped earlier.
    #[error("stopped: {0}")]
    Stopped(String),
}

impl TransparencyError {
    /// Whether somebody must look before anything more is signed. Otherwise: try again later.
    ///
    /// A full disk is waited for: what was last signed is said before it is signed, and the next step begins
    /// with that file.
    pub fn stops(&self) -> bool {
        match self {
            Self::LastSigned(LastSignedError::File { cause, .. })
            | Self::Checkpoints(CheckpointsError::File { cause, .. }) => !is_full(cause),
            Self::Log(ReadError::Unavailable { .. })
            | Self::Tree(
                TreeError::Store { .. } | TreeError::Unread(_) | TreeError::Beyond { .. },
            )
            | Self::Foreign(_)
            | Self::WitnessAnswer(_) => false,
            Self::Log(ReadError::Corrupt { .. })
            | Self::Tree(
                TreeError::Folder(_) | TreeError::Damaged { .. } | TreeError::OtherFormat,
            )
            | Self::Disagreement { .. }
            | Self::Refused(_)
            | Self::LastSigned(
                LastSignedError::Missing(_)
                | LastSignedError::Damaged(_)
                | LastSignedError::Moved(_),
            )
            | Self::LastSignedBehind { .. }
            | Self::Checkpoints(CheckpointsError::Damaged { .. })
            | Self::Published(_)
            | Self::Sign(_)
            | Self::SignedElsewhere
            | Self::Signer { .. }
            | Self::NoRandomness
            | Self::Stopped(_) => true,
        }
    }

    /// Whether what is stored contradicts itself or what was signed: no matter of files or settings.
    pub const fn is_contradiction(&self) -> bool {
        match self {
            Self::Log(ReadError::Corrupt { .. })
            | Self::Tree(TreeError::Damaged { .. })
            | Self::Disagreement { .. }
            | Self::Refused(_)
            | Self::LastSignedBehind { .. }
            | Self::Checkpoints(CheckpointsError::Damaged { .. })
            | Self::Published(_)
            | Self::Stopped(_) => true,
            Self::Log(ReadError::Unavailable { .. })
            | Self::Tree(
                TreeError::Store { .. }
                | TreeError::Folder(_)
                | TreeError::Unread(_)
                | TreeError::OtherFormat
                | TreeError::Beyond { .. },
            )
            | Self::LastSigned(_)
            | Self::Checkpoints(CheckpointsError::File { .. })
            | Self::Sign(_)
            | Self::SignedElsewhere
            | Self::Signer { .. }
            | Self::NoRandomness
            | Self::Foreign(_)
            | Self::WitnessAnswer(_) => false,
        }
    }

    pub(super) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}

/// Whether there was no room. A disk that fails in another way is not tried again.
fn is_full(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
