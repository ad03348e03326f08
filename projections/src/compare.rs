//! Two builds compared, key by key, at one position.

use sha2::{Digest, Sha256};

use crate::store::{Ask, Build, Range, Reply, Row, Store, StoreError};

/// How many keys are read at once.
const AT_ONCE: usize = 4_096;

/// How many keys that differ are named.
const NAMED: usize = 20;

/// What a build holds, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Which build.
    pub build: Build,
    /// How many events it had taken in.
    pub next: u64,
    /// How many documents.
    pub documents: u64,
    /// How many entries of indexes.
    pub entries: u64,
    /// How many events were skipped.
    pub skipped: u64,
    /// The SHA-256 of every key and value, in the order of keys.
    pub hash: [u8; 32],
}

/// Two builds side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// One.
    pub one: Summary,
    /// The other.
    pub other: Summary,
    /// How many keys only one of them has, or under which they hold something else.
    pub different: u64,
    /// The first of these keys.
    pub keys: Vec<String>,
}

impl Comparison {
    /// Whether they hold the same.
    pub fn same(&self) -> bool {
        self.one.hash == self.other.hash
    }
}

/// Why builds were not compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// There is no such build.
    #[error("there is no build {0}")]
    NoSuchBuild(Build),
    /// A build moved meanwhile, or they do not stand at one position. Let them stand still.
    #[error("{one} stands at {one_next} and {other} at {other_next}: they moved, or differ")]
    Moved {
        /// One.
        one: Build,
        /// How many events it had taken in.
        one_next: u64,
        /// The other.
        other: Build,
        /// How many events it had taken in.
        other_next: u64,
    },
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A build in a store. The two to be compared may be in different ones.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The store.
    pub store: &'a dyn Store,
    /// The build.
    pub build: &'a Build,
}

impl std::fmt::Debug for Side<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.build.fmt(f)
    }
}

/// Compares two builds. Both must stand still: hold [`crate::projector::Projector::turn`] meanwhile.
///
/// # Errors
/// See [`CompareError`].
pub async fn compare(one: Side<'_>, other: Side<'_>) -> Result<Comparison, CompareError> {
    let (mut one, mut other) = (Walk::begin(one).await?, Walk::begin(other).await?);
    let (mut different, mut keys) = (0_u64, Vec::new());
    loop {
        one.refill().await?;
        other.refill().await?;
        if one.next != other.next {
            return Err(moved(&one, &other));
        }
        let (this, that) = (one.rows.last(), other.rows.last());
        let (key, same) = match (this, that) {
            (None, None) => break,
            (Some(this), Some(that)) if this.key == that.key => {
                (this.key.clone(), this.value == that.value)
            }
            (Some(this), Some(that)) => (this.key.clone().min(that.key.clone()), false),
            (Some(row), None) | (None, Some(row)) => (row.key.clone(), false),
        };
        one.pass(&key);
        other.pass(&key);
        if !same {
            different = different.saturating_add(1);
            if keys.len() < NAMED {
                keys.push(key);
            }
        }
    }
    Ok(Comparison { one: one.summary(), other: other.summary(), different, keys })
}

/// Counts and hashes what a build holds.
///
/// # Errors
/// See [`CompareError`].
pub async fn summary(side: Side<'_>) -> Result<Summary, CompareError> {
    Ok(compare(side, side).await?.one)
}

fn moved(one: &Walk<'_>, other: &Walk<'_>) -> CompareError {
    CompareError::Moved {
        one: one.side.build.clone(),
        one_next: one.next,
        other: other.side.build.clone(),
        other_next: other.next,
    }
}

/// One pass over the keys of a build.
struct Walk<'a> {
    side: Side<'a>,
    next: u64,
    range: Option<Range>,
    /// The next row is the last.
    rows: Vec<Row>,
    documents: u64,
    entries: u64,
    skipped: u64,
    hash: Sha256,
}

impl<'a> Walk<'a> {
    async fn begin(side: Side<'a>) -> Result<Self, CompareError> {
        let mut walk = Self {
            side,
            next: 0,
            range: Some(Range::everything(AT_ONCE)),
            rows: Vec::new(),
            documents: 0,
            entries: 0,
            skipped: 0,
            hash: Sha256::new(),
        };
        let Reply { checkpoint, answers } = walk.page().await?;
        walk.next = checkpoint.next;
        walk.take(answers);
        Ok(walk)
    }

    async fn page(&self) -> Result<Reply, CompareError> {
        let asks = self.range.clone().map(Ask::Rows).into_iter().collect();
        let reply = self.side.store.read(self.side.build, asks).await?;
        reply.ok_or_else(|| CompareError::NoSuchBuild(self.side.build.clone()))
    }

    async fn refill(&mut self) -> Result<(), CompareError> {
        if !self.rows.is_empty() || self.range.is_none() {
            return Ok(());
        }
        let Reply { checkpoint, answers } = self.page().await?;
        if checkpoint.next != self.next {
            let build = || self.side.build.clone();
            let (one_next, other_next) = (self.next, checkpoint.next);
            return Err(CompareError::Moved { one: build(), one_next, other: build(), other_next });
        }
        self.take(answers);
        Ok(())
    }

    fn take(&mut self, answers: Vec<Vec<Row>>) {
        self.rows = answers.into_iter().flatten().collect();
        let last = self.rows.last().map(|row| row.key.clone());
        self.range = last.and_then(|last| self.range.take().map(|range| range.after(&last)));
        self.rows.reverse();
    }

    /// Goes past a key, if it stands there.
    fn pass(&mut self, key: &str) {
        let Some(row) = self.rows.pop_if(|row| row.key == key) else { return };
        let count = match row.key.as_bytes().first() {
            Some(b'd') => &mut self.documents,
            Some(b'i') => &mut self.entries,
            Some(_) | None => &mut self.skipped,
        };
        *count = count.saturating_add(1);
        for part in [row.key.as_bytes(), &row.value] {
            self.hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            self.hash.update(part);
        }
    }

    fn summary(self) -> Summary {
        Summary {
            build: self.side.build.clone(),
            next: self.next,
            documents: self.documents,
            entries: self.entries,
            skipped: self.skipped,
            hash: self.hash.finalize().into(),
        }
    }
}
