//! Documents on a desk: as they are stored, as they are now, and what has changed.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::BuildHasher,
};

use rustc_hash::FxBuildHasher;
use uuid::Uuid;

use super::{Changes, Desk, FoldError, Load};
use crate::{
    projection::{MarkedProjection, Noted, Others},
    store::{Write, document_key, entry_key, skipped_key},
};

/// Documents of one read model.
pub(super) struct TypedDesk<P: MarkedProjection> {
    documents: HashMap<String, Paper<P::Document>, FxBuildHasher>,
    skipped: BTreeMap<u64, String>,
    load: Load,
    /// The hashes of the keys of what left with the changes that were last asked for.
    left: HashSet<u64, FxBuildHasher>,
}

impl<P: MarkedProjection> Default for TypedDesk<P> {
    fn default() -> Self {
        Self {
            documents: HashMap::default(),
            skipped: BTreeMap::new(),
            load: Load::default(),
            left: HashSet::default(),
        }
    }
}

/// A document: whether it is stored, and as it is now.
pub(super) struct Paper<D> {
    stored: bool,
    /// Under which entries it is stored, once it has been touched.
    entries: Vec<String>,
    now: Option<D>,
    touched: bool,
    used: bool,
    /// In bytes, about.
    weight: usize,
}

/// What a document takes beside itself and its key: its place in a table, and what the allocator needs.
const BESIDE: usize = 160;

impl<D> Paper<D> {
    /// Where there is none.
    const fn nothing() -> Self {
        Self {
            stored: false,
            entries: Vec::new(),
            now: None,
            touched: false,
            used: true,
            weight: 0,
        }
    }

    /// One that is stored, was found under these entries, and is different now.
    pub(super) const fn stored(entries: Vec<String>, now: Option<D>) -> Self {
        Self { stored: true, entries, now, touched: true, used: true, weight: 0 }
    }
}

pub(super) fn read<P: MarkedProjection>(
    key: &str,
    stored: &[u8],
) -> Result<P::Document, FoldError> {
    serde_json::from_slice(stored)
        .map_err(|cause| FoldError::Unreadable { key: key.to_owned(), cause })
}

impl<D, S: BuildHasher> Others<D> for HashMap<String, Paper<D>, S> {
    fn get(&self, key: &str) -> Option<&D> {
        HashMap::get(self, key).and_then(|paper| paper.now.as_ref())
    }
}

fn weigh<P: MarkedProjection>(key: &str, document: Option<&P::Document>) -> usize {
    document.map_or(0, P::weight).saturating_add(key.len()).saturating_add(BESIDE)
}

impl Load {
    /// A document is as heavy as it is now; whether it has changed, and did so only now.
    const fn weighs(&mut self, (before, now): (usize, usize), changed: bool, only_now: bool) {
        self.here = self.here.saturating_sub(before).saturating_add(now);
        if changed {
            let counted = if only_now { 0 } else { before };
            self.changed = self.changed.saturating_sub(counted).saturating_add(now);
        }
    }
}

/// The keys of a document's entries, each once. Of most documents there are few.
pub(super) fn entries<P: MarkedProjection>(key: &str, document: &P::Document) -> Vec<String> {
    let mut entries: Vec<String> =
        P::entries(key, document).iter().map(|entry| entry_key(entry, key)).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

impl<P: MarkedProjection> Desk for TypedDesk<P> {
    fn has(&mut self, key: &str) -> bool {
        let here = self.documents.get_mut(key);
        here.map(|paper| paper.used = true).is_some()
    }

    fn put(&mut self, key: String, stored: Option<&[u8]>) -> Result<(), FoldError> {
        let now = stored.map(|stored| read::<P>(&key, stored)).transpose()?;
        let weight = weigh::<P>(&key, now.as_ref());
        let paper = Paper { stored: now.is_some(), now, weight, ..Paper::nothing() };
        let before = self.documents.insert(key, paper).map_or(0, |paper| paper.weight);
        self.load.weighs((before, weight), false, false);
        Ok(())
    }

    fn fold(&mut self, noted: &Noted, keys: Vec<String>) {
        let position = noted.recorded.stamp.position;
        for key in keys {
            let paper = self.documents.get_mut(&key);
            let here = paper.is_some();
            let document = paper.and_then(|paper| take::<P>(&key, paper));
            let was = document.is_some();
            let (now, refused) = match P::evolve(&key, document, noted, &self.documents) {
                Ok(now) => (now, None),
                Err(refused) => (refused.document, Some(refused.reason)),
            };
            let touches = refused.is_none() && (was || now.is_some());
            if let Some(refused) = refused {
                let reason = match self.skipped.get(&position) {
                    Some(before) => format!("{before}; {key}: {refused}"),
                    None => format!("{key}: {refused}"),
                };
                self.skipped.insert(position, reason);
            }
            let weight = weigh::<P>(&key, now.as_ref());
            // Most that is looked for here is found nowhere, and nothing comes of it.
            if here && let Some(paper) = self.documents.get_mut(&key) {
                paper.now = now;
                let only_now = touches && !paper.touched;
                paper.touched |= touches;
                self.load.weighs((paper.weight, weight), paper.touched, only_now);
                paper.weight = weight;
            } else if now.is_some() {
                self.load.weighs((0, weight), touches, true);
                let paper = Paper { now, touched: touches, weight, ..Paper::nothing() };
                self.documents.insert(key, paper);
            }
        }
    }

    fn skip(&mut self, position: u64, reason: &str) {
        self.skipped.insert(position, reason.to_owned());
    }

    fn forget(&mut self, subject: Uuid) {
        for key in P::of_subject(subject) {
            let Some(paper) = self.documents.get_mut(&key) else { continue };
            let Some(document) = take::<P>(&key, paper) else { continue };
            paper.now = P::forget(document);
            let (weight, only_now) = (weigh::<P>(&key, paper.now.as_ref()), !paper.touched);
            paper.touched = true;
            self.load.weighs((paper.weight, weight), true, only_now);
            paper.weight = weight;
        }
    }

    fn load(&self) -> Load {
        let skipped = self.skipped.len().saturating_mul(BESIDE);
        Load { changed: self.load.changed.saturating_add(skipped), ..self.load }
    }

    fn changes(&mut self) -> Result<Changes, FoldError> {
        let (mut writes, mut leaving) = (Vec::new(), Vec::new());
        let leaves = |key: &String, paper: &mut Paper<P::Document>| {
            paper.touched && !P::comes_back(key, paper.now.as_ref())
        };
        self.left.clear();
        for (key, paper) in self.documents.extract_if(leaves) {
            self.load.here = self.load.here.saturating_sub(paper.weight);
            self.left.insert(hash(&key));
            leaving.push((key, paper));
        }
        for (key, paper) in self.documents.iter_mut().filter(|(_, paper)| paper.touched) {
            changes::<P>(key, paper, &mut writes)?;
        }
        for (position, reason) in std::mem::take(&mut self.skipped) {
            writes.push(Write::Put { key: skipped_key(position), value: reason.into_bytes() });
        }
        self.load.changed = 0;
        Ok(Box::new(move || {
            for (key, mut paper) in leaving {
                changes::<P>(&key, &mut paper, &mut writes)?;
            }
            writes.sort_unstable_by(|one, other| one.key().cmp(other.key()));
            Ok(writes)
        }))
    }

    fn left(&self, key: &str) -> bool {
        self.left.contains(&hash(key))
    }

    fn tidy(&mut self, most: usize) {
        let here = &mut self.load.here;
        for spared in [true, false] {
            if *here <= most {
                break;
            }
            // Of what is used by turns, always the same goes, and the rest is there when its turn comes.
            self.documents.retain(|_, paper| {
                let stays = *here <= most || paper.touched || (spared && paper.used);
                if !stays {
                    *here = here.saturating_sub(paper.weight);
                }
                stays
            });
        }
        for paper in self.documents.values_mut() {
            paper.used = false;
        }
    }
}

fn hash(key: &str) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// Takes a document up. Before it is touched for the first time, its entries are those that are stored.
fn take<P: MarkedProjection>(key: &str, paper: &mut Paper<P::Document>) -> Option<P::Document> {
    if let Some(now) = paper.now.as_ref().filter(|_| paper.stored && !paper.touched) {
        paper.entries = entries::<P>(key, now);
    }
    paper.now.take()
}

/// What has to be written of a document, which is then as it is stored.
pub(super) fn changes<P: MarkedProjection>(
    key: &str,
    paper: &mut Paper<P::Document>,
    writes: &mut Vec<Write>,
) -> Result<(), FoldError> {
    let now = paper.now.as_ref().map(|document| entries::<P>(key, document)).unwrap_or_default();
    let new = |entry| Write::Put { key: entry, value: Vec::new() };
    let before = std::mem::take(&mut paper.entries);
    if before.is_empty() {
        writes.extend(now.into_iter().map(new)); // as of most documents that are new
    } else {
        let gone = before.iter().filter(|entry| now.binary_search(entry).is_err());
        writes.extend(gone.map(|entry| Write::Delete { key: entry.clone() }));
        let come = now.into_iter().filter(|entry| before.binary_search(entry).is_err());
        writes.extend(come.map(new));
    }
    match &paper.now {
        None if paper.stored => writes.push(Write::Delete { key: document_key(key) }),
        None => {}
        Some(document) => {
            let value = encode(key, document)?;
            writes.push(Write::Put { key: document_key(key), value });
        }
    }
    (paper.stored, paper.touched) = (paper.now.is_some(), false);
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
