//! What an audit came to, and where.

use std::fmt;

use crate::{transparency::Hash, verify};

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a position of the log.
    Position(u64),
    /// In a file of a checkpoint.
    Checkpoint(String),
    /// In the time-stamp of the checkpoint of a size.
    TimeStamp(u64),
    /// In what was last signed.
    LastSigned,
    /// In what somebody kept, by its name.
    Kept(String),
    /// In the tree's tiles as a whole.
    Tiles,
    /// In the file of the log as a whole.
    Store,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// What it is, and what kind of tampering it looks like.
    pub says: String,
}

/// What an audit came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the entries by themselves came to.
    pub log: verify::Report,
    /// The root over all entries.
    pub root: Hash,
    /// How many checkpoints were compared.
    pub checkpoints: u64,
    /// How many entries the stored tree covers.
    pub tree: u64,
    /// What was found beside [`Report::log`], by place.
    pub found: Vec<Found>,
}

impl Report {
    /// Whether nothing was found at all.
    pub fn is_clean(&self) -> bool {
        self.log.is_clean() && self.found.is_empty()
    }

    /// Everything that was found, the first position of the log first.
    pub fn all(&self) -> Vec<Found> {
        let entries = self.log.findings.iter().map(|finding| Found {
            place: Place::Position(finding.position),
            says: finding.sign.to_string(),
        });
        let mut all: Vec<Found> = entries.chain(self.found.iter().cloned()).collect();
        all.sort();
        all
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => write!(f, "position {position}"),
            Self::Checkpoint(file) => write!(f, "checkpoints/{file}"),
            Self::TimeStamp(size) => write!(f, "time-stamps/{size}.tsr"),
            Self::LastSigned => f.write_str("what was last signed"),
            Self::Kept(name) => f.write_str(name),
            Self::Tiles => f.write_str("the tree's tiles"),
            Self::Store => f.write_str("the file of the log"),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.says)
    }
}
