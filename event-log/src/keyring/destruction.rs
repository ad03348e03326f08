//! Destroying keys, and what remains to be said of one that is destroyed.

use rusqlite::{OptionalExtension, Transaction, params};
use uuid::Uuid;

use super::{KeyringError, Ring, State, certainty::commit, files, while_doing, wrap};

/// What remains of a key that was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The commitment to it; none if there never was one.
    pub commitment: Option<[u8; 32]>,
    /// The epoch whose key wrapped it last, and is destroyed.
    pub epoch: u32,
    /// The epoch under which all others are wrapped now.
    pub successor: u32,
}

impl Ring {
    pub(super) fn tombstone(&self, subject: Uuid) -> Result<Option<Tombstone>, KeyringError> {
        let successor = self.epoch;
        self.db
            .query_row(
                "SELECT epoch, commitment FROM subject WHERE id = ?1 AND state = 2",
                [subject.as_bytes()],
                |row| Ok(Tombstone { epoch: row.get(0)?, commitment: row.get(1)?, successor }),
            )
            .optional()
            .map_err(while_doing("looking a tombstone up"))
    }

    pub(super) fn destroy(&mut self, subjects: &[Uuid]) -> Result<u32, KeyringError> {
        if self.are_destroyed(subjects)? {
            self.destroy_other_epochs()?;
            return Ok(self.epoch);
        }
        let epoch = self.begin_epoch(subjects, |_| Ok(()))?;
        self.destroy_other_epochs()?;
        Ok(epoch)
    }

    /// Whether all of them have their tombstones.
    ///
    /// # Errors
    /// [`KeyringError::Held`] when one is under a legal hold.
    pub(super) fn are_destroyed(&self, subjects: &[Uuid]) -> Result<bool, KeyringError> {
        let mut already = true;
        for &subject in subjects {
            let state = self.state(subject)?;
            if state == Some(State::Held) {
                return Err(KeyringError::Held(subject));
            }
            already &= state == Some(State::Tombstoned);
        }
        Ok(already)
    }

    /// Tombstones for these; the others are wrapped anew under the next epoch, in one transaction with
    /// what is `also` written. The old epoch's key is left in its file.
    pub(super) fn begin_epoch(
        &mut self,
        subjects: &[Uuid],
        also: impl FnOnce(&Transaction<'_>) -> Result<(), KeyringError>,
    ) -> Result<u32, KeyringError> {
        let doing = "destroying a key";
        self.certain()?;
        let epoch = self.epoch.checked_add(1).ok_or(KeyringError::Damaged("no epochs are left"))?;
        let kek = files::new_secret(self.dir.as_deref(), &files::epoch_name(epoch))?;
        let transaction = self.db.transaction().map_err(while_doing(doing))?;
        for subject in subjects {
            transaction
                .execute(
                    "INSERT INTO subject (id, state, epoch_made, epoch) VALUES (?1, 2, ?2, ?2)
                     ON CONFLICT (id) DO UPDATE SET state = 2, wrapped = NULL",
                    params![subject.as_bytes(), epoch],
                )
                .map_err(while_doing(doing))?;
        }
        wrap::rewrap(&transaction, (self.epoch, &self.kek), (epoch, &kek))?;
        transaction.execute("UPDATE ring SET epoch = ?1", [epoch]).map_err(while_doing(doing))?;
        also(&transaction)?;
        commit(transaction, &self.uncertain, doing)?;
        (self.epoch, self.kek) = (epoch, kek);
        Ok(epoch)
    }

    /// Makes an end of what is left of the keys of earlier epochs.
    pub(super) fn destroy_other_epochs(&self) -> Result<(), KeyringError> {
        self.certain()?;
        match &self.dir {
            Some(dir) => files::destroy_other_epochs(dir, self.epoch, self.part.is_some()),
            None => Ok(()),
        }
    }
}
