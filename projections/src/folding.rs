//! A projection at work on a stretch of the log: documents in memory, folded, and what has changed.

mod desk;

use std::marker::PhantomData;

use domain::stream::Stream;
use uuid::Uuid;

use self::desk::{Paper, TypedDesk, changes, entries, read};
use crate::{
    projection::{MarkedProjection, Name, Noted},
    store::Write,
};

/// A read model cannot go on: what is stored is not what was stored, or would be what must not be.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// A stored document cannot be read. Rebuild the read model, or raise its version.
    #[error("the document {key} cannot be read")]
    Unreadable {
        /// Under which key.
        key: String,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// A document cannot be written down.
    #[error("the document {key} cannot be written")]
    Unwritable {
        /// Under which key.
        key: String,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// A document holds something personal.
    #[error("the document {key} holds something personal, and is not written")]
    Personal {
        /// Under which key.
        key: String,
    },
}

/// A kind of read model, whatever its documents.
pub(crate) trait Folding: Send + Sync {
    fn name(&self) -> Name;
    fn version(&self) -> u32;
    /// Whether it needs the marks of personal values.
    fn marked(&self) -> bool;
    /// Whether documents are kept over several stretches while it is being built.
    fn kept(&self) -> bool;
    /// After how many positions what is kept is written, if not before.
    fn round(&self) -> Option<u64>;
    /// Whether events of a stream are any business of it.
    fn concerns(&self, stream: Stream) -> bool;
    /// Whether an event of a stored name is none all the same.
    fn passes_by(&self, name: &str) -> bool;
    /// The keys an event touches.
    fn keys(&self, noted: &Noted) -> Vec<String>;
    /// Whether nothing before a position can have touched what is under a key of an event after it.
    fn begins(&self, key: &str, noted: &Noted, from: u64) -> bool;
    /// The keys that are consulted for an event.
    fn consults(&self, noted: &Noted) -> Vec<String>;
    /// The keys of the documents that may hold marks of a subject.
    fn of_subject(&self, subject: Uuid) -> Vec<String>;
    /// What takes those marks out of a stored document; nothing, if it holds none.
    fn forget(&self, key: &str, stored: &[u8]) -> Result<Vec<Write>, FoldError>;
    /// A desk with nothing on it.
    fn desk(&self) -> Box<dyn Desk>;
}

/// What a desk bears, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// Of documents that have changed, and are not written.
    pub(crate) changed: usize,
    /// Of all documents.
    pub(crate) here: usize,
}

/// What has changed, to be written down as writes in the order of keys: by another thread, for it takes a while.
pub(crate) type Changes = Box<dyn FnOnce() -> Result<Vec<Write>, FoldError> + Send>;

/// Documents being worked on.
pub(crate) trait Desk: Send {
    /// Whether a document is here, or the knowledge that there is none.
    fn has(&mut self, key: &str) -> bool;
    /// Puts a document here as stored, or the knowledge that there is none.
    fn put(&mut self, key: String, stored: Option<&[u8]>) -> Result<(), FoldError>;
    /// Folds one event into the documents it touches. Each that may be stored must be here.
    fn fold(&mut self, noted: &Noted, keys: Vec<String>);
    /// Records that an event was not folded.
    fn skip(&mut self, position: u64, reason: &str);
    /// Whatever stands for something personal of a subject goes from what is here.
    fn forget(&mut self, subject: Uuid);
    /// How heavy it is, in bytes, about.
    fn load(&self) -> Load;
    /// What has changed since that was last asked for, and is being written from now on. What does not come back leaves
    /// with it.
    fn changes(&mut self) -> Result<Changes, FoldError>;
    /// Whether a document left with the changes that were last asked for: what is under its key is not known until these
    /// are written.
    fn left(&self, key: &str) -> bool;
    /// Everything that has changed is written. Documents of so many bytes stay here: those that were used since this was
    /// last said go last.
    fn tidy(&mut self, most: usize);
}

/// A projection as a kind of read model.
pub(crate) struct Typed<P>(PhantomData<fn() -> P>);

impl<P> Typed<P> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<P: MarkedProjection> Folding for Typed<P> {
    fn name(&self) -> Name {
        P::NAME
    }

    fn version(&self) -> u32 {
        P::VERSION
    }

    fn marked(&self) -> bool {
        P::MARKED
    }

    fn concerns(&self, stream: Stream) -> bool {
        P::concerns(stream)
    }

    fn passes_by(&self, name: &str) -> bool {
        P::passes_by(name)
    }

    fn kept(&self) -> bool {
        P::KEPT
    }

    fn round(&self) -> Option<u64> {
        P::ROUND
    }

    fn keys(&self, noted: &Noted) -> Vec<String> {
        P::keys(noted)
    }

    fn begins(&self, key: &str, noted: &Noted, from: u64) -> bool {
        P::begins(key, noted, from)
    }

    fn consults(&self, noted: &Noted) -> Vec<String> {
        P::consults(noted)
    }

    fn of_subject(&self, subject: Uuid) -> Vec<String> {
        P::of_subject(subject)
    }

    fn forget(&self, key: &str, stored: &[u8]) -> Result<Vec<Write>, FoldError> {
        let document = read::<P>(key, stored)?;
        let entries = entries::<P>(key, &document);
        let now = P::forget(document);
        let mut writes = Vec::new();
        changes::<P>(key, &mut Paper::stored(entries, now), &mut writes)?;
        let same =
            |write: &Write| matches!(write, Write::Put { value, .. } if value.as_slice() == stored);
        writes.retain(|write| !same(write));
        Ok(writes)
    }

    fn desk(&self) -> Box<dyn Desk> {
        Box::new(TypedDesk::<P>::default())
    }
}
