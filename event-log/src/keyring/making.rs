//! Keys that are made, and what is known of those that were.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::{KeyringError, Made, Ring, State, certainty::commit, files, while_doing, wrap};
use crate::seal::Secret;

const DOING: &str = "making a key";

impl Ring {
    pub(super) fn create(&mut self, subjects: &[Uuid]) -> Result<Vec<Made>, KeyringError> {
        self.certain()?;
        let transaction = self.db.transaction().map_err(while_doing(DOING))?;
        let mut made = Vec::with_capacity(subjects.len());
        for &subject in subjects {
            let made_now =
                || insert(&transaction, (self.epoch, &self.kek), subject, &files::random()?);
            made.push(known(&transaction, subject)?.map_or_else(made_now, Ok)?);
        }
        commit(transaction, &self.uncertain, DOING)?;
        Ok(made)
    }
}

/// The key that a subject has, if it has one.
///
/// # Errors
/// [`KeyringError::Tombstoned`] if it had one, or was never to have one.
pub(super) fn known(db: &Connection, subject: Uuid) -> Result<Option<Made>, KeyringError> {
    let known = db
        .prepare_cached("SELECT state, epoch_made, commitment FROM subject WHERE id = ?1")
        .and_then(|mut known| {
            known
                .query_row([subject.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()
        })
        .map_err(while_doing(DOING))?;
    let Some((state, epoch, commitment)) = known else { return Ok(None) };
    match (State::stored(state)?, commitment) {
        (State::Tombstoned, _) => Err(KeyringError::Tombstoned(subject)),
        (State::Live | State::Held, Some(commitment)) => Ok(Some(Made { commitment, epoch })),
        (State::Live | State::Held, None) => Err(KeyringError::Damaged("a key has no commitment")),
    }
}

/// Keeps a key of a subject that has none, wrapped under the key of the epoch.
pub(super) fn insert(
    db: &Connection,
    (epoch, kek): (u32, &Secret),
    subject: Uuid,
    key: &Secret,
) -> Result<Made, KeyringError> {
    let wrapped = wrap::wrap(kek, epoch, subject, key)?;
    let commitment = key.commitment();
    db.prepare_cached(
        "INSERT INTO subject (id, state, epoch_made, epoch, commitment, wrapped)
         VALUES (?1, 0, ?2, ?2, ?3, ?4)",
    )
    .and_then(|mut insert| insert.execute(params![subject.as_bytes(), epoch, commitment, wrapped]))
    .map_err(while_doing(DOING))?;
    Ok(Made { commitment, epoch })
}
