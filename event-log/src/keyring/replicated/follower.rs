//! Following the other rings while nothing is asked of this one.

use std::{
    io,
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

use crate::keyring::{Keyring, KeyringError};

impl Keyring {
    /// Has a thread of its own read on every so often, carry out what others have destroyed, and say so.
    /// What fails is tried again, and told by [`Keyring::trouble`]; the thread ends with the ring.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn keep_following(ring: &Arc<Self>, every: Duration) -> io::Result<()> {
        let ring = Arc::downgrade(ring);
        thread::Builder::new().name("keys".to_owned()).spawn(move || follow(&ring, every)).map(drop)
    }

    /// Reads on, carries out what others have destroyed, and says so.
    ///
    /// # Errors
    /// When the stream cannot be read or contradicts itself, or the ring cannot be written.
    pub fn follow(&self) -> Result<(), KeyringError> {
        let Some(among) = &self.among else { return Ok(()) };
        let followed = self.acknowledge(among);
        among.note(followed.as_ref().err());
        followed
    }

    /// Why this ring does not follow the others at present; nothing if it does.
    pub fn trouble(&self) -> Option<String> {
        self.among.as_ref().and_then(super::Among::trouble)
    }
}

fn follow(ring: &Weak<Keyring>, every: Duration) {
    loop {
        thread::sleep(every);
        let Some(ring) = ring.upgrade() else { return };
        // It is noted, and met by whoever asks for something.
        drop(ring.follow());
    }
}
