//! Pages of streams and of the whole log, each event compared with what the index knows of it.

use domain::stream::Stream;
use eventstore_client::Error;

use super::{Inner, connection::Ask, index::Row, wire::Found};
use crate::backend::{Head, ReadError, Stored, leaf};

/// How many events are read at once.
const AT_ONCE: usize = 1_000;

/// A failure that is not one of the log itself.
pub(super) fn failed(what: &str, error: Error) -> ReadError {
    if matches!(error, Error::ResourceDeleted) {
        return corrupt(0, format!("a stream was tombstoned, reading {what}"));
    }
    ReadError::Unavailable { doing: format!("reading {what}"), cause: Box::new(error) }
}

pub(super) fn corrupt(position: u64, finding: impl Into<String>) -> ReadError {
    ReadError::Corrupt { position, finding: finding.into() }
}

pub(super) fn index_failed(cause: rusqlite::Error) -> ReadError {
    let doing = "using the index of the log".to_owned();
    ReadError::Unavailable { doing, cause: Box::new(cause) }
}

impl Inner {
    /// The last event of a stream, as the server has it now.
    pub(super) async fn last(&self, stream: Stream) -> Result<Option<Found>, ReadError> {
        let ask = Ask::Last { name: self.names.of(stream) };
        self.found(&ask, stream).await.map(|found| found.into_iter().next())
    }

    /// Events of a stream from a revision on, at most `count` of them.
    pub(super) async fn page(
        &self,
        stream: Stream,
        revision: u64,
        count: usize,
    ) -> Result<Vec<Found>, ReadError> {
        let ask = Ask::From { name: self.names.of(stream), revision, count };
        let found = self.found(&ask, stream).await?;
        for (event, expected) in found.iter().zip(revision..) {
            if event.revision != expected {
                self.reach(event.at.commit).await?;
                let position = self.index.at(event.at).map_err(index_failed)?;
                let finding = format!(
                    "revision {expected} of {stream} is missing: was it scavenged, or does metadata \
                     of the stream hide it?"
                );
                return Err(corrupt(position.map_or(0, |row| row.position), finding));
            }
        }
        Ok(found)
    }

    async fn found(&self, ask: &Ask, stream: Stream) -> Result<Vec<Found>, ReadError> {
        let read = self.server.read(ask, self.patience).await;
        let read = read.map_err(|error| failed(&stream.to_string(), error))?;
        let name = self.names.of(stream);
        let ours = |event| self.names.found(event).filter(|found| found.name == name);
        let found: Option<Vec<_>> = read.iter().map(ours).collect();
        found.ok_or_else(|| corrupt(0, format!("{stream} holds an event that is not one of ours")))
    }

    pub(super) async fn head(&self, stream: Stream) -> Result<Option<Head>, ReadError> {
        let Some(found) = self.last(stream).await? else { return Ok(None) };
        self.reach(found.at.commit).await?;
        let row = self.row(&found)?;
        Ok(Some(Head { position: row.position, revision: found.revision }))
    }

    pub(super) async fn stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Result<Vec<Stored>, ReadError> {
        let mut events = Vec::new();
        let mut next = first;
        // Beyond what the server can count there is nothing.
        while next <= last.unwrap_or(u64::MAX) && i64::try_from(next).is_ok() {
            let left = last.map_or(u64::MAX, |last| last.saturating_sub(next).saturating_add(1));
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(AT_ONCE);
            let page = self.page(stream, next, count).await?;
            if let Some(last) = page.last() {
                self.reach(last.at.commit).await?;
            }
            let whole = page.len() >= count;
            for found in page {
                let position = self.row(&found)?.position;
                next = found.revision.saturating_add(1);
                events.push(stored(position, stream, found));
            }
            if !whole {
                break;
            }
        }
        Ok(events)
    }

    pub(super) async fn all(&self, from: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        let length = *self.length.borrow();
        let mut events = Vec::new();
        let mut next = from;
        while next < length && events.len() < limit {
            let count = limit.saturating_sub(events.len()).min(AT_ONCE);
            let rows = self.index.from(next, count).map_err(index_failed)?;
            let Some(first) = rows.first() else { break };
            // The first event of the installation may stand among them.
            let count = rows.len().saturating_add(1);
            let prefix = self.names.prefix();
            let ask = Ask::All { prefix, from: Some(first.at), count, metadata: false };
            let read = self.server.read(&ask, self.patience).await;
            let read = read.map_err(|error| failed("the whole log", error))?;
            let mut read = read.iter().filter_map(|event| self.names.found(event));
            for row in rows {
                let found = read.by_ref().find(|found| self.names.stream(&found.name).is_some());
                let Some(found) = found.filter(|found| found.at == row.at) else {
                    return Err(corrupt(row.position, "it was there, and is not any more"));
                };
                compare(&row, &found)?;
                let Some(stream) = self.names.stream(&found.name) else { continue };
                next = row.position.saturating_add(1);
                events.push(stored(row.position, stream, found));
            }
        }
        Ok(events)
    }

    /// What the index knows of an event that was read.
    pub(super) fn row(&self, found: &Found) -> Result<Row, ReadError> {
        match self.index.at(found.at).map_err(index_failed)? {
            Some(row) => compare(&row, found).map(|()| row),
            None => Err(corrupt(
                *self.length.borrow(),
                format!("{} has an event that is not in $all", found.name),
            )),
        }
    }
}

fn compare(row: &Row, found: &Found) -> Result<(), ReadError> {
    if leaf(&found.entry) == row.leaf {
        Ok(())
    } else if !found.entry.is_empty() && found.entry.iter().all(|byte| *byte == 0xff) {
        Err(corrupt(row.position, "its entry was overwritten, as the redaction tool does it"))
    } else {
        Err(corrupt(row.position, "its entry is not what it was"))
    }
}

fn stored(position: u64, stream: Stream, found: Found) -> Stored {
    let Found { revision, entry, sealed, .. } = found;
    Stored { position, stream, revision, entry, sealed }
}
