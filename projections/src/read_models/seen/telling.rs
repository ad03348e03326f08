//! What is told of sights without reading each: only one that may have been withheld is read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::identity::EventId;

use super::{
    Deed, Document, Kind, Outcome, Outline, Seen, WITHHELD, Withheld, asking::sights,
    outline::hint, withheld_key,
};
use crate::{
    dated::{KnownBy, Moment},
    reader::{Found, QueryError, Reader},
    store::Range,
};

/// What is told of a sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When, and where.
    pub known: Moment,
    /// What was done.
    pub deed: Deed,
    /// What came of it.
    pub outcome: Outcome,
    /// By whom and why.
    pub kind: Arc<Kind>,
    /// When it turned out that nothing was released after all, if it did by then.
    pub withheld: Option<Moment>,
}

/// Tells of sights what is known by then, of each in its turn. A sight is read if it may be one that was withheld.
///
/// # Errors
/// See [`QueryError`].
pub async fn told(
    reader: &Reader<Seen>,
    outlines: Vec<Outline>,
    known_by: KnownBy,
) -> Result<Vec<Told>, QueryError> {
    let notes = few_notes(reader).await?;
    let hints = notes.as_ref().map(|notes| {
        notes.keys().map(|disclosure| hint(disclosure.uuid())).collect::<BTreeSet<_>>()
    });
    let certain =
        |outline: &Outline| hints.as_ref().is_some_and(|hints| !hints.contains(&outline.hint));
    let uncertain = outlines.iter().filter(|outline| !certain(outline));
    let positions: Vec<u64> = uncertain.map(|outline| outline.known.position).collect();
    let read = sights(reader, &positions).await?;
    let when = match &notes {
        Some(notes) => read.iter().map(|sight| among(notes, sight.event, known_by)).collect(),
        None => one_by_one(reader, read.iter().map(|sight| sight.event), known_by).await?,
    };
    let mut when = when.into_iter();
    let told = outlines.into_iter().map(|outline| {
        let withheld = if certain(&outline) { None } else { when.next().flatten() };
        let Outline { known, deed, outcome, kind, .. } = outline;
        Told { known, deed, outcome, kind, withheld }
    });
    Ok(told.collect())
}

/// When it turned out that nothing of these disclosures was released after all, of each in its turn, if it
/// did by then.
///
/// # Errors
/// See [`QueryError`].
pub async fn withheld(
    reader: &Reader<Seen>,
    disclosures: impl Iterator<Item = EventId>,
    known_by: KnownBy,
) -> Result<Vec<Option<Moment>>, QueryError> {
    match few_notes(reader).await? {
        Some(notes) => Ok(disclosures.map(|id| among(&notes, id, known_by)).collect()),
        None => one_by_one(reader, disclosures, known_by).await,
    }
}

/// Everything that was withheld.
type Notes = BTreeMap<EventId, Moment>;

/// So many are few. Where guards are checked as events are written there are none at all.
const FEW: usize = 256;

/// Everything that was withheld, if that is little.
async fn few_notes(reader: &Reader<Seen>) -> Result<Option<Notes>, QueryError> {
    let (all, limit) = (Range::documents(FEW), FEW);
    let (from, to) = (format!("{}{WITHHELD}", all.from), format!("{}{WITHHELD}~", all.from));
    let found = reader.find(vec![Range { from, to, backwards: false, limit }]).await?.value;
    let few = found.len() < limit;
    let note = |found: Found<Document>| match found.document {
        Document::Withheld(Withheld { disclosure, known }) => Some((disclosure, known)),
        Document::Places(_) | Document::Spans(_) => None,
    };
    Ok(few.then(|| found.into_iter().filter_map(note).collect()))
}

fn among(notes: &Notes, disclosure: EventId, known_by: KnownBy) -> Option<Moment> {
    notes.get(&disclosure).copied().filter(|known| known_by.reaches(*known))
}

/// Asks about each disclosure, at one instant.
async fn one_by_one(
    reader: &Reader<Seen>,
    disclosures: impl Iterator<Item = EventId>,
    known_by: KnownBy,
) -> Result<Vec<Option<Moment>>, QueryError> {
    let keys: Vec<String> = disclosures.map(withheld_key).collect();
    let noted = reader.get_all(&keys).await?.value;
    let known = |noted: Option<Document>| match noted {
        Some(Document::Withheld(withheld)) => {
            Some(withheld.known).filter(|known| known_by.reaches(*known))
        }
        Some(Document::Places(_) | Document::Spans(_)) | None => None,
    };
    Ok(noted.into_iter().map(known).collect())
}
