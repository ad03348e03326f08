//! What a verification finds, and where.

use std::fmt;

/// What was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The position of what is not as it should be.
    pub position: u64,
    /// What is not as it should be.
    pub sign: Sign,
}

/// A sign that the log was altered after it was written, or badly written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// There is no event at this position; the next one stands further on.
    PositionMissing {
        /// Where the next one stands.
        next: u64,
    },
    /// An event stands here that should have come earlier or was given twice.
    PositionRepeated,
    /// The entry is no entry.
    EntryUnreadable(String),
    /// The entry has a member twice in one object, so that two readers can read two things in it.
    MemberRepeated,
    /// The entry can be read, its event is none that the directory knows.
    EventUnknown(String),
    /// The entry was written for another stream or revision than it stands at.
    EntryMoved,
    /// Events of the stream are missing before this one, or one was inserted.
    RevisionMissing {
        /// The revision that should stand here.
        expected: u64,
    },
    /// This entry is not the one that the next event of its stream followed.
    EntryAltered {
        /// The position of that next event.
        witness: u64,
    },
    /// The entry before it in its stream is the one that came into the tree, and this one names another.
    FollowsAnother {
        /// The position of the entry before it.
        before: u64,
    },
    /// The entry names an entry before it, and is the first of its stream.
    BeginningMissing,
    /// It was recorded earlier than the event before it in its stream.
    TimeWentBack,
    /// The sealed section is not the one that the entry names.
    SectionAltered,
    /// There is a sealed section that the entry does not name, or more are named than can be there.
    SectionUnnamed,
    /// The sealed section is gone, and no erasure of its subject was begun.
    SectionRemoved,
    /// A section is sealed under a key that the log has not announced before.
    KeyUnannounced,
    /// The key at hand is not the one that the entry commits to.
    KeyNotCommitted,
    /// The key at hand fits its commitment, and the section does not open with it.
    SectionUnopened(String),
    /// The store itself says that it is damaged.
    StoreDamaged(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "position {}: {}", self.position, self.sign)
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PositionMissing { next } => {
                write!(f, "events were removed: the next one stands at {next}")
            }
            Self::PositionRepeated => f.write_str("an event was inserted or given twice"),
            Self::EntryUnreadable(why) => write!(f, "the entry was overwritten: {why}"),
            Self::MemberRepeated => f.write_str("the entry has a member twice"),
            Self::EventUnknown(why) => write!(f, "no event that the directory knows: {why}"),
            Self::EntryMoved => f.write_str("the entry was written for another place"),
            Self::RevisionMissing { expected } => {
                write!(
                    f,
                    "revision {expected} of the stream should stand here: events of the stream were removed or inserted"
                )
            }
            Self::EntryAltered { witness } => write!(
                f,
                "the entry was altered after it was written: the event at {witness} followed another"
            ),
            Self::FollowsAnother { before } => write!(
                f,
                "the entry was altered after it was written: it follows another than the one at {before}"
            ),
            Self::BeginningMissing => {
                f.write_str("the stream begins here, and the entry names one before it")
            }
            Self::TimeWentBack => {
                f.write_str("recorded before the event that it follows: back-dated")
            }
            Self::SectionAltered => f.write_str("the sealed section was exchanged or altered"),
            Self::SectionUnnamed => f.write_str("the entry does not name the sealed section"),
            Self::SectionRemoved => {
                f.write_str("the sealed section was taken away, and no erasure was begun")
            }
            Self::KeyUnannounced => f.write_str("sealed under a key that was never announced"),
            Self::KeyNotCommitted => {
                f.write_str("the key at hand is not the one that the entry commits to")
            }
            Self::SectionUnopened(why) => {
                write!(f, "the sealed section does not open with its key: {why}")
            }
            Self::StoreDamaged(why) => write!(f, "the store is damaged: {why}"),
        }
    }
}
