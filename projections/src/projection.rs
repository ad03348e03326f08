//! A read model as a fold by keys: which documents an event touches, and what each becomes.

mod marked;

use domain::{event::Event, recorded::Recorded, stream::Stream};
use serde::{Serialize, de::DeserializeOwned};

use crate::dated::KnownBy;

pub(crate) use self::marked::Plain;
pub use self::marked::{MarkedProjection, Noted, Others, ReadModel};

/// A read model's name without its version, such as `authorised-users`.
pub type Name = &'static str;

/// A fold of the whole log into documents, each under a key.
///
/// Pure: neither clock nor store. Events are read without any key, so nothing personal reaches a fold,
/// and a document that holds something personal all the same is refused. Change what a fold does, and
/// its version goes up by one; the new version is built beside the old.
pub trait Projection: Send + Sync + 'static {
    /// Its name.
    const NAME: Name;
    /// The version of the fold and of its documents, from 1.
    const VERSION: u32;

    /// Whether its documents are kept in memory over several stretches while it is being built, and
    /// written together.
    const KEPT: bool = false;

    /// After how many positions of the log hardly any document is touched again, if there is such a number: what is kept
    /// is written there, each document once.
    const ROUND: Option<u64> = None;

    /// What it keeps under each key.
    type Document: Serialize + DeserializeOwned + Send + 'static;

    /// Whether events of a stream are any business of this read model at all. What is not is not even
    /// decoded for it; nor is it recorded as skipped, should it be damaged.
    fn concerns(_stream: Stream) -> bool {
        true
    }

    /// Whether an event of such a stored name is no business of this read model, though its stream is: it is
    /// not decoded for it then. For those of which there are many.
    fn passes_by(_name: &str) -> bool {
        false
    }

    /// The keys of the documents that an event touches: handles, codes and dates, in ASCII, without
    /// `|`. None, if it is no business of this read model.
    fn keys(recorded: &Recorded<Event>) -> Vec<String>;

    /// Whether nothing before the position `from` can have touched the document under a key of an event
    /// that stands there or after it. Then nothing is looked for there.
    fn begins(_key: &str, _recorded: &Recorded<Event>, _from: u64) -> bool {
        false
    }

    /// Whether a later event may touch a document again.
    fn comes_back(_key: &str, _document: Option<&Self::Document>) -> bool {
        true
    }

    /// About how many bytes a document takes in memory, and in the writes that it is made into.
    fn weight(document: &Self::Document) -> usize {
        size_of_val(document)
    }

    /// What the document under a key becomes; none deletes it.
    ///
    /// # Errors
    /// When the event makes no sense after what the document says. It is then recorded as skipped.
    fn evolve(
        key: &str,
        document: Option<Self::Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Self::Document>;

    /// Under which entries of which indexes the document is found. Derived from the document alone, so
    /// an index cannot drift from it.
    fn entries(key: &str, document: &Self::Document) -> Vec<Entry>;

    /// The document as it was known by then: what the events up to then alone would have made of it.
    fn as_of(document: Self::Document, known_by: KnownBy) -> Option<Self::Document>;
}

/// What a document became, or a refusal.
pub type Evolved<D> = Result<Option<D>, Refused<D>>;

/// Why an event was not folded, with the document as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused<D> {
    /// What stands in the way.
    pub reason: &'static str,
    /// The document, untouched.
    pub document: Option<D>,
}

/// An entry of an index: which index, and where in its order. Ranges of one index are read in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// The index.
    pub index: &'static str,
    /// The place in its order: parts of fixed width, joined by `/`.
    pub at: String,
}

impl Entry {
    /// An entry at the place that these parts make up.
    pub fn new(index: &'static str, parts: &[&str]) -> Self {
        Self { index, at: parts.join("/") }
    }
}
