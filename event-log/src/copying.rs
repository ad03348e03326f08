//! Copying a log from one store to another: entries and sealed sections byte for byte, in order.
//!
//! What is there already is compared and not written again, so a copy that was interrupted goes on.
//! At the end the tree over both has been computed: equal roots mean equal entries at equal places.

use std::ops::ControlFlow;

use domain::identity::EventId;
use serde::Deserialize;

use crate::{
    append::{Append, AppendError, NewEvent},
    backend::{Backend, ReadError, Stored, leaf},
    transparency::{Hash, tree::Edge},
};

/// How many events are read at once.
const AT_ONCE: usize = 1_000;

/// After how many appends it is looked where they came to stand, and said how far it has come.
const RUNS_AT_ONCE: usize = 64;

/// How many bytes are written in one append at most, unless one event has more.
const BYTES_AT_ONCE: usize = 768 * 1024;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What is there already is compared.
    Comparing,
    /// Events are copied.
    Copying,
    /// Both are read from the beginning.
    Verifying,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How many events it has been done with.
    pub done: u64,
    /// Of how many.
    pub of: u64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many events were there already.
    pub there: u64,
    /// How many were copied.
    pub copied: u64,
    /// The root of the tree over all of them: the same in both.
    pub root: Hash,
}

/// Why a log was not copied. What was copied before stays, and the same copy goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the logs cannot be read, or is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The target did not take an event.
    #[error("the event at position {position} was not taken")]
    Append {
        /// Where it stands.
        position: u64,
        /// Why.
        #[source]
        cause: AppendError,
    },
    /// The target has another event at this place: it is the copy of another log, or somebody wrote
    /// to it.
    #[error("at position {position} the target has another event: it is no copy of this log")]
    Differs {
        /// Where.
        position: u64,
    },
    /// The target has more events.
    #[error("the target has {there} events and the source {here}: somebody writes to the target")]
    Longer {
        /// How many it has.
        there: u64,
        /// How many the source has.
        here: u64,
    },
    /// An entry does not say which event it is.
    #[error("the entry at position {position} has no identity")]
    NoIdentity {
        /// Where it stands.
        position: u64,
    },
    /// Stopped by whoever asked for it.
    #[error("interrupted; the same command goes on from there")]
    Interrupted,
}

#[derive(Deserialize)]
struct Identified {
    id: EventId,
}

/// Copies what `from` holds now into `to`.
///
/// # Errors
/// See [`CopyError`].
pub async fn copy(
    from: &dyn Backend,
    to: &dyn Backend,
    mut say: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Copied, CopyError> {
    let (here, there) = (*from.watch().borrow(), *to.watch().borrow());
    if there > here {
        return Err(CopyError::Longer { there, here });
    }
    same(from, to, there, |done| say(Progress { stage: Stage::Comparing, done, of: there }))
        .await?;
    let mut next = there;
    while next < here {
        let limit = usize::try_from(here.saturating_sub(next)).unwrap_or(usize::MAX).min(AT_ONCE);
        let page = from.read_all(next, limit).await?;
        if page.is_empty() {
            return Err(cut_short(next).into());
        }
        let runs: Vec<_> = runs(&page).collect();
        for some in runs.chunks(RUNS_AT_ONCE) {
            next = write(to, some, next).await?;
            go_on(say(Progress { stage: Stage::Copying, done: next, of: here }))?;
        }
    }
    let verifying = |done| say(Progress { stage: Stage::Verifying, done, of: here });
    let root = same(from, to, here, verifying).await?;
    Ok(Copied { there, copied: here.saturating_sub(there), root })
}

/// Compares the first events of both, and answers the root of the tree over them.
async fn same(
    from: &dyn Backend,
    to: &dyn Backend,
    length: u64,
    mut say: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Hash, CopyError> {
    let (mut here, mut there) = (Edge::default(), Edge::default());
    let mut next = 0;
    while next < length {
        let left = usize::try_from(length.saturating_sub(next)).unwrap_or(usize::MAX);
        let limit = left.min(AT_ONCE);
        let (ours, theirs) = (from.read_all(next, limit).await?, to.read_all(next, limit).await?);
        if ours.len() != theirs.len() || ours.is_empty() {
            return Err(cut_short(next).into());
        }
        for (ours, theirs) in ours.iter().zip(&theirs) {
            if ours != theirs {
                return Err(CopyError::Differs { position: ours.position });
            }
            here.push(leaf(&ours.entry), drop);
            there.push(leaf(&theirs.entry), drop);
        }
        next = here.size();
        go_on(say(next))?;
    }
    if here.root() == there.root() {
        Ok(here.root())
    } else {
        Err(CopyError::Differs { position: length })
    }
}

/// Neighbours in one stream, as they can be written in one append.
fn runs(page: &[Stored]) -> impl Iterator<Item = &[Stored]> {
    let mut bytes = 0_usize;
    page.chunk_by(move |one, next| {
        let size = one.entry.len().saturating_add(one.sealed.as_ref().map_or(0, Vec::len));
        bytes = bytes.saturating_add(size);
        let fits = one.stream == next.stream && bytes < BYTES_AT_ONCE / 2;
        if !fits {
            bytes = 0;
        }
        fits
    })
}

/// Writes neighbours in one append, and the next ones after it; answers the next position.
async fn write(to: &dyn Backend, runs: &[&[Stored]], next: u64) -> Result<u64, CopyError> {
    let appends = runs.iter().filter_map(|run| append_of(run)).collect::<Result<Vec<_>, _>>()?;
    let position_of = |index: usize| runs.get(index).and_then(|run| run.first());
    let appended = to.append_in_order(appends).await.map_err(|(index, cause)| {
        let position = position_of(index).map_or(next, |first| first.position);
        CopyError::Append { position, cause }
    })?;
    let last = runs.iter().filter_map(|run| run.last()).next_back();
    let expected = last.map_or(next, |last| last.position.saturating_add(1));
    if appended == expected { Ok(appended) } else { Err(CopyError::Differs { position: next }) }
}

fn append_of(run: &[Stored]) -> Option<Result<Append, CopyError>> {
    let first = run.first()?;
    let event = |stored: &Stored| {
        let position = stored.position;
        let identified: Identified = serde_json::from_slice(&stored.entry)
            .map_err(|_| CopyError::NoIdentity { position })?;
        let (entry, sealed) = (stored.entry.clone(), stored.sealed.clone());
        Ok(NewEvent { id: identified.id, entry, sealed })
    };
    let events = run.iter().map(event).collect::<Result<_, _>>();
    let (stream, expected) = (first.stream, first.revision.checked_sub(1));
    Some(events.map(|events| Append { stream, expected, guards: Vec::new(), events }))
}

fn go_on(answer: ControlFlow<()>) -> Result<(), CopyError> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(CopyError::Interrupted),
    }
}

fn cut_short(position: u64) -> ReadError {
    ReadError::Corrupt { position, finding: "the store gave fewer events than it has".to_owned() }
}
