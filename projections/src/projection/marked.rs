//! Folds that compare personal values by what stands for them, and what all folds have in common.

use domain::{event::Event, recorded::Recorded, stream::Stream};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Entry, Evolved, Name, Projection};
use crate::{dated::KnownBy, marks::Marks};

/// An event with the marks of what is personal in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The event, read without keys.
    pub recorded: Recorded<Event>,
    /// What stands for its personal values.
    pub marks: Marks,
}

/// What can be read of a read model, however it is folded.
pub trait ReadModel: Send + Sync + 'static {
    /// Its name.
    const NAME: Name;
    /// The version of the fold and of its documents.
    const VERSION: u32;
    /// What it keeps under each key.
    type Document: Serialize + DeserializeOwned + Send + 'static;

    /// Under which entries of which indexes a document is found.
    fn entries(key: &str, document: &Self::Document) -> Vec<Entry>;

    /// The document as it was known by then; none of one that speaks of the present only.
    fn as_of(document: Self::Document, known_by: KnownBy) -> Option<Self::Document>;
}

impl<P: Projection> ReadModel for P {
    const NAME: Name = <P as Projection>::NAME;
    const VERSION: u32 = <P as Projection>::VERSION;
    type Document = <P as Projection>::Document;

    fn entries(key: &str, document: &Self::Document) -> Vec<Entry> {
        <P as Projection>::entries(key, document)
    }

    fn as_of(document: Self::Document, known_by: KnownBy) -> Option<Self::Document> {
        <P as Projection>::as_of(document, known_by)
    }
}

/// A fold of the whole log that compares personal values, by what stands for them.
///
/// Pure like a [`Projection`], and as blind: it is given marks and never a value. It may consult other
/// documents of its own build, as they are just before the event, so that what it makes of an event
/// depends on the events before it and on nothing else. Only a process that holds the ring of keys can
/// follow it.
pub trait MarkedProjection: ReadModel {
    /// Whether it needs marks at all.
    const MARKED: bool = true;

    /// Whether its documents are touched again and again, by events that stand far apart: then they are
    /// kept in memory over several stretches while it is being built, and written together.
    const KEPT: bool = false;

    /// After how many positions of the log hardly any document is touched again, if there is such a number.
    const ROUND: Option<u64> = None;

    /// Whether events of a stream are any business of this read model at all.
    fn concerns(_stream: Stream) -> bool {
        true
    }

    /// Whether an event of such a stored name is no business of this read model, though its stream is: it is
    /// not decoded for it then. For those of which there are many.
    fn passes_by(_name: &str) -> bool {
        false
    }

    /// The keys of the documents that an event touches, in the order in which they are folded.
    fn keys(noted: &Noted) -> Vec<String>;

    /// Whether nothing before the position `from` can have touched the document under a key of an event
    /// that stands there or after it.
    fn begins(_key: &str, _noted: &Noted, _from: u64) -> bool {
        false
    }

    /// Whether a document may be touched or consulted again by a later event.
    fn comes_back(_key: &str, _document: Option<&Self::Document>) -> bool {
        true
    }

    /// About how many bytes a document takes in memory, and in the writes that it is made into.
    fn weight(document: &Self::Document) -> usize {
        size_of_val(document)
    }

    /// The keys of the documents that it consults besides.
    fn consults(noted: &Noted) -> Vec<String>;

    /// What the document under a key becomes; none deletes it.
    ///
    /// # Errors
    /// When the event makes no sense after what the document says. It is then recorded as skipped.
    fn evolve(
        key: &str,
        document: Option<Self::Document>,
        noted: &Noted,
        others: &dyn Others<Self::Document>,
    ) -> Evolved<Self::Document>;

    /// The keys of the documents that may hold marks of what is personal of a subject.
    fn of_subject(subject: Uuid) -> Vec<String>;

    /// Such a document without them; none if nothing is left of it. The same as an erasure in the log
    /// makes of it.
    fn forget(document: Self::Document) -> Option<Self::Document>;
}

/// The other documents of a build.
pub trait Others<D> {
    /// The document under a key that was touched or consulted; none if there is none.
    fn get(&self, key: &str) -> Option<&D>;
}

/// A projection without marks, folded like one with.
pub(crate) struct Plain<P>(std::marker::PhantomData<fn() -> P>);

impl<P: Projection> ReadModel for Plain<P> {
    const NAME: Name = <P as Projection>::NAME;
    const VERSION: u32 = <P as Projection>::VERSION;
    type Document = <P as Projection>::Document;

    fn entries(key: &str, document: &Self::Document) -> Vec<Entry> {
        <P as Projection>::entries(key, document)
    }

    fn as_of(document: Self::Document, known_by: KnownBy) -> Option<Self::Document> {
        <P as Projection>::as_of(document, known_by)
    }
}

impl<P: Projection> MarkedProjection for Plain<P> {
    const MARKED: bool = false;
    const KEPT: bool = P::KEPT;
    const ROUND: Option<u64> = P::ROUND;

    fn concerns(stream: Stream) -> bool {
        P::concerns(stream)
    }

    fn passes_by(name: &str) -> bool {
        P::passes_by(name)
    }

    fn keys(noted: &Noted) -> Vec<String> {
        P::keys(&noted.recorded)
    }

    fn comes_back(key: &str, document: Option<&Self::Document>) -> bool {
        P::comes_back(key, document)
    }

    fn begins(key: &str, noted: &Noted, from: u64) -> bool {
        P::begins(key, &noted.recorded, from)
    }

    fn weight(document: &Self::Document) -> usize {
        P::weight(document)
    }

    fn consults(_: &Noted) -> Vec<String> {
        Vec::new()
    }

    fn evolve(
        key: &str,
        document: Option<Self::Document>,
        noted: &Noted,
        _: &dyn Others<Self::Document>,
    ) -> Evolved<Self::Document> {
        P::evolve(key, document, &noted.recorded)
    }

    fn of_subject(_: Uuid) -> Vec<String> {
        Vec::new()
    }

    fn forget(document: Self::Document) -> Option<Self::Document> {
        Some(document)
    }
}
