//! No key of an old epoch is destroyed, and no key is relied on, while a power cut could bring back what
//! the file of wrapped keys said before.
//!
//! A commit ends with one last sync. Where that fails, or the process is killed before it, the file reads as
//! committed, here and in the next process; but the disk may still hold the journal that takes it back.

use std::cell::Cell;

use rusqlite::{ErrorCode, Transaction};

use super::{KeyringError, Part, Ring, files, while_doing};

const DOING: &str = "making certain of what was written last";

/// Commits. Unless that comes to a good end, it is uncertain what the file will say after a power cut.
pub(super) fn commit(
    transaction: Transaction<'_>,
    uncertain: &Cell<bool>,
    doing: &'static str,
) -> Result<(), KeyringError> {
    uncertain.set(true);
    transaction.commit().map_err(while_doing(doing))?;
    uncertain.set(false);
    Ok(())
}

impl Ring {
    /// What is to be done before the first use: what an interrupted destruction left is destroyed. With no
    /// room for making certain, and nothing to be destroyed, the ring is used all the same.
    pub(super) fn begin(&mut self) -> Result<(), KeyringError> {
        match self.settle() {
            Err(full) if is_full(&full) && !self.has_other_epochs()? => Ok(()),
            Err(error) => Err(error),
            Ok(_) => self.destroy_other_epochs(),
        }
    }

    /// Makes certain of what the file says, unless it is: by another commit, all of whose syncs succeed.
    /// Answers whether another epoch is in force than was known: a destruction that failed at its last
    /// sync has come about all the same.
    pub(super) fn settle(&mut self) -> Result<bool, KeyringError> {
        if !self.uncertain.get() {
            return Ok(false);
        }
        // A number that means nothing, but changes: the engine writes nothing where nothing changes.
        let number: i32 = self
            .db
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(while_doing(DOING))?;
        let other = i32::from(number == 0);
        self.db.pragma_update(None, "user_version", other).map_err(while_doing(DOING))?;
        let epoch: u32 = self
            .db
            .query_row("SELECT epoch FROM ring", [], |row| row.get(0))
            .map_err(while_doing(DOING))?;
        let moved = epoch != self.epoch;
        if let Some(dir) = &self.dir {
            let part = Part::load(&self.db, Some(dir), epoch)?;
            let kek = files::secret(dir, &files::epoch_name(epoch))?;
            (self.epoch, self.kek, self.part) = (epoch, kek, part);
        }
        self.uncertain.set(false);
        Ok(moved)
    }

    /// Nothing is written, and nothing destroyed, before what was written last is certain.
    pub(super) fn certain(&self) -> Result<(), KeyringError> {
        if self.uncertain.get() {
            let cause = "writing failed before, and what came of it is not certain yet";
            return Err(KeyringError::Unavailable { doing: DOING, cause: cause.into() });
        }
        Ok(())
    }

    fn has_other_epochs(&self) -> Result<bool, KeyringError> {
        let Some(dir) = &self.dir else { return Ok(false) };
        files::has_other_epochs(dir, self.epoch, self.part.is_some())
    }
}

fn is_full(error: &KeyringError) -> bool {
    let KeyringError::Unavailable { cause, .. } = error else { return false };
    cause
        .downcast_ref::<rusqlite::Error>()
        .is_some_and(|cause| cause.sqlite_error_code() == Some(ErrorCode::DiskFull))
}
