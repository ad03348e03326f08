//! What a command wrote before: for one that is given again.

use domain::{event::Event, recorded::Recorded, stream::Stream};
use uuid::Uuid;

use super::{
    EventLog, Reading, event_id,
    folds::{Tail, Until},
};
use crate::backend::{ReadError, leaf};

impl EventLog {
    /// What a command wrote into a stream, if it did.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn written_by(
        &self,
        command: Uuid,
        stream: Stream,
    ) -> Result<Vec<Recorded<Event>>, ReadError> {
        self.find_written(command, stream, None).await.map(|(written, _)| written)
    }

    /// The same, to revision `last` where one is given, and the last event that was read.
    async fn find_written(
        &self,
        command: Uuid,
        stream: Stream,
        last: Option<u64>,
    ) -> Result<(Vec<Recorded<Event>>, Option<Tail>), ReadError> {
        let stored = self.inner.backend.read_stream(stream, 0, last).await?;
        let (mut written, mut tail) = (Vec::new(), None);
        let mut next = 0_u32;
        for (one, still) in stored.iter().zip((0..stored.len()).rev()) {
            let (header, _) = super::decode::header(one.lent())?;
            if still == 0 {
                let (revision, leaf) = (one.revision, leaf(&one.entry));
                tail = Some(Tail { revision, leaf, at: header.at });
            }
            if header.id == event_id(command, next) {
                written.push(self.decode(one.lent())?);
                next = next.saturating_add(1);
            }
        }
        Ok((written, tail))
    }
}

impl Reading {
    /// What a command wrote into a stream, if it did. A decision that is taken because it did not relies
    /// on that: the stream must not have moved when it is written, or the same command, given twice
    /// at once, would be carried out twice.
    ///
    /// # Errors
    /// When the log cannot be read, or is damaged.
    pub async fn written_by(
        &self,
        command: Uuid,
        stream: Stream,
    ) -> Result<Vec<Recorded<Event>>, ReadError> {
        let last = match self.seen_of(stream) {
            Some(Until::Seen(None)) => return Ok(Vec::new()),
            Some(Until::Seen(Some(tail))) => Some(tail.revision),
            Some(Until::Now) | None => None,
        };
        let (written, tail) = self.log().find_written(command, stream, last).await?;
        self.saw(stream, tail);
        Ok(written)
    }
}
