//! What has been touched since a position: an index says what is so now, and this who it may have lost or
//! gained since.
//!
//! A listing speaks for one position, and the read model goes on while it is read. So an index is asked
//! first, and then the log: whatever an event after the position has touched may have stood elsewhere in the
//! index then. Both together hold every document that belongs to the answer, and each is judged as it was
//! known at the position. How far the read model had come when the index was read does not matter.

use std::collections::BTreeSet;

use event_log::backend::ReadError;

use super::{Found, QueryError, Reader};
use crate::{projection::Projection, store::document_key};

/// The most events that are read for it.
const EVENTS: usize = 4_096;

/// Documents that the events after a position have touched.
#[derive(Clone, Debug)]
pub struct Touched<D> {
    /// The documents, as they are now.
    pub documents: Vec<Found<D>>,
    /// Whether these are all. If not, the position is long ago, and an index of what is so now does not
    /// lead to everything that was so then; one of intervals does, for by then clocks agree on the order.
    pub all: bool,
}

impl<P: Projection> Reader<P> {
    /// The documents that the events after a position have touched: the next 4,096 of them, or all. Ask
    /// after the index has been read, never before.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn touched_after(&self, position: u64) -> Result<Touched<P::Document>, QueryError> {
        let log = self.log();
        let stored = log.read_stored(position.saturating_add(1), EVENTS).await?;
        let all = stored.len() < EVENTS;
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for stored in &stored {
            match log.decode_stored(stored) {
                Ok(recorded) => keys.extend(P::keys(&recorded)),
                Err(ReadError::Corrupt { .. }) => {} // it is skipped by whoever folds it, too
                Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
            }
        }
        let keys: Vec<String> = keys.into_iter().collect();
        let found = if keys.is_empty() { Vec::new() } else { self.get_all(&keys).await?.value };
        let documents = keys.iter().zip(found).filter_map(|(key, document)| {
            document.map(|document| Found { key: document_key(key), document })
        });
        Ok(Touched { documents: documents.collect(), all })
    }
}
