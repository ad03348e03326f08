//! A ring of its own for another server: a copy that takes part under a new handle.

use std::path::Path;

use rusqlite::Connection;
use uuid::Uuid;

use super::{Company, Keyring, KeyringError, Refusal, files, while_doing};

const DOING: &str = "copying the keys";

impl Keyring {
    /// Copies the ring in a folder, which no process may have open, to a folder that has none. The copy
    /// knows what the ring knew; it joins the others when it is first opened, and then takes in what
    /// happened since. Answers its handle.
    ///
    /// # Errors
    /// [`Refusal::Alone`] for a ring that never took part; when there is a ring already in the other
    /// folder; when a file cannot be read or written. Then the copy is no ring yet, and may be made again.
    pub fn copy(from: &Path, to: &Path, origin: &str) -> Result<Uuid, KeyringError> {
        let already = || KeyringError::AlreadyThere(to.to_owned());
        if Self::exists(to)? {
            return Err(already());
        }
        if !Self::exists(from)? {
            return Err(KeyringError::NotThere(from.to_owned()));
        }
        let source = Self::open_file(from, origin, Company::Others)?;
        let source = source.ring();
        if source.part.is_none() {
            return Err(Refusal::Alone.into());
        }
        files::make_private(to).map_err(while_doing(DOING))?;
        for name in [
            "root".to_owned(),
            files::epoch_name(source.epoch),
            files::transport_name(source.epoch),
        ] {
            files::keep(Some(to), &name, &files::secret(from, &name)?)?;
        }
        let ring = super::replicated::identity()?;
        // Under its own name only when it is whole.
        let unfinished = to.join("keyring.unfinished");
        drop(std::fs::remove_file(&unfinished));
        files::touch_private(&unfinished).map_err(while_doing(DOING))?;
        let path = unfinished.to_string_lossy().into_owned();
        source.db.execute("VACUUM INTO ?1", [path]).map_err(while_doing(DOING))?;
        rename(&unfinished, ring).map_err(while_doing(DOING))?;
        files::put_in_place(&unfinished, &to.join("keyring.sqlite")).map_err(while_doing(DOING))?;
        Ok(ring)
    }
}

/// Gives a copy a handle of its own. It has had no session yet.
fn rename(file: &Path, ring: Uuid) -> rusqlite::Result<()> {
    let db = Connection::open(file)?;
    db.execute("UPDATE part SET ring = ?1, session = NULL, opening = NULL", [ring.as_bytes()])?;
    db.close().map_err(|(_, error)| error)
}
