//! Where read models are kept: an ordered map of keys for each build, its checkpoint in the same write.
//!
//! A store knows nothing of documents. It can be thrown away at any moment.

mod embedded;
mod layout;
mod place;
mod redis;

use std::{fmt, future::Future, pin::Pin, str::FromStr, time::Duration};

use domain::identity::EventId;

pub(crate) use self::layout::{document_key, entry_key, skipped_key};
pub use self::{
    embedded::Embedded,
    layout::{Ask, Range, Row, Write, beginning_with, between},
    place::Place,
    redis::Redis,
};

/// A future that can be sent between threads.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One building of one version of a read model. Written `authorised-users/1.3`: the third of version 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Build {
    /// The read model.
    pub name: String,
    /// The version of the fold.
    pub version: u32,
    /// Which building of that version.
    pub number: u32,
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.name, self.version, self.number)
    }
}

/// The text names no build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a build: {0:?}; one looks like authorised-users/1.3")]
pub struct NotABuild(pub String);

impl FromStr for Build {
    type Err = NotABuild;
    fn from_str(text: &str) -> Result<Self, NotABuild> {
        let wrong = || NotABuild(text.to_owned());
        let (name, numbers) = text.split_once('/').ok_or_else(wrong)?;
        let (version, number) = numbers.split_once('.').ok_or_else(wrong)?;
        let proper = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        if name.is_empty() || !name.bytes().all(proper) {
            return Err(wrong());
        }
        let version = version.parse().map_err(|_| wrong())?;
        let number = number.parse().map_err(|_| wrong())?;
        Ok(Self { name: name.to_owned(), version, number })
    }
}

/// How far a build has come in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The position of the next event to take in: how many have been.
    pub next: u64,
    /// The last one taken in, which tells this log from another.
    pub last: Option<EventId>,
}

/// Whether a build has ever been up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being built.
    Building,
    /// It is built, and followed from now on.
    Complete,
}

/// A build as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Which.
    pub build: Build,
    /// How far it has come.
    pub checkpoint: Checkpoint,
    /// Whether it is built.
    pub stage: Stage,
    /// Whether queries are answered from it.
    pub serving: bool,
}

/// Everything that a stretch of the log changes in one build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Which build.
    pub build: Build,
    /// Where the build must stand for this to be true.
    pub expected: u64,
    /// Where it stands afterwards.
    pub checkpoint: Checkpoint,
    /// Who writes: the holder of the lease.
    pub holder: String,
    /// The changes. No key twice.
    pub writes: Vec<Write>,
}

/// What was asked of one build, at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// How far the build had come.
    pub checkpoint: Checkpoint,
    /// The answers, in the order of what was asked.
    pub answers: Vec<Vec<Row>>,
}

/// The store failed. Nothing is known of what was being done; asking again is safe.
#[derive(Debug, thiserror::Error)]
#[error("the store of read models failed: {doing}")]
pub struct StoreError {
    /// What was being done.
    pub doing: &'static str,
    /// Why it failed.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    pub(crate) fn when<E>(doing: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |cause| Self { doing, cause: cause.into() }
    }
}

/// Why a batch was not applied. None of it was, except perhaps when the store failed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The build does not stand where the batch begins.
    #[error("the build stands at {at}, and the batch begins at {expected}")]
    Stale {
        /// Where the build stands.
        at: u64,
        /// Where the batch begins.
        expected: u64,
    },
    /// The lease is not held by whoever wrote: another follows the log, or nobody.
    #[error("the lease is held by another, or by nobody")]
    NotHolder,
    /// There is no such build: it was dropped, or the store was emptied.
    #[error("there is no such build")]
    NoSuchBuild,
    /// The store failed, and perhaps applied it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A store of read models. Every method is atomic.
pub trait Store: Send + Sync + 'static {
    /// Every build there is, by name, version and number.
    fn builds(&self) -> Answer<'_, Result<Vec<Built>, StoreError>>;

    /// Makes an empty build at the beginning of the log, unless there is one of that name already.
    fn create<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<(), StoreError>>;

    /// How many bytes it is given in one batch at most while a build is being built, about. Whoever reads meanwhile waits
    /// for a store that does one thing at a time.
    fn at_once(&self) -> usize {
        usize::MAX
    }

    /// Writes a batch with its checkpoint, if the build stands where the batch begins and the lease
    /// is held by whoever writes.
    fn apply(&self, batch: Batch) -> Answer<'_, Result<(), ApplyError>>;

    /// Writes to a build outside the order of the log, if it stands where `at` says: for what must go
    /// at once. Needs no lease, and does not move the build.
    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<Write>,
    ) -> Answer<'a, Result<(), ApplyError>>;

    /// Reads from a build, everything at one instant. None if there is no such build.
    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<Reply>, StoreError>>;

    /// Reads from the build that answers queries, everything at one instant, and says which it is. None if none of that
    /// name does, or it was dropped meanwhile.
    fn read_serving<'a>(
        &'a self,
        name: &'a str,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<(Build, Reply)>, StoreError>> {
        Box::pin(async move {
            let Some(build) = self.serving(name).await? else { return Ok(None) };
            let reply = self.read(&build, asks).await?;
            Ok(reply.map(|reply| (build, reply)))
        })
    }

    /// Marks a build as built. Answers whether there is such a build.
    fn complete<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>>;

    /// Answers queries from this build from now on, and from no other of its name. Answers whether
    /// there is such a build.
    fn serve<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>>;

    /// The same, unless this build has not come as far as the one that answers now: nobody is to be told
    /// less than before. Answers whether it does.
    fn switch<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>>;

    /// The build that answers queries.
    fn serving<'a>(&'a self, name: &'a str) -> Answer<'a, Result<Option<Build>, StoreError>>;

    /// Drops a build with all it holds, unless queries are answered from it. Answers whether it is
    /// gone.
    fn drop_build<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>>;

    /// Takes the lease for a while, or takes it for longer if it is one's own. Answers whether it is.
    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<bool, StoreError>>;

    /// Takes the lease for a while, whoever holds it. For somebody who needs every build to stand still:
    /// whoever held it writes nothing from now on, and follows again once it is given back.
    fn seize_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<(), StoreError>>;

    /// Gives the lease back, if it is one's own.
    fn release_lease<'a>(&'a self, holder: &'a str) -> Answer<'a, Result<(), StoreError>>;
}
