//! One ring for several processes of one machine: what one destroys, the others know no more.

use std::{fs::File, path::Path, time::Duration};

use super::{Keyring, KeyringError, Ring, files, while_doing};

/// How long a process waits for another that writes to the same ring.
const PATIENCE: Duration = Duration::from_secs(10);

impl Keyring {
    /// Opens the ring in a directory that several processes of one machine use. What another of them
    /// makes or destroys is seen at the next use: then no key is answered from memory any more.
    ///
    /// # Errors
    /// As [`Keyring::open`].
    pub fn open_shared(dir: &Path, origin: &str) -> Result<Self, KeyringError> {
        let doing = "sharing the keys with other processes";
        files::make_private(dir).map_err(while_doing("making the directory of keys"))?;
        let lock = File::create(dir.join("shared.lock")).map_err(while_doing(doing))?;
        // Whoever opens removes the keys of epochs that are not the one in force: not while another
        // is about to begin one.
        lock.lock().map_err(while_doing(doing))?;
        let ring = Self::open(dir, origin)?;
        {
            let ring = ring.ring();
            ring.db.busy_timeout(PATIENCE).map_err(while_doing(doing))?;
            // The lock on the file is let go at the next access, and taken only for each use then.
            let sharing = "PRAGMA locking_mode = NORMAL; SELECT count(*) FROM ring;";
            ring.db.execute_batch(sharing).map_err(while_doing(doing))?;
        }
        lock.unlock().map_err(while_doing(doing))?;
        Ok(Self { shared: Some(lock), ..ring })
    }

    /// Takes note of what another process has destroyed since the last look.
    pub(super) fn look_for_others(&self) -> Result<(), KeyringError> {
        if self.shared.is_some() {
            self.take_up(&mut self.ring())?;
        }
        Ok(())
    }

    fn take_up(&self, ring: &mut Ring) -> Result<(), KeyringError> {
        if ring.take_up_epoch()? {
            self.at_hand().forget_all(|_| true);
        }
        Ok(())
    }

    /// Does something with the ring while no other process begins a new epoch.
    pub(super) fn among_others<T>(
        &self,
        act: impl FnOnce(&mut Ring) -> Result<T, KeyringError>,
    ) -> Result<T, KeyringError> {
        let mut ring = self.ring();
        let Some(lock) = &self.shared else { return act(&mut ring) };
        let doing = "waiting for another process that uses the keys";
        lock.lock().map_err(while_doing(doing))?;
        let done = self.take_up(&mut ring).and_then(|()| act(&mut ring));
        lock.unlock().map_err(while_doing(doing))?;
        done
    }
}

impl Ring {
    /// Goes over to the epoch that another process has begun; says whether there was one.
    fn take_up_epoch(&mut self) -> Result<bool, KeyringError> {
        let doing = "looking for a new epoch of keys";
        let epoch: u32 = self
            .db
            .prepare_cached("SELECT epoch FROM ring")
            .and_then(|mut epoch| epoch.query_row([], |row| row.get(0)))
            .map_err(while_doing(doing))?;
        let Some(dir) = self.dir.as_ref().filter(|_| epoch != self.epoch) else {
            return Ok(false);
        };
        self.kek = files::secret(dir, &files::epoch_name(epoch))?;
        self.epoch = epoch;
        Ok(true)
    }
}
