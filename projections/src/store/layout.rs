//! Keys in the order of bytes: documents, entries of indexes that lead to them, skipped events.

use crate::projection::Entry;

/// A change to one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// This is under the key now.
    Put {
        /// The key.
        key: String,
        /// What is under it; empty for an entry of an index.
        value: Vec<u8>,
    },
    /// Nothing is under the key now.
    Delete {
        /// The key.
        key: String,
    },
}

impl Write {
    /// The key that changes.
    pub fn key(&self) -> &str {
        match self {
            Self::Put { key, .. } | Self::Delete { key } => key,
        }
    }
}

/// A stretch of keys, in the order of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first key that belongs to it.
    pub from: String,
    /// The first key after it.
    pub to: String,
    /// Whether the last key comes first.
    pub backwards: bool,
    /// At most so many.
    pub limit: usize,
}

/// A question to one build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What is under one key: one row, or none.
    Get(String),
    /// What is under the keys of a range.
    Rows(Range),
    /// The documents to which the entries of a range lead: a row each, with the entry's key and the
    /// document.
    Documents(Range),
    /// How many keys there are in a range: one row, the number in its value, in decimal.
    Count(Range),
}

/// A key with what is under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key.
    pub key: String,
    /// What is under it.
    pub value: Vec<u8>,
}

/// After every key that begins as another does: no key holds a byte as great.
const LAST: char = '\u{7f}';

/// The keys of an index from one place, inclusive, to another, exclusive.
pub fn between(index: &str, from: &str, to: &str, limit: usize) -> Range {
    Range {
        from: format!("i/{index}/{from}"),
        to: format!("i/{index}/{to}"),
        backwards: false,
        limit,
    }
}

/// The keys of an index that begin so.
pub fn beginning_with(index: &str, begins: &str, limit: usize) -> Range {
    between(index, begins, &format!("{begins}{LAST}"), limit)
}

impl Range {
    /// Every document.
    pub fn documents(limit: usize) -> Self {
        Self { from: "d/".to_owned(), to: format!("d/{LAST}"), backwards: false, limit }
    }

    /// Every event that was skipped, with the reason.
    pub fn skipped(limit: usize) -> Self {
        Self { from: "s/".to_owned(), to: format!("s/{LAST}"), backwards: false, limit }
    }

    /// Every key there is.
    pub fn everything(limit: usize) -> Self {
        Self { from: String::new(), to: LAST.to_string(), backwards: false, limit }
    }

    /// What follows a key that has been read.
    #[must_use]
    pub fn after(self, key: &str) -> Self {
        if self.backwards {
            Self { to: key.to_owned(), ..self }
        } else {
            // The least string that is greater.
            Self { from: format!("{key}\0"), ..self }
        }
    }

    /// The last key first.
    #[must_use]
    pub fn backwards(self) -> Self {
        Self { backwards: true, ..self }
    }
}

pub(crate) fn document_key(key: &str) -> String {
    format!("d/{key}")
}

pub(crate) fn entry_key(entry: &Entry, key: &str) -> String {
    format!("i/{}/{}|{key}", entry.index, entry.at)
}

pub(crate) fn skipped_key(position: u64) -> String {
    format!("s/{position:020}")
}

/// The key of the document to which an entry leads.
pub(super) fn led_to(entry: &str) -> String {
    document_key(entry.rsplit_once('|').map_or(entry, |(_, key)| key))
}
