//! A projection at work on a stretch of the log: documents in memory, folded, and what has changed.

use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasher,
    marker::PhantomData,
};

use domain::stream::Stream;
use uuid::Uuid;

use crate::{
    projection::{MarkedProjection, Name, Noted, Others},
    store::{Write, document_key, entry_key, skipped_key},
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
    /// Whether events of a stream are any business of it.
    fn concerns(&self, stream: Stream) -> bool;
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

/// Documents being worked on.
pub(crate) trait Desk: Send {
    /// Puts a document here as stored, or the knowledge that there is none.
    fn put(&mut self, key: String, stored: Option<&[u8]>) -> Result<(), FoldError>;
    /// Folds one event into the documents it touches. Each that may be stored must be here.
    fn fold(&mut self, noted: &Noted, keys: Vec<String>);
    /// Records that an event was not folded.
    fn skip(&mut self, position: u64, reason: &str);
    /// What has changed, in the order of keys.
    fn changes(self: Box<Self>) -> Result<Vec<Write>, FoldError>;
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
        changes::<P>(key, Paper { stored: true, entries, now, touched: true }, &mut writes)?;
        let same =
            |write: &Write| matches!(write, Write::Put { value, .. } if value.as_slice() == stored);
        writes.retain(|write| !same(write));
        Ok(writes)
    }

    fn desk(&self) -> Box<dyn Desk> {
        Box::new(TypedDesk::<P> { documents: HashMap::new(), skipped: BTreeMap::new() })
    }
}

struct TypedDesk<P: MarkedProjection> {
    documents: HashMap<String, Paper<P::Document>>,
    skipped: BTreeMap<u64, String>,
}

/// A document: as it is stored, and as it is now.
struct Paper<D> {
    stored: bool,
    entries: Vec<String>,
    now: Option<D>,
    touched: bool,
}

impl<D> Paper<D> {
    /// Where there is none.
    const fn nothing() -> Self {
        Self { stored: false, entries: Vec::new(), now: None, touched: false }
    }
}

fn read<P: MarkedProjection>(key: &str, stored: &[u8]) -> Result<P::Document, FoldError> {
    serde_json::from_slice(stored)
        .map_err(|cause| FoldError::Unreadable { key: key.to_owned(), cause })
}

impl<D, S: BuildHasher> Others<D> for HashMap<String, Paper<D>, S> {
    fn get(&self, key: &str) -> Option<&D> {
        HashMap::get(self, key).and_then(|paper| paper.now.as_ref())
    }
}

/// The keys of a document's entries, each once. Of most documents there are few.
fn entries<P: MarkedProjection>(key: &str, document: &P::Document) -> Vec<String> {
    let mut entries: Vec<String> =
        P::entries(key, document).iter().map(|entry| entry_key(entry, key)).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

impl<P: MarkedProjection> Desk for TypedDesk<P> {
    fn put(&mut self, key: String, stored: Option<&[u8]>) -> Result<(), FoldError> {
        let now = stored.map(|stored| read::<P>(&key, stored)).transpose()?;
        let entries = now.as_ref().map(|now| entries::<P>(&key, now)).unwrap_or_default();
        let paper = Paper { stored: now.is_some(), entries, now, touched: false };
        self.documents.insert(key, paper);
        Ok(())
    }

    fn fold(&mut self, noted: &Noted, keys: Vec<String>) {
        let position = noted.recorded.stamp.position;
        for key in keys {
            let document = self.documents.get_mut(&key).and_then(|paper| paper.now.take());
            let (now, refused) = match P::evolve(&key, document, noted, &self.documents) {
                Ok(now) => (now, None),
                Err(refused) => (refused.document, Some(refused.reason)),
            };
            let touches = refused.is_none();
            if let Some(refused) = refused {
                let reason = match self.skipped.get(&position) {
                    Some(before) => format!("{before}; {key}: {refused}"),
                    None => format!("{key}: {refused}"),
                };
                self.skipped.insert(position, reason);
            }
            if let Some(paper) = self.documents.get_mut(&key) {
                paper.now = now;
                paper.touched |= touches;
            } else {
                let paper = Paper { now, touched: touches, ..Paper::nothing() };
                self.documents.insert(key, paper);
            }
        }
    }

    fn skip(&mut self, position: u64, reason: &str) {
        self.skipped.insert(position, reason.to_owned());
    }

    fn changes(self: Box<Self>) -> Result<Vec<Write>, FoldError> {
        let mut writes = Vec::new();
        for (key, paper) in self.documents {
            if paper.touched {
                changes::<P>(&key, paper, &mut writes)?;
            }
        }
        for (position, reason) in self.skipped {
            writes.push(Write::Put { key: skipped_key(position), value: reason.into_bytes() });
        }
        writes.sort_unstable_by(|one, other| one.key().cmp(other.key()));
        Ok(writes)
    }
}

fn changes<P: MarkedProjection>(
    key: &str,
    paper: Paper<P::Document>,
    writes: &mut Vec<Write>,
) -> Result<(), FoldError> {
    let now = paper.now.as_ref().map(|document| entries::<P>(key, document)).unwrap_or_default();
    let new = |entry| Write::Put { key: entry, value: Vec::new() };
    if paper.entries.is_empty() {
        writes.extend(now.into_iter().map(new)); // as of most documents that are new
    } else {
        let gone = paper.entries.iter().filter(|entry| now.binary_search(entry).is_err());
        writes.extend(gone.map(|entry| Write::Delete { key: entry.clone() }));
        writes.extend(
            now.into_iter().filter(|entry| paper.entries.binary_search(entry).is_err()).map(new),
        );
    }
    match paper.now {
        None if paper.stored => writes.push(Write::Delete { key: document_key(key) }),
        None => {}
        Some(document) => {
            let value = encode(key, &document)?;
            writes.push(Write::Put { key: document_key(key), value });
        }
    }
    Ok(())
}

/// How a known personal value begins in JSON. No text can hold it unescaped.
const PERSONAL: &[u8] = b"{\"$personal\"";

/// Whether a known personal value stands in JSON. What is looked for first is rare in it.
fn has_personal(value: &[u8]) -> bool {
    if !value.contains(&b'$') {
        return false; // many bytes at once
    }
    let mut dollars = value.iter().enumerate().filter(|(_, byte)| **byte == b'$');
    dollars.any(|(at, _)| {
        at.checked_sub(2)
            .and_then(|from| value.get(from..))
            .is_some_and(|rest| rest.starts_with(PERSONAL))
    })
}

fn encode(key: &str, document: &impl serde::Serialize) -> Result<Vec<u8>, FoldError> {
    let value = serde_json::to_vec(document)
        .map_err(|cause| FoldError::Unwritable { key: key.to_owned(), cause })?;
    if has_personal(&value) {
        return Err(FoldError::Personal { key: key.to_owned() });
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::has_personal;

    #[test]
    fn a_personal_value_is_found_wherever_it_stands() {
        for found in [r#"{"$personal":1}"#, r#"{"a":"$","b":[{"$personal":"Anna"}]}"#] {
            assert!(has_personal(found.as_bytes()), "{found}");
        }
        for other in ["", "$", r#"{"a":"$personal"}"#, r#"{"a":"{\"$personal\""}"#] {
            assert!(!has_personal(other.as_bytes()), "{other}");
        }
    }
}
