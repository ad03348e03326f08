//! Catching up, then following: every event once, in order.

use std::collections::VecDeque;

use domain::{event::Event, recorded::Recorded};
use tokio::sync::watch;

use super::EventLog;
use crate::backend::ReadError;

/// How many events are read at once.
const AT_ONCE: usize = 512;

/// Every event from a position on, in order, without gap or repeat.
#[derive(Debug)]
pub struct Subscription {
    log: EventLog,
    next: u64,
    read: VecDeque<Recorded<Event>>,
    length: watch::Receiver<u64>,
}

impl EventLog {
    /// Every event from position `from` on, including those that are yet to come.
    pub fn subscribe(&self, from: u64) -> Subscription {
        Subscription {
            log: self.clone(),
            next: from,
            read: VecDeque::new(),
            length: self.inner.backend.watch(),
        }
    }
}

impl Subscription {
    /// The next event; waits for it if there is none yet. Can be dropped while it waits.
    ///
    /// # Errors
    /// When the log cannot be read: ask again later, nothing is skipped. When it is damaged: stop.
    pub async fn next(&mut self) -> Result<Recorded<Event>, ReadError> {
        loop {
            if let Some(recorded) = self.read.pop_front() {
                return Ok(recorded);
            }
            self.read = self.fetch(AT_ONCE).await?.into();
        }
    }

    /// The next events, at least one and at most `limit`; waits if there is none yet.
    ///
    /// # Errors
    /// As [`Subscription::next`].
    pub async fn next_chunk(&mut self, limit: usize) -> Result<Vec<Recorded<Event>>, ReadError> {
        if self.read.is_empty() {
            return self.fetch(limit.max(1)).await;
        }
        let some = limit.clamp(1, self.read.len());
        Ok(self.read.drain(..some).collect())
    }

    /// The position of the next event that will be given.
    pub fn position(&self) -> u64 {
        self.read.front().map_or(self.next, |recorded| recorded.stamp.position)
    }

    async fn fetch(&mut self, limit: usize) -> Result<Vec<Recorded<Event>>, ReadError> {
        let next = self.next;
        // Waiting before reading: the announced length never runs ahead of what can be read, and an
        // event announced while we read is still announced when we come back.
        self.length.wait_for(|length| *length > next).await.map_err(|closed| {
            ReadError::Unavailable {
                doing: "waiting for the next event".to_owned(),
                cause: Box::new(closed),
            }
        })?;
        let events = self.log.read_all(next, limit).await?;
        let mut expected = next;
        for recorded in &events {
            if recorded.stamp.position != expected {
                return Err(ReadError::Corrupt {
                    position: expected,
                    finding: format!("position {} follows", recorded.stamp.position),
                });
            }
            expected = expected.saturating_add(1);
        }
        if events.is_empty() {
            return Err(ReadError::Unavailable {
                doing: format!("reading the event at position {next}, which was announced"),
                cause: "the store did not give it".into(),
            });
        }
        self.next = expected;
        Ok(events)
    }
}
