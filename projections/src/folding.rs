//! A projection at work on a stretch of the log: documents in memory, folded, and what has changed.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    marker::PhantomData,
};

use domain::{event::Event, recorded::Recorded};

use crate::{
    projection::{Name, Projection},
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
    /// The keys an event touches.
    fn keys(&self, recorded: &Recorded<Event>) -> Vec<String>;
    /// A desk with nothing on it.
    fn desk(&self) -> Box<dyn Desk>;
}

/// Documents being worked on.
pub(crate) trait Desk: Send {
    /// Puts a document here as stored, or the knowledge that there is none.
    fn put(&mut self, key: String, stored: Option<&[u8]>) -> Result<(), FoldError>;
    /// Folds one event into the documents it touches. Each of them must be here.
    fn fold(&mut self, recorded: &Recorded<Event>, keys: &[String]);
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

impl<P: Projection> Folding for Typed<P> {
    fn name(&self) -> Name {
        P::NAME
    }

    fn version(&self) -> u32 {
        P::VERSION
    }

    fn keys(&self, recorded: &Recorded<Event>) -> Vec<String> {
        P::keys(recorded)
    }

    fn desk(&self) -> Box<dyn Desk> {
        Box::new(TypedDesk::<P> { documents: HashMap::new(), skipped: BTreeMap::new() })
    }
}

struct TypedDesk<P: Projection> {
    documents: HashMap<String, Paper<P::Document>>,
    skipped: BTreeMap<u64, String>,
}

/// A document: as it is stored, and as it is now.
struct Paper<D> {
    stored: bool,
    entries: HashSet<String>,
    now: Option<D>,
    touched: bool,
}

fn entries<P: Projection>(key: &str, document: &P::Document) -> HashSet<String> {
    P::entries(key, document).iter().map(|entry| entry_key(entry, key)).collect()
}

impl<P: Projection> Desk for TypedDesk<P> {
    fn put(&mut self, key: String, stored: Option<&[u8]>) -> Result<(), FoldError> {
        let now = match stored.map(serde_json::from_slice::<P::Document>).transpose() {
            Ok(now) => now,
            Err(cause) => return Err(FoldError::Unreadable { key, cause }),
        };
        let entries = now.as_ref().map(|now| entries::<P>(&key, now)).unwrap_or_default();
        let paper = Paper { stored: now.is_some(), entries, now, touched: false };
        self.documents.insert(key, paper);
        Ok(())
    }

    fn fold(&mut self, recorded: &Recorded<Event>, keys: &[String]) {
        for key in keys {
            let Some(paper) = self.documents.get_mut(key) else { continue };
            let before = self.skipped.get(&recorded.stamp.position).map(String::as_str);
            match P::evolve(key, paper.now.take(), recorded) {
                Ok(now) => {
                    paper.now = now;
                    paper.touched = true;
                }
                Err(refused) => {
                    paper.now = refused.document;
                    let refused = refused.reason;
                    let reason = match before {
                        Some(before) => format!("{before}; {key}: {refused}"),
                        None => format!("{key}: {refused}"),
                    };
                    self.skipped.insert(recorded.stamp.position, reason);
                }
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

fn changes<P: Projection>(
    key: &str,
    paper: Paper<P::Document>,
    writes: &mut Vec<Write>,
) -> Result<(), FoldError> {
    let now = match &paper.now {
        None => HashSet::new(),
        Some(document) => entries::<P>(key, document),
    };
    let gone = paper.entries.difference(&now);
    writes.extend(gone.map(|entry| Write::Delete { key: entry.clone() }));
    let new = now.difference(&paper.entries);
    writes.extend(new.map(|entry| Write::Put { key: entry.clone(), value: Vec::new() }));
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

fn encode(key: &str, document: &impl serde::Serialize) -> Result<Vec<u8>, FoldError> {
    let value = serde_json::to_vec(document)
        .map_err(|cause| FoldError::Unwritable { key: key.to_owned(), cause })?;
    if value.windows(PERSONAL.len()).any(|bytes| bytes == PERSONAL) {
        return Err(FoldError::Personal { key: key.to_owned() });
    }
    Ok(value)
}
