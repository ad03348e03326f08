//! Asks the build that serves, and says for which position the answer speaks.

mod touched;

use std::{marker::PhantomData, sync::Arc, time::Duration};

use event_log::{EventLog, backend::ReadError};
use tokio::time::Instant;

pub use self::touched::Touched;
use crate::{
    projection::{Name, ReadModel},
    store::{Ask, Build, Range, Reply, Row, Store, StoreError, document_key},
};

/// How often a reader looks again while it waits.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// How often a read is tried again when the build it found was dropped meanwhile.
const SWITCHES: usize = 4;

/// An answer, and what it speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken<T> {
    /// The answer.
    pub value: T,
    /// The build that answered.
    pub build: Build,
    /// How many events it had taken in: it speaks for every position below.
    pub next: u64,
    /// How many events there were that it had not taken in.
    pub behind: u64,
}

impl<T> Spoken<T> {
    /// The same with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spoken<U> {
        Spoken { value: f(self.value), build: self.build, next: self.next, behind: self.behind }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The read model is not built yet: the store is new, or was emptied.
    #[error("{name}/{version} is being built: {next} of {head} events")]
    NotBuilt {
        /// Which.
        name: Name,
        /// In which version.
        version: u32,
        /// How many events it has taken in.
        next: u64,
        /// How many there are.
        head: u64,
    },
    /// It had not taken in enough within the time that the caller would wait.
    #[error("{build} has taken in {next} events, and {wanted} were waited for")]
    TooFarBehind {
        /// The build that serves.
        build: Build,
        /// How many events it has taken in.
        next: u64,
        /// How many it should have.
        wanted: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log cannot be read.
    #[error("the log could not be read")]
    Log(#[from] ReadError),
    /// What is stored cannot be read. Rebuild it.
    #[error("the document {key} of {build} cannot be read")]
    Unreadable {
        /// Of which build.
        build: Build,
        /// Which.
        key: String,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
}

/// A document with the key of the entry, or of the document itself, by which it was found. A page that
/// follows begins after that key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<D> {
    /// By which key.
    pub key: String,
    /// The document.
    pub document: D,
}

/// Asks one read model. Cheap to clone.
pub struct Reader<P> {
    store: Arc<dyn Store>,
    log: EventLog,
    of: PhantomData<fn() -> P>,
}

impl<P> Clone for Reader<P> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), log: self.log.clone(), of: PhantomData }
    }
}

impl<P> std::fmt::Debug for Reader<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl<P: ReadModel> Reader<P> {
    /// Asks what a store holds of a log.
    pub fn new(store: Arc<dyn Store>, log: &EventLog) -> Self {
        Self { store, log: log.without_keys(), of: PhantomData }
    }

    /// The log it speaks of, without keys.
    pub const fn log(&self) -> &EventLog {
        &self.log
    }

    /// Asks several things at one instant.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn ask(&self, asks: Vec<Ask>) -> Result<Spoken<Vec<Vec<Row>>>, QueryError> {
        for _ in 0..SWITCHES {
            let found = self.store.read_serving(P::NAME, asks.clone()).await?;
            let Some((build, Reply { checkpoint, answers })) = found else { continue };
            if build.version != P::VERSION {
                break;
            }
            let behind = self.log.length().saturating_sub(checkpoint.next);
            return Ok(Spoken { value: answers, build, next: checkpoint.next, behind });
        }
        Err(self.not_built().await?)
    }

    /// The document under a key.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn get(&self, key: &str) -> Result<Spoken<Option<P::Document>>, QueryError> {
        let spoken = self.get_all(&[key.to_owned()]).await?;
        Ok(spoken.map(|mut found| found.pop().flatten()))
    }

    /// The documents under keys, in their order.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn get_all(
        &self,
        keys: &[String],
    ) -> Result<Spoken<Vec<Option<P::Document>>>, QueryError> {
        let asks = keys.iter().map(|key| Ask::Get(document_key(key))).collect();
        let spoken = self.ask(asks).await?;
        let mut documents = Vec::with_capacity(keys.len());
        for rows in &spoken.value {
            let document = rows.first().map(|row| decode::<P>(&spoken.build, row)).transpose()?;
            documents.push(document);
        }
        Ok(spoken.map(|_| documents))
    }

    /// The documents that ranges of indexes lead to, or that stand in a range themselves.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn find(
        &self,
        ranges: Vec<Range>,
    ) -> Result<Spoken<Vec<Found<P::Document>>>, QueryError> {
        let ask = |range: Range| {
            if range.from.starts_with("i/") { Ask::Documents(range) } else { Ask::Rows(range) }
        };
        let spoken = self.ask(ranges.into_iter().map(ask).collect()).await?;
        let mut found = Vec::new();
        for row in spoken.value.iter().flatten() {
            let document = decode::<P>(&spoken.build, row)?;
            found.push(Found { key: row.key.clone(), document });
        }
        Ok(spoken.map(|_| found))
    }

    /// How many entries there are in each range.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn count(&self, ranges: Vec<Range>) -> Result<Spoken<Vec<u64>>, QueryError> {
        let spoken = self.ask(ranges.into_iter().map(Ask::Count).collect()).await?;
        let number = |rows: Vec<Row>| {
            let row = rows.into_iter().next()?;
            String::from_utf8(row.value).ok()?.parse().ok()
        };
        Ok(spoken.map(|all| all.into_iter().map(|rows| number(rows).unwrap_or_default()).collect()))
    }

    /// Every event that was skipped, with the reason: a page of them.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn skipped(&self, limit: usize) -> Result<Spoken<Vec<(u64, String)>>, QueryError> {
        let spoken = self.ask(vec![Ask::Rows(Range::skipped(limit))]).await?;
        let read = |row: Row| {
            let position = row.key.strip_prefix("s/")?.parse().ok()?;
            Some((position, String::from_utf8_lossy(&row.value).into_owned()))
        };
        Ok(spoken.map(|rows| rows.into_iter().flatten().filter_map(read).collect()))
    }

    /// Waits until the answer speaks for a position: for whoever has just written there.
    ///
    /// # Errors
    /// [`QueryError::TooFarBehind`] or [`QueryError::NotBuilt`] after `patience`.
    pub async fn wait_for(&self, position: u64, patience: Duration) -> Result<(), QueryError> {
        let wanted = position.saturating_add(1);
        let begun = Instant::now();
        loop {
            let late = match self.ask(Vec::new()).await {
                Ok(spoken) if spoken.next >= wanted => return Ok(()),
                Ok(Spoken { build, next, .. }) => QueryError::TooFarBehind { build, next, wanted },
                Err(error @ QueryError::NotBuilt { .. }) => error,
                Err(error) => return Err(error),
            };
            if begun.elapsed() >= patience {
                return Err(late);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn not_built(&self) -> Result<QueryError, StoreError> {
        let builds = self.store.builds().await?;
        let ours = builds
            .iter()
            .filter(|built| built.build.name == P::NAME && built.build.version == P::VERSION);
        let next = ours.map(|built| built.checkpoint.next).max().unwrap_or_default();
        let head = self.log.length();
        Ok(QueryError::NotBuilt { name: P::NAME, version: P::VERSION, next, head })
    }
}

fn decode<P: ReadModel>(build: &Build, row: &Row) -> Result<P::Document, QueryError> {
    serde_json::from_slice(&row.value).map_err(|cause| QueryError::Unreadable {
        build: build.clone(),
        key: row.key.clone(),
        cause,
    })
}
