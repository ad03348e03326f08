//! The stream of keys on a cluster: beside the log, and no part of it.

use std::{
    future::Future,
    sync::{Arc, mpsc},
    time::Duration,
};

use eventstore_client::{Error, EventData, StreamState};
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};

use super::{
    Settings, client_settings,
    connection::{Ask, Supervisor},
    refusal::OpenError,
    wire::Names,
};
use crate::keyring::replicated::stream::{KeyStream, KeyStreamError, NewChange};

/// The stream of keys on a cluster. It has a thread and a client of its own, so whoever waits for it
/// holds nothing up that the log does.
pub struct KurrentKeyStream {
    shared: Arc<Shared>,
    threads: Option<Runtime>,
}

struct Shared {
    server: Supervisor,
    name: String,
    patience: Duration,
}

/// The thread of the stream ended before it answered.
#[derive(Debug, thiserror::Error)]
#[error("what was asked of the stream of keys ended before it was answered")]
struct NoAnswer;

impl KurrentKeyStream {
    /// The stream of the log at this address. Nothing is asked of the server yet.
    ///
    /// # Errors
    /// When the address cannot be understood, or no thread can be started.
    pub fn at(settings: &Settings) -> Result<Self, OpenError> {
        let client = client_settings(&settings.connection)?;
        let threads = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("kurrentdb-keys")
            .enable_all()
            .build()
            .map_err(OpenError::Threads)?;
        let shared = Arc::new(Shared {
            server: Supervisor::new(client, settings.deadline),
            name: Names::with(&settings.prefix).keys(),
            patience: settings.patience,
        });
        Ok(Self { shared, threads: Some(threads) })
    }

    /// Waits for what is asked on the stream's own thread, from whatever thread.
    fn ask<T, F>(&self, call: impl FnOnce(Arc<Shared>) -> F) -> Result<T, KeyStreamError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, KeyStreamError>> + Send + 'static,
    {
        let unanswered = || KeyStreamError::Unavailable(Box::new(NoAnswer));
        let threads = self.threads.as_ref().ok_or_else(unanswered)?;
        let (answer, answered) = mpsc::sync_channel(1);
        let call = call(Arc::clone(&self.shared));
        let asked = threads.spawn(async move {
            // Whoever asked may have gone.
            answer.send(call.await).ok();
        });
        drop(asked);
        answered.recv().unwrap_or_else(|_| Err(unanswered()))
    }
}

impl KeyStream for KurrentKeyStream {
    fn append(&self, revision: u64, change: &NewChange) -> Result<bool, KeyStreamError> {
        let state = match revision.checked_sub(1) {
            None => StreamState::NoStream,
            Some(before) => StreamState::StreamRevision(before),
        };
        let damaged = || KeyStreamError::Damaged {
            revision,
            finding: "what was to be appended is no JSON object".to_owned(),
        };
        // Not serialised anew: the next event names these bytes by their hash.
        let raw: Box<RawValue> = serde_json::from_slice(&change.bytes).map_err(|_| damaged())?;
        let event = EventData::json(change.kind, &raw).map_err(|_| damaged())?.id(change.id);
        self.ask(|shared| async move {
            let sent = shared.server.append(&shared.name, state, event, shared.patience).await;
            sent.map_err(|error| failed(revision, error))
        })
    }

    fn read(&self, from: u64, count: usize) -> Result<Vec<Vec<u8>>, KeyStreamError> {
        self.ask(move |shared| async move {
            let ask = Ask::From { name: shared.name.clone(), revision: from, count };
            let read = shared.server.read(&ask, shared.patience).await;
            let read = read.map_err(|error| failed(from, error))?;
            let mut events = Vec::with_capacity(read.len());
            for (revision, event) in (from..).zip(&read) {
                let event = event.get_original_event();
                if event.revision != revision {
                    let finding = "it is missing: was it scavenged, or does metadata hide it?";
                    return Err(KeyStreamError::Damaged { revision, finding: finding.to_owned() });
                }
                events.push(event.data.to_vec());
            }
            Ok(events)
        })
    }
}

fn failed(revision: u64, error: Error) -> KeyStreamError {
    if matches!(error, Error::ResourceDeleted) {
        let finding = "the stream was tombstoned on the server".to_owned();
        return KeyStreamError::Damaged { revision, finding };
    }
    KeyStreamError::Unavailable(Box::new(error))
}

impl Drop for KurrentKeyStream {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}
