//! Requests that are being worked on, by the identity that their Idempotency-Key gives them.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use uuid::Uuid;

/// The requests that are being worked on.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    commands: Mutex<HashSet<Uuid>>,
    ended: Notify,
}

/// The same request is being worked on.
#[derive(Debug)]
pub(super) struct Already;

/// Being worked on until dropped.
#[derive(Debug)]
pub(super) struct Working {
    command: Uuid,
    of: Arc<InFlight>,
}

impl InFlight {
    /// Begins, unless the same request is being worked on.
    pub(super) fn begin(self: &Arc<Self>, command: Uuid) -> Result<Working, Already> {
        if self.commands().insert(command) {
            Ok(Working { command, of: Arc::clone(self) })
        } else {
            Err(Already)
        }
    }

    /// Waits until none is.
    pub(super) async fn finished(&self) {
        loop {
            let ended = self.ended.notified();
            if self.commands().is_empty() {
                return;
            }
            ended.await;
        }
    }

    fn commands(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.of.commands().remove(&self.command);
        self.of.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_request_is_worked_on_once_at_a_time() {
        let all = Arc::new(InFlight::default());
        let working = all.begin(Uuid::from_u128(1)).unwrap();
        assert!(all.begin(Uuid::from_u128(1)).is_err());
        assert!(all.begin(Uuid::from_u128(2)).is_ok());
        drop(working);
        assert!(all.begin(Uuid::from_u128(1)).is_ok());
    }
}
