//! Whose keys were destroyed while documents are kept in memory: they are told of it before its turn in the log.

use domain::{erasure, event::Event, stream::Stream};
use event_log::EventLog;
use uuid::Uuid;

use super::FollowError;

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// How far the end of the log has been read for it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gone {
    next: u64,
}

impl Gone {
    /// What happens from now on counts: nothing is kept yet.
    pub(super) fn begin(&mut self, log: &EventLog) {
        self.next = log.length();
    }

    /// Whose keys were destroyed since it was last asked.
    pub(super) async fn since(&mut self, log: &EventLog) -> Result<Vec<Uuid>, FollowError> {
        let mut gone = Vec::new();
        while self.next < log.length() {
            let stored = log.read_stored(self.next, AT_ONCE).await?;
            let Some(last) = stored.last() else { break };
            let next = last.position.saturating_add(1);
            for stored in stored.iter().filter(|it| matches!(it.stream, Stream::Erasure(_))) {
                // One that cannot be read is skipped by whoever folds it, too.
                if let Ok(recorded) = log.decode_stored(stored)
                    && let Event::Erasure(erasure::Event::KeyDestroyed { .. }) = recorded.event
                    && let Stream::Erasure(subject) = recorded.stamp.stream
                {
                    gone.push(subject);
                }
            }
            self.next = next;
        }
        Ok(gone)
    }
}
