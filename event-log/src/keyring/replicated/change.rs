//! What rings say to each other: the events of the stream of keys, in a format fixed for good.
//!
//! Documented in `docs/adr/0010-keys-on-every-server.md`. Nothing in them is personal, and no secret is
//! in the clear.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Refusal;
use crate::entry::{digest_hex, sha256};

/// The version of the format.
const VERSION: u32 = 1;

/// 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Digest(#[serde(with = "digest_hex")] pub(crate) [u8; 32]);

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    v: u32,
    /// SHA-256 of the bytes of the event before it; none for the first.
    pub(crate) prev: Option<Digest>,
    /// Which ring says so; none if a person does.
    pub(crate) from: Option<From>,
    /// What happened.
    pub(crate) what: What,
}

/// A ring, and since when the process that has it open is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct From {
    /// The ring.
    pub(crate) ring: Uuid,
    /// The process: another one each time that the ring is opened.
    pub(crate) session: Uuid,
}

/// A key, wrapped under the transport key of its epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Carried {
    pub(crate) subject: Uuid,
    pub(crate) commitment: Digest,
    /// In hexadecimal: the nonce, then the sealed key with its tag.
    pub(crate) wrapped: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum What {
    /// The first event: the ring from which all others are copied.
    Founded {
        /// The name of the log.
        origin: String,
        /// The epoch that it is in.
        epoch: u32,
        /// The commitment to the transport key of that epoch.
        transport: Digest,
    },
    /// A ring takes part from here on. It has carried out everything before.
    Joined {},
    /// A ring that takes part was opened again.
    Opened {},
    /// A person says that a ring's folder is destroyed.
    StruckOff {
        /// Which.
        ring: Uuid,
        /// Who says so: a member of staff's handle.
        by: Uuid,
    },
    /// Keys of subjects that had none.
    KeysMade {
        /// The epoch under whose transport key they are wrapped.
        epoch: u32,
        keys: Vec<Carried>,
    },
    /// A subject's key may not be destroyed.
    Held { subject: Uuid },
    /// It may be again.
    Lifted { subject: Uuid },
    /// These subjects' keys are destroyed wherever they are, and the next epoch begins.
    Destroyed {
        /// The epoch that ends.
        epoch: u32,
        /// The commitment to the transport key of the next.
        next: Digest,
        subjects: Vec<Uuid>,
    },
    /// A ring has carried out every destruction up to this revision.
    Followed {
        /// The revision of the last one.
        revision: u64,
    },
}

/// An event as it stands in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) revision: u64,
    /// SHA-256 of its bytes.
    pub(crate) digest: [u8; 32],
    pub(crate) change: Change,
}

impl Change {
    pub(crate) fn new(prev: Option<[u8; 32]>, from: Option<From>, what: What) -> Self {
        Self { v: VERSION, prev: prev.map(Digest), from, what }
    }

    /// What the event is called where it is stored.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.what {
            What::Founded { .. } => "keys.founded/1",
            What::Joined {} => "keys.joined/1",
            What::Opened {} => "keys.opened/1",
            What::StruckOff { .. } => "keys.struck-off/1",
            What::KeysMade { .. } => "keys.made/1",
            What::Held { .. } => "keys.held/1",
            What::Lifted { .. } => "keys.lifted/1",
            What::Destroyed { .. } => "keys.destroyed/1",
            What::Followed { .. } => "keys.followed/1",
        }
    }
}

impl Read {
    /// Reads an event.
    ///
    /// # Errors
    /// [`Refusal::Contradiction`] if it is none.
    pub(crate) fn parse(revision: u64, bytes: &[u8]) -> Result<Self, Refusal> {
        // What cannot be read may be from a later program: nothing of it is repeated.
        let change = serde_json::from_slice::<Change>(bytes).ok();
        match change.filter(|change| change.v == VERSION) {
            Some(change) => Ok(Self { revision, digest: sha256(bytes), change }),
            None => Err(Refusal::contradiction(
                revision,
                "it is no event that this program knows: is another server newer?",
            )),
        }
    }
}
