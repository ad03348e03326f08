//! What stands for the personal values of a subject goes from every build, at once.
//!
//! An erasure in the log takes it out of whatever follows the log, too. This does not wait for that, and
//! answers with what was taken out and how far each build was, as evidence.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    folding::FoldError,
    known::Known,
    store::{ApplyError, Ask, Build, Store, StoreError, document_key},
};

/// How often a build that moves meanwhile is tried again.
const TRIES: usize = 64;

/// What was taken out of the builds that may hold something of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purged {
    /// Whose marks.
    pub subject: Uuid,
    /// Each build that was looked through.
    pub builds: Vec<PurgedBuild>,
}

/// What was taken out of one build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgedBuild {
    /// Which.
    pub build: Build,
    /// How many events it had taken in. Only a build that has taken in the erasure cannot take
    /// anything up again that was being folded meanwhile.
    pub next: u64,
    /// How many documents held something of the subject, and do no longer.
    pub documents: u64,
    /// How many entries of indexes led there, and are gone.
    pub entries: u64,
}

impl Purged {
    /// How many documents and entries are gone, in all builds.
    pub fn removed(&self) -> u64 {
        let counts = self.builds.iter().map(|it| it.documents.saturating_add(it.entries));
        counts.fold(0, u64::saturating_add)
    }

    /// What was looked through and what was found, in one hash: the evidence of the purge.
    pub fn evidence(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.subject.as_bytes());
        for PurgedBuild { build, next, documents, entries } in &self.builds {
            hash.update(format!("\n{build} {next} {documents} {entries}"));
        }
        hash.finalize().into()
    }

    /// Whether every build had taken in the event at a position: that of the erasure. If so, nothing
    /// of the subject comes back.
    pub fn is_final_after(&self, erasure: u64) -> bool {
        self.builds.iter().all(|it| it.next > erasure)
    }
}

/// Why marks were not taken out everywhere. Asking again is safe.
#[derive(Debug, thiserror::Error)]
pub enum PurgeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document stands in the way.
    #[error("{build} could not be purged")]
    Document {
        /// Which build.
        build: Build,
        /// Why.
        #[source]
        cause: FoldError,
    },
    /// A build moved each time before it could be written to.
    #[error("{0} moves too fast to be purged")]
    Moving(Build),
}

/// Takes whatever stands for personal values of a subject out of every build of the known read models.
///
/// # Errors
/// See [`PurgeError`].
pub async fn purge(store: &dyn Store, known: &Known, subject: Uuid) -> Result<Purged, PurgeError> {
    let mut builds = Vec::new();
    for built in store.builds().await? {
        let Some(folding) = known.folding(&built.build) else { continue };
        for key in folding.of_subject(subject) {
            let purged = one(store, known, &built.build, &key).await?;
            builds.extend(purged);
        }
    }
    Ok(Purged { subject, builds: together(builds) })
}

/// One line for each build.
fn together(all: Vec<PurgedBuild>) -> Vec<PurgedBuild> {
    let mut builds: Vec<PurgedBuild> = Vec::new();
    for one in all {
        match builds.iter_mut().find(|it| it.build == one.build) {
            None => builds.push(one),
            Some(it) => {
                it.next = it.next.min(one.next);
                it.documents = it.documents.saturating_add(one.documents);
                it.entries = it.entries.saturating_add(one.entries);
            }
        }
    }
    builds
}

/// None if the build was dropped meanwhile.
async fn one(
    store: &dyn Store,
    known: &Known,
    build: &Build,
    key: &str,
) -> Result<Option<PurgedBuild>, PurgeError> {
    let Some(folding) = known.folding(build) else { return Ok(None) };
    for _ in 0..TRIES {
        let asks = vec![Ask::Get(document_key(key))];
        let Some(reply) = store.read(build, asks).await? else { return Ok(None) };
        let next = reply.checkpoint.next;
        let nothing = PurgedBuild { build: build.clone(), next, documents: 0, entries: 0 };
        let Some(row) = reply.answers.into_iter().flatten().next() else {
            return Ok(Some(nothing));
        };
        let failed = |cause| PurgeError::Document { build: build.clone(), cause };
        let writes = folding.forget(key, &row.value).map_err(failed)?;
        if writes.is_empty() {
            return Ok(Some(nothing));
        }
        let entries = writes.iter().filter(|write| write.key().starts_with("i/")).count();
        let entries = u64::try_from(entries).unwrap_or(u64::MAX);
        match store.amend(build, next, writes).await {
            Ok(()) => return Ok(Some(PurgedBuild { documents: 1, entries, ..nothing })),
            Err(ApplyError::NoSuchBuild) => return Ok(None),
            Err(ApplyError::Stale { .. } | ApplyError::NotHolder) => {}
            Err(ApplyError::Store(error)) => return Err(error.into()),
        }
    }
    Err(PurgeError::Moving(build.clone()))
}
