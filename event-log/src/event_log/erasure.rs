//! Erasing a subject: its key, what is folded of it, its sealed sections.
//!
//! Each part can be done again at any time, and changes nothing then.

use std::sync::Arc;

use domain::{erasure::Sections, stream::Stream};
use uuid::Uuid;

use super::{CommitError, EventLog};
use crate::{
    append::AppendError,
    backend::ReadError,
    keyring::{Keyring, KeyringError, Tombstone},
};

/// Why a part of an erasure was not done, or not to its end. Doing it again is safe.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The keys cannot be used, or are held.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] AppendError),
    /// This log was opened to be read only.
    #[error(transparent)]
    ReadOnly(#[from] CommitError),
}

impl EventLog {
    /// Destroys the key of a subject, whether it had one or not. When this answers, the key, the
    /// epoch's key that wrapped it, and every state folded with it are gone; it answers what
    /// remains to be said about the key.
    ///
    /// # Errors
    /// [`KeyringError::Held`] while the ring holds it.
    pub async fn destroy_key(&self, subject: Uuid) -> Result<Tombstone, EraseError> {
        let ring = Arc::clone(self.keyring().ok_or(CommitError::ReadOnly)?);
        let destroyed = tokio::task::spawn_blocking(move || destroy(&ring, subject))
            .await
            .unwrap_or_else(|ended| {
                Err(KeyringError::Unavailable { doing: "destroying a key", cause: ended.into() })
            });
        // Whatever the answer: what may be gone is not read from memory.
        self.forget_folded(subject);
        Ok(destroyed?)
    }

    /// Keeps no state of this subject at hand, now and later. Answers how many there were.
    pub fn forget_folded(&self, subject: Uuid) -> u64 {
        u64::try_from(self.inner.folds.forget(subject)).unwrap_or(u64::MAX)
    }

    /// What another server destroys is forgotten here too, before that server is told that it is gone.
    #[cfg(feature = "kurrentdb")]
    pub(crate) fn forget_what_is_destroyed_elsewhere(&self, ring: &Keyring) {
        let log = Arc::downgrade(&self.inner);
        ring.when_gone(move |subjects| {
            let Some(log) = log.upgrade() else { return };
            for subject in subjects {
                log.folds.forget(*subject);
            }
        });
    }

    /// Deletes the sealed sections of a subject where the store can delete anything, and answers for
    /// each of its streams that has events how many there were and how many are left.
    ///
    /// # Errors
    /// When the store does not take it, or cannot be read.
    pub async fn delete_sealed(&self, subject: Uuid) -> Result<Vec<Sections>, EraseError> {
        let mut all = Vec::new();
        for stream in Stream::of_subject(subject) {
            if self.backend().head(stream).await?.is_none() {
                continue;
            }
            self.backend().erase_sealed(stream).await?;
            let (mut named, mut left) = (0_u64, 0_u64);
            for stored in self.backend().read_stream(stream, 0, None).await? {
                let (header, _) = super::decode::header(stored.lent())?;
                named = named.saturating_add(u64::from(!header.sections.is_empty()));
                left = left.saturating_add(u64::from(stored.sealed.is_some()));
            }
            all.push(Sections { stream, named, left });
        }
        Ok(all)
    }
}

fn destroy(ring: &Keyring, subject: Uuid) -> Result<Tombstone, KeyringError> {
    ring.destroy(&[subject])?;
    ring.tombstone(subject)?.ok_or(KeyringError::Damaged("a destroyed key left no tombstone"))
}
