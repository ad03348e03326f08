//! What the check of a folder can find, and what a good one holds.

use std::{fmt, io};

use super::saved::NotSaved;
use crate::transparency::{Checkpoint, policy::NotAccepted};

/// What was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file, by its path in the folder.
    pub file: String,
    /// The first position of the log that it concerns, if any.
    pub position: Option<u64>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there.
    Missing,
    /// It is there, and nothing asks for it.
    Unexpected,
    /// It is no signed checkpoint.
    NotACheckpoint(String),
    /// It is a checkpoint of another log or size than it should be.
    OtherCheckpoint,
    /// It is not accepted under the policy.
    NotAccepted(NotAccepted),
    /// A key of the log, by the policy, has not signed it: the line was taken out or overwritten.
    NotSignedBy(String),
    /// Its root is not that of the entries before its size.
    OtherRoot,
    /// It does not say with which bundle the entries begin.
    NoBeginning,
    /// It is cut short, or has too much in it.
    WrongLength,
    /// A hash in it does not follow from what is below it.
    OtherHash,
}

/// Why a folder was not found to be good.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It is not what it says.
    #[error("{0}")]
    Found(Found),
    /// It cannot be read.
    #[error("could not read {file}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// It was to go on from where an earlier check came to, and that is not where this folder is.
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
}

/// What a good folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The checkpoint under which it stands.
    pub checkpoint: Checkpoint,
    /// How many of the log's keys signed that.
    pub log_signatures: usize,
    /// How many witnesses cosigned that.
    pub witnesses: usize,
    /// How many checkpoints there are, this one included.
    pub checkpoints: u64,
    /// The first entry that is there.
    pub from: u64,
    /// How many tiles and bundles.
    pub tiles: u64,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(position) = self.position {
            write!(f, ", position {position}")?;
        }
        match &self.flaw {
            Flaw::Missing => f.write_str(": it is missing"),
            Flaw::Unexpected => f.write_str(": nothing asks for this file; it was put there"),
            Flaw::NotACheckpoint(why) => write!(f, ": it was overwritten: {why}"),
            Flaw::OtherCheckpoint => f.write_str(": it belongs to another log or size"),
            Flaw::NotAccepted(why) => write!(f, ": it is forged or not vouched for: {why}"),
            Flaw::NotSignedBy(key) => write!(f, ": the signature of {key} was taken out"),
            Flaw::OtherRoot => f.write_str(
                ": its root is not that of the entries: entries before its size were altered, removed \
                 or reordered, or the log was forked",
            ),
            Flaw::NoBeginning => f.write_str(": it does not say with which bundle the entries begin"),
            Flaw::WrongLength => f.write_str(": it was cut short or extended"),
            Flaw::OtherHash => f.write_str(": the entry or its hash was altered"),
        }
    }
}

impl From<Found> for FolderError {
    fn from(found: Found) -> Self {
        Self::Found(found)
    }
}

pub(super) fn found(file: impl Into<String>, position: Option<u64>, flaw: Flaw) -> FolderError {
    FolderError::Found(Found { file: file.into(), position, flaw })
}
