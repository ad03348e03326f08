//! What the directory has of the log as outsiders see it: receipts, and whether it may go on.

use std::{sync::Arc, time::Duration};

use domain::{event::Event, recorded::Recorded};
use event_log::{
    transparency::Receipt,
    transparency_log::{TransparencyError, TransparencyLog},
};
use tokio::time::timeout;

use super::Directory;
use crate::problem::{Problem, kind};

impl Directory {
    /// The same directory, whose log is published.
    #[must_use]
    pub fn publishing(mut self, log: Arc<TransparencyLog>) -> Self {
        self.published = Some(log);
        self
    }

    /// The log with its tree and checkpoints, if it is published.
    pub const fn published(&self) -> Option<&Arc<TransparencyLog>> {
        self.published.as_ref()
    }

    /// What was found to contradict what was signed, if anything was.
    pub fn contradiction(&self) -> Option<&str> {
        self.published.as_ref().and_then(|published| published.stopped())
    }

    /// Waits until a checkpoint covers the events, and gives their receipts; none if that takes too long,
    /// or nobody waits. The events are recorded in any case.
    pub(super) async fn receipts_in_time(
        &self,
        wait: Option<Duration>,
        recorded: &[Recorded<Event>],
    ) -> Option<Vec<Receipt>> {
        let (wait, published, last) = (wait?, self.published()?, recorded.last()?);
        let covered = timeout(wait, published.published_beyond(last.stamp.position)).await;
        // Late or never: then the answer says that it did not wait.
        covered.ok()?.ok()?;
        let receipts = recorded.iter().map(|event| published.best_receipt(event.stamp.position));
        match receipts.collect::<Result<Option<Vec<_>>, _>>() {
            Ok(receipts) => receipts,
            Err(error) => {
                unreadable(&error);
                None
            }
        }
    }

    /// The receipt of the event at a position. With a `wait`, for as long as that if none covers it yet.
    ///
    /// # Errors
    /// 503 when no checkpoint covers it, or nothing is published here.
    pub async fn receipt(&self, position: u64, wait: Option<Duration>) -> Result<Receipt, Problem> {
        let none = || Problem::new(&kind::NOT_PUBLISHED);
        let published = self.published().ok_or_else(none)?;
        if let Some(wait) = wait {
            // In time or not: what follows says so.
            let _in_time = timeout(wait, published.published_beyond(position)).await;
        }
        published.best_receipt(position).map_err(|error| unreadable(&error))?.ok_or_else(none)
    }
}

/// What the caller is told when the tree cannot be read. Why goes into the service's own log.
pub(crate) fn unreadable(error: &TransparencyError) -> Problem {
    tracing::error!(error = error as &dyn std::error::Error, "The log's tree could not be read");
    Problem::new(if error.is_contradiction() {
        &kind::LOG_CONTRADICTED
    } else {
        &kind::LOG_UNAVAILABLE
    })
}
