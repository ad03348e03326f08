//! Finds candidates, never older than the log is when it is asked.

use std::{collections::BTreeSet, fmt, sync::Arc};

use domain::{activity::Terms, identity::ChildRef};
use event_log::{EventLog, backend::ReadError};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use super::{
    Search,
    asking::{PAGE, fits, led_to, narrowest},
    tail::Tail,
};
use crate::{
    abreast::{Abreast, AbreastError},
    known::Known,
    marks::{Marker, TermMarks},
    reader::{QueryError, Reader},
    store::Store,
};

/// The records that a search might find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Which, in the order of their handles.
    pub children: Vec<ChildRef>,
    /// Whether there may be more, beyond the limit.
    pub more: bool,
}

/// Why there are no candidates.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The read model did not answer, or is too far behind.
    #[error(transparent)]
    Abreast(#[from] AbreastError),
    /// The log cannot be read.
    #[error("the log could not be read")]
    Log(#[from] ReadError),
}

/// Finds candidates. It reads what the read model holds and what has happened since, so it does not wait
/// for it to have taken in the last event.
pub struct Seeker {
    log: EventLog,
    marker: Marker,
    reader: Reader<Search>,
    tail: Mutex<Tail>,
    abreast: Abreast,
}

impl fmt::Debug for Seeker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeker").finish_non_exhaustive()
    }
}

impl Seeker {
    /// Searches what a store holds of a log. `process` is a random name of its own.
    pub fn new(log: &EventLog, store: Arc<dyn Store>, marker: Marker, process: Uuid) -> Self {
        let known = Known::none().and_marked::<Search>();
        Self {
            log: log.without_keys(),
            reader: Reader::new(Arc::clone(&store), log),
            abreast: Abreast::new(log, store, (marker.clone(), known), process),
            marker,
            tail: Mutex::default(),
        }
    }

    /// The records that a search might find, by the log as it is now: all, or somewhat more than so
    /// many of them.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn candidates(&self, terms: &Terms, limit: usize) -> Result<Candidates, SearchError> {
        let asked = self.marker.terms(terms);
        let looked = self.abreast.until(|| async {
            match self.look(&asked, limit).await {
                Ok(found) => Ok(Ok(found)),
                Err(Looked::Behind(error)) => Err(error),
                Err(Looked::Log(error)) => Ok(Err(error)),
            }
        });
        Ok(looked.await??)
    }

    async fn look(&self, asked: &TermMarks, limit: usize) -> Result<Candidates, Looked> {
        let Some(mut range) = narrowest(asked) else { return Ok(Candidates::default()) };
        let (mut children, mut known) = (BTreeSet::new(), u64::MAX);
        let more = loop {
            let page = self.reader.find(vec![range.clone()]).await?;
            // Another build may have come to serve between two pages.
            known = known.min(page.next);
            let fitting = page.value.iter().filter(|found| fits(&found.document, asked));
            children.extend(fitting.filter_map(|found| led_to(&found.key)));
            if children.len() > limit {
                break true;
            }
            match page.value.last() {
                Some(last) if page.value.len() == PAGE => range = range.after(&last.key),
                Some(_) | None => break false,
            }
        };
        let tail = self.tail_from(known).await?;
        children.retain(|child| !tail.has(*child));
        let changed = tail.records().filter(|(_, marks)| fits(marks, asked));
        children.extend(changed.map(|(child, _)| child));
        drop(tail);
        Ok(Candidates { children: children.into_iter().collect(), more })
    }

    async fn tail_from(&self, known: u64) -> Result<MutexGuard<'_, Tail>, Looked> {
        let mut tail = self.tail.lock().await;
        if !tail.reach(&self.log, &self.marker, known).await? {
            let build = self.reader.ask(Vec::new()).await?.build;
            let wanted = self.log.length();
            return Err(QueryError::TooFarBehind { build, next: known, wanted }.into());
        }
        tail.forget_before(known);
        Ok(tail)
    }
}

/// Why a look found nothing.
enum Looked {
    Behind(QueryError),
    Log(ReadError),
}

impl From<QueryError> for Looked {
    fn from(error: QueryError) -> Self {
        Self::Behind(error)
    }
}

impl From<ReadError> for Looked {
    fn from(error: ReadError) -> Self {
        Self::Log(error)
    }
}
