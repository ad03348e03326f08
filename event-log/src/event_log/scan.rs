//! Single events by place or identity, and headers without keys.

use domain::{
    event::Event,
    identity::EventId,
    recorded::{Recorded, Stamp},
};

use super::{EventLog, decode};
use crate::{
    backend::{Lent, Look, ReadError, Stored},
    entry::Section,
    seal::EventKey,
};

/// How many events are read at once.
const AT_ONCE: usize = 2_048;

/// How many events are decoded before other tasks get their turn.
const IN_TURN: usize = 128;

/// The public header of a stored event: no content, and nothing that needs a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicHeader {
    /// The event's stored name.
    pub name: String,
    /// The circumstances.
    pub stamp: Stamp,
    /// The leaf hash of the stream's entry before it.
    pub previous: Option<[u8; 32]>,
    /// The keyed digest of the request.
    pub request: Option<[u8; 32]>,
    /// What lies sealed beside it, or did.
    pub sections: Vec<Section>,
}

impl PublicHeader {
    fn of(stored: Lent<'_>) -> Result<Self, ReadError> {
        let (mut header, _) = decode::header(stored)?;
        Ok(Self {
            name: header.name.to_owned(),
            previous: header.previous,
            request: header.request,
            sections: std::mem::take(&mut header.sections),
            stamp: header.stamp(stored.position),
        })
    }
}

impl EventLog {
    /// The event at a position, opened as far as the keys allow; none beyond the end.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn open_event(&self, position: u64) -> Result<Option<Recorded<Event>>, ReadError> {
        self.stored(position).await?.map(|stored| self.decode(stored.lent())).transpose()
    }

    /// The events at these positions, in the order asked, each as [`EventLog::open_event`] answers it. Many are read in
    /// one call.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn open_events(
        &self,
        positions: &[u64],
    ) -> Result<Vec<Option<Recorded<Event>>>, ReadError> {
        let stored = self.inner.backend.read_at(positions).await?;
        let mut events = Vec::with_capacity(stored.len());
        for some in stored.chunks(IN_TURN) {
            if !events.is_empty() {
                tokio::task::yield_now().await;
            }
            for stored in some {
                events.push(stored.as_ref().map(|stored| self.decode(stored.lent())).transpose()?);
            }
        }
        Ok(events)
    }

    /// The key that opens the event at a position, and no other. None when nothing is sealed in it
    /// or its subject's key is not to be had.
    ///
    /// # Errors
    /// When the log or the ring cannot be read, or is damaged.
    pub async fn event_key(&self, position: u64) -> Result<Option<EventKey>, ReadError> {
        match self.stored(position).await? {
            Some(stored) => decode::event_key(stored.lent(), &self.inner.keys),
            None => Ok(None),
        }
    }

    /// The header of the event at a position; none beyond the end.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn header_at(&self, position: u64) -> Result<Option<PublicHeader>, ReadError> {
        self.stored(position).await?.map(|stored| PublicHeader::of(stored.lent())).transpose()
    }

    /// At most `limit` headers from position `from`, in order. Needs no keys, reads no content.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn read_headers(
        &self,
        from: u64,
        limit: usize,
    ) -> Result<Vec<PublicHeader>, ReadError> {
        let mut headers = Vec::new();
        let mut look = |lent: Lent<'_>| {
            headers.push(PublicHeader::of(lent)?);
            Ok(())
        };
        self.inner.backend.lend_all(from, limit, &mut look).await?;
        Ok(headers)
    }

    /// At most `limit` events as stored, from position `from`, in order.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn read_stored(&self, from: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.inner.backend.read_all(from, limit).await
    }

    /// Lends the same, to be looked at where it lies: for whoever keeps none of its bytes. Nobody who looks reads the log
    /// meanwhile.
    ///
    /// # Errors
    /// When the log cannot be read, after what stood before was looked at; and what `look` answers.
    pub async fn lend_stored(
        &self,
        from: u64,
        limit: usize,
        look: &mut Look<'_>,
    ) -> Result<(), ReadError> {
        self.inner.backend.lend_all(from, limit, look).await
    }

    /// The position of an event, by its identity. Goes through the log from its beginning: about a
    /// second for a million events. Whoever knows the position needs none of this.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn find_event(&self, id: EventId) -> Result<Option<u64>, ReadError> {
        let wanted = id.to_string();
        let mut from = 0;
        loop {
            let some = self.read_stored(from, AT_ONCE).await?;
            let Some(last) = some.last() else { return Ok(None) };
            from = last.position.saturating_add(1);
            for stored in &some {
                // The identity stands early in an entry; only where the text occurs is it read.
                let begins = stored.entry.get(..192).unwrap_or(&stored.entry);
                let occurs = begins.windows(wanted.len()).any(|bytes| bytes == wanted.as_bytes());
                if occurs && decode::header(stored.lent())?.0.id == id {
                    return Ok(Some(stored.position));
                }
            }
        }
    }

    async fn stored(&self, position: u64) -> Result<Option<Stored>, ReadError> {
        let found = self.inner.backend.read_all(position, 1).await?.into_iter().next();
        Ok(found.filter(|stored| stored.position == position))
    }
}
