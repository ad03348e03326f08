//! The read models: handles, codes, dates, and marks that stand for what is compared.

use std::sync::Arc;

use domain::erasure::PurgeMethod;
use uuid::Uuid;

use super::{Answer, Holder, NotPurged, Purged};
use crate::{purge::purge, read_models, store::Store};

/// A store of read models: embedded, or Redis.
pub struct ReadModelStore(Arc<dyn Store>);

impl ReadModelStore {
    /// This store.
    pub fn of(store: Arc<dyn Store>) -> Self {
        Self(store)
    }
}

impl Holder for ReadModelStore {
    fn name(&self) -> &'static str {
        "read-models"
    }

    /// A read model holds nothing personal, only marks: keyed digests. Those of the subject go at once from
    /// every build. What was being folded meanwhile goes when the build takes in that the key is gone.
    fn purge(&self, subject: Uuid) -> Answer<'_> {
        Box::pin(async move {
            let purged = purge(&*self.0, &read_models::all(), subject).await;
            let purged = purged
                .map_err(|cause| NotPurged { holder: "read-models", cause: Box::new(cause) })?;
            Ok(Purged {
                method: PurgeMethod::Deleted,
                count: purged.removed(),
                evidence: Some(purged.evidence()),
            })
        })
    }
}
