//! Writing what was decided, if everything it rests on still stands.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    actor::Actor,
    event::Event,
    identity::EventId,
    policy::PolicyVersion,
    recorded::{Recorded, ReliedOn},
    stream::Stream,
};
use uuid::Uuid;

use super::{
    EventLog, Reading,
    folds::{Tail, Until},
};
use crate::{
    append::{Append, AppendError, Appended, NewEvent},
    backend::{ReadError, leaf},
    codec::{self, Unencodable},
    entry::{Header, Role, Unwritable},
    keyring::{Keyring, KeyringError},
    seal::{Place, Refused},
};

/// How often an append whose outcome is unknown is sent again, with the same bytes.
const SENT_AGAIN: u32 = 3;

/// What was decided, on what reading, in what circumstances.
#[derive(Debug)]
pub struct Commit {
    /// The one stream it is written to.
    pub stream: Stream,
    /// What was decided, in order. At least one event.
    pub events: Vec<Event>,
    /// What was read for it. If the written stream is not among it, the decision does not depend on
    /// that stream, and the events follow whatever is its last one.
    pub reading: Reading,
    /// The circumstances.
    pub context: Context,
}

/// The circumstances of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The command's identity: those of its events follow from it.
    pub command: Uuid,
    /// When it was given. An event is recorded then, or at the time of the one before it in the
    /// stream if that is later: clocks differ, and recorded time never goes back in a stream.
    pub at: DateTime<Utc>,
    /// Who gave it.
    pub by: Actor,
    /// The policy under which it was decided.
    pub policy: PolicyVersion,
    /// What the caller's system calls the whole undertaking.
    pub correlation: Option<Uuid>,
    /// The event that led to it.
    pub causation: Option<EventId>,
    /// A keyed digest of the request's body, to tell a repeated command from another one with the
    /// same identity.
    pub request_digest: Option<[u8; 32]>,
}

/// Why a decision was not written. Unless the variant says otherwise, nothing was.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The store did not take it. On [`AppendError::Conflict`] and [`AppendError::GuardMoved`]:
    /// load, decide again.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// What was needed for writing could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Something personal about a subject that has no key. Make the subject known first.
    #[error("subject {0} has no key, so nothing personal can be recorded about it")]
    NoKey(Uuid),
    /// Something personal about a subject that was erased.
    #[error("subject {0} has been erased, so nothing personal is recorded about it again")]
    Erased(Uuid),
    /// Something personal in a stream that is about nobody.
    #[error("{0} is about nobody, so nothing personal can stand in it")]
    AboutNobody(Stream),
    /// An event of another subject.
    #[error("{event} does not belong into {stream}")]
    WrongStream {
        /// The stream.
        stream: Stream,
        /// The stored name of the event.
        event: String,
    },
    /// An event does not come out as JSON in the form expected.
    #[error(transparent)]
    Unencodable(#[from] Unencodable),
    /// An entry is too long.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// Sealing failed.
    #[error("the personal values could not be sealed")]
    Unsealable(#[from] Refused),
    /// The keys cannot be used.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// This log was opened to be read only.
    #[error("this log was opened to be read only")]
    ReadOnly,
}

impl CommitError {
    /// Whether to load and decide again: something the decision rests on has moved, and nothing of
    /// it was written.
    pub fn is_outdated(&self) -> bool {
        matches!(
            self,
            Self::Append(
                AppendError::Conflict { .. } | AppendError::GuardMoved { written: None, .. }
            )
        )
    }
}

/// The identity of the `number`th event of a command, from 0.
pub fn event_id(command: Uuid, number: u32) -> EventId {
    EventId::new(Uuid::new_v5(&command, &number.to_be_bytes()))
}

/// The events of a commit, made ready outside the store.
struct Prepared {
    events: Vec<NewEvent>,
    recorded: Vec<Recorded<Event>>,
    /// The stream's last event, once they are written.
    tail: Option<Tail>,
}

impl EventLog {
    /// Writes what was decided, all or nothing, if the written stream and everything else that was
    /// read still stand where they were read. Answers the events as recorded.
    ///
    /// # Errors
    /// See [`CommitError`]. An append whose outcome the store does not know is looked up and, while
    /// it can neither have happened nor be ruled out, sent again with the same bytes; only if that
    /// does not settle it is the answer [`AppendError::Unknown`].
    pub async fn commit(&self, commit: Commit) -> Result<Vec<Recorded<Event>>, CommitError> {
        let Commit { stream, events, reading, context } = commit;
        let Some(ring) = self.inner.keys.ring().filter(|_| self.inner.writable) else {
            return Err(CommitError::ReadOnly);
        };
        let tail = match reading.seen_of(stream) {
            Some(Until::Seen(tail)) => tail,
            Some(Until::Now) | None => self.tail(stream).await?,
        };
        let guards: Vec<ReliedOn> =
            reading.relied_on().into_iter().filter(|relied| relied.stream != stream).collect();
        let prepared = prepare(stream, events, tail, &guards, &context, ring)?;
        let expected = tail.map(|tail| tail.revision);
        let append = Append { stream, expected, guards, events: prepared.events };
        let appended = self.append(&Arc::new(append)).await?;
        let mut recorded = prepared.recorded;
        for (recorded, position) in recorded.iter_mut().zip(appended.first_position..) {
            recorded.stamp.position = position;
        }
        if let Some(tail) = prepared.tail {
            self.inner.folds.wrote(stream, &recorded, tail);
        }
        Ok(recorded)
    }

    async fn append(&self, append: &Arc<Append>) -> Result<Appended, AppendError> {
        let mut unknown = match self.inner.backend.append_kept(append).await {
            Err(AppendError::Unknown(cause)) => cause,
            settled => return settled,
        };
        for _ in 0..SENT_AGAIN {
            if self.inner.backend.answers_again() {
                match self.inner.backend.append_kept(append).await {
                    Err(AppendError::Unknown(cause)) => unknown = cause,
                    settled => return settled,
                }
                continue;
            }
            match self.look_up(append).await {
                Ok(Some(appended)) => return Ok(appended),
                Ok(None) => {}
                Err(_) => return Err(AppendError::Unknown(unknown)),
            }
            // The expected revision is exact, so the same bytes cannot be written twice.
            match self.inner.backend.append_kept(append).await {
                Err(AppendError::Unknown(cause)) => unknown = cause,
                // The first one may have arrived just before this one.
                Err(AppendError::Conflict { stream, expected, actual }) => {
                    return match self.look_up(append).await {
                        Ok(Some(appended)) => Ok(appended),
                        Ok(None) => Err(AppendError::Conflict { stream, expected, actual }),
                        Err(_) => Err(AppendError::Unknown(unknown)),
                    };
                }
                settled => return settled,
            }
        }
        Err(AppendError::Unknown(unknown))
    }

    /// Where the events of an append stand, if they stand where they were to be written.
    async fn look_up(&self, append: &Append) -> Result<Option<Appended>, ReadError> {
        let first = append.expected.map_or(0, |revision| revision.saturating_add(1));
        let stored = self.inner.backend.read_stream(append.stream, first, None).await?;
        let ours = stored.len() >= append.events.len()
            && stored.iter().zip(&append.events).all(|(is, ours)| is.entry == ours.entry);
        let (Some(first), Some(last)) =
            (stored.first(), stored.get(append.events.len().saturating_sub(1)))
        else {
            return Ok(None);
        };
        Ok(ours.then_some(Appended {
            first_position: first.position,
            first_revision: first.revision,
            last_position: last.position,
        }))
    }

    /// The last event of a stream that was not read for the decision.
    async fn tail(&self, stream: Stream) -> Result<Option<Tail>, ReadError> {
        let Some(head) = self.inner.backend.head(stream).await? else { return Ok(None) };
        if let Some(tail) = self.inner.folds.tail(stream, head.revision) {
            return Ok(Some(tail));
        }
        let (revision, last) = (head.revision, Some(head.revision));
        let stored = self.inner.backend.read_stream(stream, revision, last).await?;
        let Some(stored) = stored.first() else {
            return Err(ReadError::Corrupt {
                position: head.position,
                finding: format!("the last event of {stream} is missing"),
            });
        };
        let (header, _) = super::decode::header(stored.lent())?;
        let tail = Tail { revision, leaf: leaf(&stored.entry), at: header.at };
        self.inner.folds.ends(stream, tail);
        Ok(Some(tail))
    }
}

fn prepare(
    stream: Stream,
    events: Vec<Event>,
    tail: Option<Tail>,
    guards: &[ReliedOn],
    context: &Context,
    ring: &Arc<Keyring>,
) -> Result<Prepared, CommitError> {
    let number = events.len();
    let (events_made, recorded) = (Vec::with_capacity(number), Vec::with_capacity(number));
    let mut prepared = Prepared { events: events_made, recorded, tail: None };
    let at = tail.map_or(context.at, |tail| context.at.max(tail.at));
    let mut previous = tail.map(|tail| tail.leaf);
    let first = tail.map_or(0, |tail| tail.revision.saturating_add(1));
    for ((event, number), revision) in events.into_iter().zip(0_u32..).zip(first..) {
        let encoded = codec::encode(&event)?;
        if codec::category(encoded.name()) != stream.category() {
            return Err(CommitError::WrongStream { stream, event: encoded.name().to_owned() });
        }
        let mut header = Header {
            name: encoded.name(),
            id: event_id(context.command, number),
            at,
            stream,
            revision,
            previous,
            by: context.by,
            policy: context.policy,
            relied_on: guards.to_vec(),
            correlation: context.correlation,
            causation: context.causation,
            request: context.request_digest,
            sections: Vec::new(),
        };
        let mut sealed = None;
        if let Some(personal) = &encoded.personal {
            let key_id = stream.subject().ok_or(CommitError::AboutNobody(stream))?;
            let subject = ring.key(key_id)?.ok_or_else(|| no_key(ring, key_id))?;
            let (event, role) = (header.id, Role::Subject);
            let place = Place { origin: ring.origin(), event, role, key_id };
            let (section, bytes) = place.seal(&place.key(&subject)?, personal)?;
            header.sections.push(section);
            sealed = Some(bytes);
        }
        let entry = header.write(encoded.data.as_bytes())?;
        let leaf = leaf(&entry);
        previous = Some(leaf);
        prepared.tail = Some(Tail { revision, leaf, at });
        prepared.events.push(NewEvent { id: header.id, entry, sealed });
        let stamp = header.stamp(0);
        prepared.recorded.push(Recorded { stamp, event });
    }
    Ok(prepared)
}

/// Why there is no key.
fn no_key(ring: &Keyring, subject: Uuid) -> CommitError {
    use crate::keyring::State;
    match ring.state(subject) {
        Ok(Some(State::Tombstoned)) => CommitError::Erased(subject),
        Ok(Some(State::Live | State::Held) | None) => CommitError::NoKey(subject),
        Err(error) => CommitError::Keyring(error),
    }
}
