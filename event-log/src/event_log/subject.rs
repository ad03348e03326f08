//! Making a subject known: its key first, durable, then the event that says so.

use std::{future::poll_fn, pin::Pin, sync::Arc, task::Poll};

use domain::{
    event::Event, fold::Fold, key::Event as KeyEvent, recorded::Recorded, stream::Stream,
};
use uuid::Uuid;

use super::{Commit, CommitError, Context, EventLog};
use crate::{
    backend::ReadError,
    keyring::{Keyring, KeyringError, Made, State},
};

/// How many are announced side by side, so that they share a commit.
const AT_ONCE: usize = 256;

/// Why a subject could not be made known.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// It was erased, and never gets a key again.
    #[error("subject {0} has been erased and never gets a key again")]
    Erased(Uuid),
    /// The log says that it had a key, and the ring does not have that key: the ring is not the one
    /// that belongs to this log, or has been damaged.
    #[error("the log names a key of subject {0} that the ring does not have")]
    KeyLost(Uuid),
    /// The keys cannot be used.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The event could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// What a stream of a key says: the commitment of the key that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Announced(Option<String>);

impl Fold for Announced {
    type Event = KeyEvent;
    fn evolve(&mut self, recorded: &Recorded<KeyEvent>) {
        let KeyEvent::SubjectKeyCreated { commitment, epoch: _ } = &recorded.event;
        self.0 = Some(commitment.clone());
    }
}

impl EventLog {
    /// Makes a subject known: a key is made for it, and the log says so in `key-{subject}`. Only
    /// then can anything personal about it be recorded. Doing it again changes nothing, and
    /// finishes what a crash cut short.
    ///
    /// # Errors
    /// [`SubjectError::Erased`] for a subject that was erased, for ever.
    pub async fn create_subject(
        &self,
        subject: Uuid,
        context: Context,
    ) -> Result<(), SubjectError> {
        self.create_subjects(&[subject], |_| context).await
    }

    /// Makes many subjects known; their keys become durable together. Each has its own context,
    /// whose command no other command may share.
    ///
    /// # Errors
    /// As [`EventLog::create_subject`]. Those before the one that failed may have been made known.
    pub async fn create_subjects(
        &self,
        subjects: &[Uuid],
        context: impl Fn(Uuid) -> Context,
    ) -> Result<(), SubjectError> {
        let Some(ring) = self.keyring() else {
            return Err(CommitError::ReadOnly.into());
        };
        let mut new = Vec::with_capacity(subjects.len());
        for &subject in subjects {
            let announced = self.announced(subject).await?;
            // The key first: another server may have made it, or destroyed it, since this one looked. Whoever has
            // a key has not been erased, so that the ring need not be asked for that as well.
            match (announced.0.as_ref(), ring.key(subject)?) {
                (Some(announced), Some(key)) if *announced == hex::encode(key.commitment()) => {}
                _ if ring.state(subject)? == Some(State::Tombstoned) => {
                    return Err(SubjectError::Erased(subject));
                }
                (None, _) => new.push(subject),
                (Some(_), _) => return Err(SubjectError::KeyLost(subject)),
            }
        }
        let made = made_durable(Arc::clone(ring), new.clone()).await.map_err(erased)?;
        let made: Vec<_> = new.into_iter().zip(made).collect();
        for some in made.chunks(AT_ONCE) {
            // Side by side, or each would wait for a sync of its own.
            let announce = |(subject, made): &(Uuid, Made)| {
                Box::pin(self.announce(*subject, *made, context(*subject)))
            };
            all(some.iter().map(announce).collect()).await?;
        }
        Ok(())
    }

    async fn announce(
        &self,
        subject: Uuid,
        made: Made,
        context: Context,
    ) -> Result<(), SubjectError> {
        let stream = Stream::Key(subject);
        let commitment = hex::encode(made.commitment);
        loop {
            let reading = self.reading();
            match reading.fold::<Announced>(stream).await?.0.as_ref() {
                Some(announced) if *announced == commitment => return Ok(()),
                Some(_) => return Err(SubjectError::KeyLost(subject)),
                None => {}
            }
            let created =
                KeyEvent::SubjectKeyCreated { commitment: commitment.clone(), epoch: made.epoch };
            let events = vec![Event::Key(created)];
            match self.commit(Commit { stream, events, reading, context }).await {
                Ok(_) => return Ok(()),
                // Somebody else makes the same subject known: theirs is the same key.
                Err(error) if error.is_outdated() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn announced(&self, subject: Uuid) -> Result<Arc<Announced>, ReadError> {
        self.fold_at(Stream::Key(subject), super::AsOf::Now).await
    }
}

/// Makes keys where waiting for the disk holds nobody up.
/// Waits for all of them, or for the first that fails. They are begun in their order, so what they append
/// is in that order too where a store takes appends as they come.
async fn all<F>(mut waiting: Vec<Pin<Box<F>>>) -> Result<(), SubjectError>
where
    F: Future<Output = Result<(), SubjectError>>,
{
    poll_fn(|context| {
        let mut failed = Ok(());
        waiting.retain_mut(|one| match one.as_mut().poll(context) {
            Poll::Pending => true,
            Poll::Ready(Ok(())) => false,
            Poll::Ready(Err(error)) => {
                failed = Err(error);
                false
            }
        });
        match failed {
            Ok(()) if !waiting.is_empty() => Poll::Pending,
            ended => Poll::Ready(ended),
        }
    })
    .await
}

async fn made_durable(ring: Arc<Keyring>, new: Vec<Uuid>) -> Result<Vec<Made>, KeyringError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    tokio::task::spawn_blocking(move || ring.create(&new)).await.unwrap_or_else(|ended| {
        Err(KeyringError::Unavailable { doing: "making keys", cause: ended.into() })
    })
}

fn erased(error: KeyringError) -> SubjectError {
    match error {
        KeyringError::Tombstoned(subject) => SubjectError::Erased(subject),
        KeyringError::NoKey(_)
        | KeyringError::Held(_)
        | KeyringError::OtherLog { .. }
        | KeyringError::Unavailable { .. }
        | KeyringError::Damaged(_)
        | KeyringError::InUse(_)
        | KeyringError::NotThere(_)
        | KeyringError::AlreadyThere(_)
        | KeyringError::Refused(_)
        | KeyringError::Awaiting(_) => SubjectError::Keyring(error),
    }
}
