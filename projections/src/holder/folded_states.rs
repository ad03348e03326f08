//! The states that the log keeps folded at hand.

use domain::erasure::PurgeMethod;
use event_log::EventLog;
use uuid::Uuid;

use super::{Answer, Holder, Purged};

/// The states that a log keeps folded at hand, personal values and all.
#[derive(Debug)]
pub struct FoldedStates(EventLog);

impl FoldedStates {
    /// Those of this log.
    pub const fn of(log: EventLog) -> Self {
        Self(log)
    }
}

impl Holder for FoldedStates {
    fn name(&self) -> &'static str {
        "folded-states"
    }

    fn purge(&self, subject: Uuid) -> Answer<'_> {
        let count = self.0.forget_folded(subject);
        let purged = Purged { method: PurgeMethod::Evicted, count, evidence: None };
        Box::pin(async move { Ok(purged) })
    }
}
