//! What an operator does with builds: list, rebuild beside, compare, switch, drop.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    compare::{CompareError, Comparison, Side, compare},
    known::Known,
    projector::Projector,
    store::{Build, Built, Stage, Store, StoreError},
};

/// How often it is tried to switch to a build that has not come as far as the one that answers, and
/// how long it is given in between.
const TRIES: usize = 500;
const AGAIN: Duration = Duration::from_millis(20);

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum OversightError {
    /// This program does not know how to fold it.
    #[error("this program knows no read model {name}, or not in that version")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// There is no such build.
    #[error("there is no build {0}")]
    NoSuchBuild(Build),
    /// It is still being built; answers from it would be out of date.
    #[error("{build} is still being built: it has taken in {next} events")]
    NotBuilt {
        /// Which.
        build: Build,
        /// How many events it has taken in.
        next: u64,
    },
    /// It does not come as far as the build that answers, though it was given time to.
    #[error("{0} stays behind the build that answers queries: is it still followed?")]
    Behind(Build),
    /// It answers queries. Switch to another one first.
    #[error("{0} answers queries: switch to another build first")]
    Serves(Build),
    /// Nothing answers queries, so there is nothing to compare with.
    #[error("no build of {0} answers queries yet")]
    NothingServes(String),
    /// They were not compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Oversees the builds in a store. Cheap to clone.
#[derive(Clone)]
pub struct Oversight {
    store: Arc<dyn Store>,
    known: Known,
    turn: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Oversight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Oversight").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Oversight {
    /// Oversees what a projector of this process follows.
    pub fn of(projector: &Projector) -> Self {
        Self { store: projector.store(), known: projector.read_models(), turn: projector.turn() }
    }

    /// Every build there is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<Built>, OversightError> {
        Ok(self.store.builds().await?)
    }

    /// Begins a new build beside those there are, of the newest version this program knows. The
    /// projector builds it, goes on with it after a restart, and queries are not answered from it
    /// until [`Oversight::switch`]. To cancel it, drop it.
    ///
    /// # Errors
    /// See [`OversightError`].
    pub async fn rebuild(&self, name: &str) -> Result<Build, OversightError> {
        let known = self.known.names().filter(|(known, _)| *known == name).map(|(_, it)| it);
        let Some(version) = known.max() else {
            return Err(OversightError::Unknown { name: name.to_owned() });
        };
        let builds = self.store.builds().await?;
        let numbers = builds
            .iter()
            .filter(|built| built.build.name == name && built.build.version == version)
            .map(|built| built.build.number);
        let number = numbers.max().unwrap_or_default().saturating_add(1);
        let build = Build { name: name.to_owned(), version, number };
        self.store.create(&build).await?;
        Ok(build)
    }

    /// Compares a build with the one that serves, while both stand still.
    ///
    /// # Errors
    /// See [`OversightError`]; [`CompareError::Moved`] when another process follows the log: ask there.
    pub async fn compare(&self, build: &Build) -> Result<Comparison, OversightError> {
        let serving = self.store.serving(&build.name).await?;
        let serving = serving.ok_or_else(|| OversightError::NothingServes(build.name.clone()))?;
        let _turn = self.turn.lock().await;
        let store = &*self.store;
        let sides = (Side { store, build: &serving }, Side { store, build });
        Ok(compare(sides.0, sides.1).await?)
    }

    /// Answers queries from this build from now on. The one before is kept, and followed, so that one
    /// can switch back.
    ///
    /// # Errors
    /// See [`OversightError`].
    pub async fn switch(&self, build: &Build) -> Result<(), OversightError> {
        let builds = self.store.builds().await?;
        let Some(found) = builds.into_iter().find(|found| found.build == *build) else {
            return Err(OversightError::NoSuchBuild(build.clone()));
        };
        if found.stage == Stage::Building {
            let next = found.checkpoint.next;
            return Err(OversightError::NotBuilt { build: build.clone(), next });
        }
        for _ in 0..TRIES {
            if self.store.switch(build).await? {
                return Ok(());
            }
            if !self.store.builds().await?.iter().any(|found| found.build == *build) {
                return Err(OversightError::NoSuchBuild(build.clone()));
            }
            tokio::time::sleep(AGAIN).await;
        }
        Err(OversightError::Behind(build.clone()))
    }

    /// Drops a build: one that is no longer wanted, or a rebuild that is to be cancelled.
    ///
    /// # Errors
    /// [`OversightError::Serves`] when queries are answered from it.
    pub async fn drop_build(&self, build: &Build) -> Result<(), OversightError> {
        if self.store.drop_build(build).await? {
            Ok(())
        } else {
            Err(OversightError::Serves(build.clone()))
        }
    }
}
