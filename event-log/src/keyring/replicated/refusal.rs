//! Why a ring is not one of those that take part, or not any more, and what is to be done.

use uuid::Uuid;

/// Why a ring is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was opened by itself, and takes part with others.
    #[error(
        "these keys are one of several rings of a log on a cluster, and would part from the others if \
         they were used alone: serve with --log, or make a copy of them (contactpoint keys copy)"
    )]
    TakesPart,
    /// It is no copy of a ring that takes part, or there is none in the folder.
    #[error(
        "the servers of this log have keys, and those here are not a copy of them: stop one of these \
         servers, and copy its keys to an empty folder (contactpoint keys copy --from … --to …)"
    )]
    NotACopy,
    /// A ring is to be copied that has no others beside it.
    #[error(
        "these keys belong to no cluster yet: start a server with them there first, stop it, and copy \
         them then"
    )]
    Alone,
    /// What is here is older than what this ring has said to the others.
    #[error(
        "these keys are an older copy of ring {ring}, which did something at revision {revision} that \
         they do not know: what was destroyed since may still be in them. Copy the keys of a stopped \
         server to an empty folder (contactpoint keys copy), or these; destroy this folder, and strike \
         the ring off (contactpoint keys strike-off {ring} …)"
    )]
    OlderCopy {
        /// Which.
        ring: Uuid,
        /// Where in the stream.
        revision: u64,
    },
    /// The same ring was opened by another process.
    #[error(
        "ring {0} has been opened elsewhere since, so its folder was copied by hand: only the one that \
         was opened last goes on. Each server needs a ring of its own (contactpoint keys copy)"
    )]
    OpenedElsewhere(Uuid),
    /// A person has said that its folder is destroyed.
    #[error(
        "ring {0} has been struck off: its folder was to be destroyed. Destroy it now, and copy the keys \
         of a stopped server to an empty folder (contactpoint keys copy)"
    )]
    StruckOff(Uuid),
    /// The stream contradicts itself, or what this ring has read of it.
    #[error(
        "the stream of keys contradicts itself at revision {revision}: {finding}. Nothing is done with \
         the keys until somebody has found out what happened"
    )]
    Contradiction {
        /// Where.
        revision: u64,
        /// How.
        finding: String,
    },
    /// There is no such ring.
    #[error("there is no ring {0} (contactpoint keys rings)")]
    NoSuchRing(Uuid),
    /// Without it nobody would have the keys.
    #[error("ring {0} is the last one that takes part, and is not struck off")]
    LastRing(Uuid),
}

impl Refusal {
    pub(super) fn contradiction(revision: u64, finding: impl Into<String>) -> Self {
        Self::Contradiction { revision, finding: finding.into() }
    }

    /// Whether what is stored contradicts itself, or what was known of it.
    pub const fn is_contradiction(&self) -> bool {
        matches!(self, Self::Contradiction { .. } | Self::OlderCopy { .. })
    }
}
