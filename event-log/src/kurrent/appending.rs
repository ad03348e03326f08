//! Appending: exact revisions, the same bytes however often, and the guards after the fact.

use std::sync::{Arc, PoisonError};

use eventstore_client::{AppendToStreamOptions, Error, EventData, StreamState};

use super::{
    Inner,
    connection::{Patience, is_passing},
    index::Row,
    reading::index_failed,
    wire,
};
use crate::{
    append::{Append, AppendError, Appended},
    backend::{ReadError, leaf},
};

/// `INVALID_ARGUMENT`: the server will not take it, however often it is sent.
const INVALID: i32 = 3;

/// The stream was tombstoned: nothing can be written to it, ever.
#[derive(Debug, thiserror::Error)]
#[error("the stream was tombstoned on the server")]
struct Tombstoned;

/// The cluster was found wanting since the log was opened.
#[derive(Debug, thiserror::Error)]
#[error("nothing is written since {0}")]
struct Untrusted(String);

/// Where the events of an append stand.
struct Placed {
    first: Row,
    appended: Appended,
}

impl Inner {
    /// See [`crate::backend::Backend::append`]. Sent again, it is answered as it was, or would have
    /// been, the first time.
    pub(super) async fn append(self: Arc<Self>, append: Append) -> Result<Appended, AppendError> {
        let settled = Arc::clone(&self).settle(append).await;
        if let Err(AppendError::Unknown(cause) | AppendError::Unavailable(cause)) = &settled
            && let Some(cause) = cause.downcast_ref::<ReadError>()
        {
            self.note(cause);
        }
        settled
    }

    async fn settle(self: Arc<Self>, append: Append) -> Result<Appended, AppendError> {
        append.check()?;
        self.may_write()?;
        let events = wire::proposed(&append.events)?;
        let Append { stream, expected, ref guards, .. } = append;
        let (own, others): (Vec<_>, Vec<_>) =
            guards.iter().copied().partition(|guard| guard.stream == stream);
        if let Some(&guard) = own.iter().find(|guard| guard.revision != expected) {
            return Err(AppendError::GuardMoved { guard, written: None });
        }
        let moved = self.moved(&others).await.map_err(not_written)?;
        let placed = if let Some(guard) = moved {
            // It may have been written already, before the guard moved.
            let standing = self.standing(&append).await.map_err(not_written)?;
            standing.ok_or(AppendError::GuardMoved { guard, written: None })?
        } else {
            let commit = self.write(&append, events).await?;
            self.place(&append, commit).await?
        };
        match self.moved_before(&others, placed.first.at).await {
            Ok(None) => Ok(placed.appended),
            Ok(Some(guard)) => {
                Err(AppendError::GuardMoved { guard, written: Some(placed.appended) })
            }
            // It is written, and whether it may be relied on is not known: ask again.
            Err(cause) => Err(AppendError::Unknown(Box::new(cause))),
        }
    }

    pub(super) fn may_write(&self) -> Result<(), AppendError> {
        let refused = self.refused.read().unwrap_or_else(PoisonError::into_inner).clone();
        let failed = refused.map(|why| format!("a check of the cluster failed: {why}"));
        let damaged = || self.damaged.get().map(|why| format!("the log was found damaged: {why}"));
        match failed.or_else(damaged) {
            None => Ok(()),
            Some(why) => Err(AppendError::Unavailable(Box::new(Untrusted(why)))),
        }
    }

    /// Sends the events until they are answered; answers the commit position.
    pub(super) async fn write(
        &self,
        append: &Append,
        events: Vec<EventData>,
    ) -> Result<u64, AppendError> {
        let name = self.names.of(append.stream);
        let state = append.expected.map_or(StreamState::NoStream, StreamState::StreamRevision);
        let options =
            AppendToStreamOptions::default().stream_state(state).deadline(self.server.deadline());
        let mut patience = Patience::of(self.patience);
        // Whether it may have been written by a call that was not answered.
        let mut sent = false;
        loop {
            let error = match self.server.client().await {
                Ok(held) => {
                    let call =
                        held.client.append_to_stream(name.as_str(), &options, events.clone());
                    // The server keeps the deadline; a connection that hangs does not.
                    let deadline = self.server.deadline().saturating_mul(2);
                    let answer = tokio::time::timeout(deadline, call).await;
                    match answer.unwrap_or(Err(Error::DeadlineExceeded)) {
                        Ok(written) => return Ok(written.position.commit),
                        Err(Error::WrongExpectedVersion { .. }) => {
                            return self.conflict(append, sent).await;
                        }
                        Err(error) if is_passing(&error) => {
                            sent |= !matches!(error, Error::NotLeaderException(_));
                            self.server.give_up(&held).await;
                            error
                        }
                        Err(error) => return Err(refused(error)),
                    }
                }
                Err(error) => error,
            };
            if !patience.wait().await {
                return Err(failing(sent, error));
            }
            // The same bytes, identities and expectation: written once, however often they arrive.
            if sent && let Ok(Some(placed)) = self.standing(append).await {
                return self.commit_of(&placed);
            }
        }
    }

    fn commit_of(&self, placed: &Placed) -> Result<u64, AppendError> {
        let last = self.index.from(placed.appended.last_position, 1).map_err(unknown_index)?;
        Ok(last.first().map_or(placed.first.at.commit, |last| last.at.commit))
    }

    /// The stream is not at the revision expected: because somebody else was faster, or because it
    /// was our own earlier call that was not answered.
    async fn conflict(&self, append: &Append, sent: bool) -> Result<u64, AppendError> {
        let uncertain = |cause: ReadError| failing(sent, cause);
        if let Some(placed) = self.standing(append).await.map_err(uncertain)? {
            return self.commit_of(&placed);
        }
        Err(self.conflicting(append).await.map_err(uncertain)?)
    }

    async fn conflicting(&self, append: &Append) -> Result<AppendError, ReadError> {
        let actual = self.last(append.stream).await?.map(|last| last.revision);
        let (stream, expected) = (append.stream, append.expected);
        Ok(AppendError::Conflict { stream, expected, actual })
    }

    /// Where exactly these events stand, if they stand where they were to be written.
    async fn standing(&self, append: &Append) -> Result<Option<Placed>, ReadError> {
        let first = append.expected.map_or(0, |revision| revision.saturating_add(1));
        let found = self.page(append.stream, first, append.events.len()).await?;
        let same = found.len() == append.events.len()
            && found
                .iter()
                .zip(&append.events)
                .all(|(is, ours)| is.id == ours.id.uuid() && is.entry == ours.entry);
        let (Some(first), Some(last)) = (found.first(), found.last()) else { return Ok(None) };
        if !same {
            return Ok(None);
        }
        self.reach(last.at.commit).await?;
        let (row, last) = (self.row(first)?, self.row(last)?);
        let appended = Appended {
            first_position: row.position,
            first_revision: first.revision,
            last_position: last.position,
        };
        Ok(Some(Placed { first: row, appended }))
    }

    /// Where the events of an append stand that the server said it has written.
    async fn place(&self, append: &Append, commit: u64) -> Result<Placed, AppendError> {
        let unknown = |cause: ReadError| AppendError::Unknown(Box::new(cause));
        self.reach(commit).await.map_err(unknown)?;
        if let Some(placed) = self.ending_at(append, commit).map_err(unknown)? {
            return Ok(placed);
        }
        // The server compares identities, and not what they stand for: if others wrote under the
        // same ones, it says success and has not written ours.
        match self.standing(append).await.map_err(unknown)? {
            Some(placed) => Ok(placed),
            None => Err(self.conflicting(append).await.map_err(unknown)?),
        }
    }

    /// The usual case: they are the last that were committed there.
    fn ending_at(&self, append: &Append, commit: u64) -> Result<Option<Placed>, ReadError> {
        let Some(last) = self.index.up_to(commit).map_err(index_failed)? else { return Ok(None) };
        let before = u64::try_from(append.events.len()).unwrap_or(u64::MAX).saturating_sub(1);
        let Some(first) = last.position.checked_sub(before) else { return Ok(None) };
        let rows = self.index.from(first, append.events.len()).map_err(index_failed)?;
        let ours = rows.len() == append.events.len()
            && rows.iter().zip(&append.events).all(|(row, event)| row.leaf == leaf(&event.entry));
        let Some(&first) = rows.first().filter(|_| ours) else { return Ok(None) };
        let appended = Appended {
            first_position: first.position,
            first_revision: append.expected.map_or(0, |revision| revision.saturating_add(1)),
            last_position: last.position,
        };
        Ok(Some(Placed { first, appended }))
    }
}

/// The answer when nothing better is known: whether something was sent that may have been written.
fn failing(sent: bool, cause: impl std::error::Error + Send + Sync + 'static) -> AppendError {
    if sent {
        AppendError::Unknown(Box::new(cause))
    } else {
        AppendError::Unavailable(Box::new(cause))
    }
}

fn not_written(cause: ReadError) -> AppendError {
    AppendError::Unavailable(Box::new(cause))
}

fn unknown_index(cause: rusqlite::Error) -> AppendError {
    AppendError::Unknown(Box::new(index_failed(cause)))
}

/// What the server will not take, whoever asks and however often. Nothing was written.
fn refused(error: Error) -> AppendError {
    if matches!(error, Error::ResourceDeleted) {
        return AppendError::Unavailable(Box::new(Tombstoned));
    }
    if matches!(&error, Error::Grpc { code, .. } if i32::from(*code) == INVALID) {
        return AppendError::Unstorable(
            "the server does not take it: is its MaxAppendSize below 1 MiB?",
        );
    }
    AppendError::Unavailable(Box::new(error))
}
