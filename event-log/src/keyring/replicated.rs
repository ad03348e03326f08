//! A ring on each server, all with the same keys: what one does is said in a stream, and done by all.
//!
//! Each ring is whole, in a folder of its own. The stream's order decides: of two that make a key of one
//! subject the first one does. What is destroyed is destroyed everywhere, and answered when every ring
//! that takes part has said so. The decisions are in `docs/adr/0010-keys-on-every-server.md`.

mod acts;
mod applying;
mod change;
mod follower;
pub mod members;
pub mod memory;
mod opening;
mod part;
mod proposing;
mod refusal;
pub mod rings;
pub mod stream;
mod transport;

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use uuid::Uuid;

pub use self::refusal::Refusal;
use self::stream::{KeyStream, KeyStreamError};
pub(super) use self::{
    part::{Part, leave},
    proposing::identity,
};
use super::KeyringError;

/// Who is told that keys are gone, before it is said to the other rings.
type WhenGone = Box<dyn Fn(&[Uuid]) + Send + Sync>;

/// What a ring needs to be one of several.
pub(super) struct Among {
    stream: Arc<dyn KeyStream>,
    /// One at a time reads on or says something; others read keys meanwhile.
    turn: Mutex<()>,
    /// How long a destruction waits for the other rings.
    patience: Duration,
    /// Why this ring does nothing any more.
    stopped: OnceLock<Refusal>,
    when_gone: OnceLock<WhenGone>,
    trouble: Mutex<Option<String>>,
}

impl Among {
    fn over(stream: Arc<dyn KeyStream>, patience: Duration) -> Self {
        Self {
            stream,
            turn: Mutex::default(),
            patience,
            stopped: OnceLock::new(),
            when_gone: OnceLock::new(),
            trouble: Mutex::default(),
        }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers why nothing is done any more. Only the first reason counts.
    fn stop(&self, refusal: &Refusal) {
        self.stopped.set(refusal.clone()).ok();
    }

    /// # Errors
    /// The reason why this ring does nothing any more.
    pub(super) fn may_go_on(&self) -> Result<(), KeyringError> {
        match self.stopped.get() {
            None => Ok(()),
            Some(refusal) => Err(refusal.clone().into()),
        }
    }

    fn note(&self, error: Option<&KeyringError>) {
        let text = error.map(|error| {
            let cause = std::error::Error::source(error);
            cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
        });
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has somebody told, before the other rings are, whose keys are gone from this one.
    pub(super) fn when_gone(&self, tell: WhenGone) {
        self.when_gone.set(tell).ok();
    }

    fn tell_gone(&self, subjects: &[Uuid]) {
        if let Some(tell) = self.when_gone.get() {
            tell(subjects);
        }
    }
}

impl std::fmt::Debug for Among {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Among").field("stopped", &self.stopped.get()).finish_non_exhaustive()
    }
}

impl From<KeyStreamError> for KeyringError {
    fn from(error: KeyStreamError) -> Self {
        match error {
            KeyStreamError::Damaged { revision, finding } => {
                Refusal::Contradiction { revision, finding }.into()
            }
            KeyStreamError::Unavailable(cause) => {
                Self::Unavailable { doing: "asking what other rings did", cause }
            }
        }
    }
}
