//! The log on a KurrentDB cluster: the same promises on more than one machine.
//!
//! Our streams are the server's streams whose names begin with `cp-`; an event's data is its entry,
//! byte for byte, and its custom metadata is its sealed section. The log's order is the order of
//! these streams in `$all`; a local index gives each event its position without gap, and holds the
//! server to what it once said. The decisions are in `docs/adr/0008-kurrentdb.md`, what an operator
//! has to know in `docs/operations.md`.
//!
//! Reads are pages, never subscriptions. Everything runs on threads of its own: whatever the client
//! does, a server that waits for it goes on.

mod appending;
pub mod checks;
mod connection;
mod following;
mod genesis;
mod guards;
mod in_order;
mod index;
pub mod key_stream;
pub mod log;
mod nodelay;
mod reading;
pub mod refusal;
mod scattered;
mod signing;
mod wire;

use std::{
    future::Future,
    path::PathBuf,
    sync::{Arc, OnceLock, RwLock},
    time::Duration,
};

use domain::stream::Stream;
use eventstore_client::ClientSettings;
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Mutex, watch},
};

pub use self::{
    checks::{Expected, Operator, Refusal},
    index::IndexError,
};
use self::{
    connection::Supervisor,
    index::Index,
    refusal::OpenError,
    wire::{Names, PREFIX},
};
use crate::{
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Signing, Stored},
};

/// How the log on a cluster is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the cluster is: `kurrentdb://user:password@host:2113?tls=true&tlsCaFile=ca.pem`. Several
    /// hosts, or `kurrentdb+discover://`, find the leader by gossip.
    pub connection: String,
    /// What the names of its streams begin with: `cp-`. Others are for tests that share a server.
    pub prefix: String,
    /// The name of the log: given to a new one for good, and compared with that of an existing one.
    pub origin: String,
    /// The folder of the local index, which no other process may use; none to build one in memory.
    pub index: Option<PathBuf>,
    /// Whether a log that is not there may be begun.
    pub begin: bool,
    /// After how long a call without an answer is given up. Longer than the server waits for its own
    /// disks, which is 2 s and 2 s.
    pub deadline: Duration,
    /// For how long a call is tried again before it is answered that it failed.
    pub patience: Duration,
    /// How often it is asked what others have written.
    pub poll: Duration,
    /// What the cluster is checked for when it is opened, and every day; none to check nothing but
    /// that it is the same installation: for who only reads.
    pub expected: Option<Expected>,
}

impl Settings {
    /// What suits a server.
    pub fn new(connection: impl Into<String>, origin: impl Into<String>) -> Self {
        Self {
            connection: connection.into(),
            prefix: PREFIX.to_owned(),
            origin: origin.into(),
            index: None,
            begin: true,
            deadline: Duration::from_secs(10),
            patience: Duration::from_secs(20),
            poll: Duration::from_millis(100),
            expected: Some(Expected::default()),
        }
    }
}

/// The log on a cluster.
pub struct Kurrent {
    inner: Arc<Inner>,
    threads: Option<Runtime>,
}

/// What the calls share.
struct Inner {
    server: Supervisor,
    names: Names,
    index: Index,
    length: watch::Sender<u64>,
    /// One at a time reads on; the others find what it has read.
    turn: Mutex<()>,
    patience: Duration,
    /// As which nobody in particular asks.
    anonymous: ClientSettings,
    /// Why nothing is written any more, if a daily check failed.
    refused: RwLock<Option<String>>,
    /// Why nothing is written by this process any more, if the log was found damaged.
    damaged: OnceLock<String>,
}

/// A thread of the log ended before it answered.
#[derive(Debug, thiserror::Error)]
#[error("what was asked of the cluster ended before it was answered")]
struct NoAnswer(#[source] tokio::task::JoinError);

impl Kurrent {
    /// Opens the log, or begins it; reads on to its end. Nothing is served before that.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(settings: &Settings) -> Result<Self, OpenError> {
        let client = client_settings(&settings.connection)?;
        let anonymous = client_settings(&without_login(&settings.connection))?;
        let index = Index::open(settings.index.as_deref())?;
        let inner = Arc::new(Inner {
            server: Supervisor::new(client, settings.deadline),
            names: Names::with(&settings.prefix),
            index,
            length: watch::Sender::new(0),
            turn: Mutex::default(),
            patience: settings.patience,
            anonymous,
            refused: RwLock::default(),
            damaged: OnceLock::new(),
        });
        let threads = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("kurrentdb")
            .enable_all()
            .build()
            .map_err(OpenError::Threads)?;
        // From here on the threads end with it.
        let log = Self { inner, threads: Some(threads) };
        let Settings { origin, begin, expected, .. } = settings.clone();
        log.ask(|inner| async move {
            genesis::check(&inner, &origin, begin).await?;
            Arc::clone(&inner).begin_to_follow().await?;
            match expected {
                Some(expected) => inner.check(&expected).await.map_err(OpenError::from),
                None => Ok(()),
            }
        })
        .await
        .unwrap_or_else(|ended| Err(OpenError::Read(unavailable(ended))))?;
        if let Some(threads) = &log.threads {
            threads.spawn(following::keep_following(Arc::downgrade(&log.inner), settings.poll));
            let expected = settings.expected.clone();
            threads.spawn(following::keep_checking(Arc::downgrade(&log.inner), expected));
        }
        Ok(log)
    }

    /// Makes the daily checks now. If one fails, nothing is written until they hold again.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub async fn check(&self, expected: &Expected) -> Result<(), Refusal> {
        let expected = expected.clone();
        let checked = self.ask(|inner| async move { inner.check_and_note(&expected).await }).await;
        checked.unwrap_or_else(|ended| Err(Refusal::Read(unavailable(ended))))
    }

    /// Asks on the log's own threads, from whatever thread.
    async fn ask<T, F>(&self, call: impl FnOnce(Arc<Inner>) -> F) -> Result<T, NoAnswer>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let call = call(Arc::clone(&self.inner));
        match &self.threads {
            Some(threads) => threads.spawn(call).await.map_err(NoAnswer),
            None => Ok(call.await),
        }
    }
}

/// The settings of the client. It pauses before it looks for a node: for half a second, unless told
/// otherwise, and a fail-over waits for that.
fn client_settings(connection: &str) -> Result<ClientSettings, OpenError> {
    let lower = connection.to_ascii_lowercase();
    let mut connection = connection.to_owned();
    if !lower.contains("discoveryinterval=") {
        connection.push(if connection.contains('?') { '&' } else { '?' });
        connection.push_str("discoveryInterval=50");
    }
    // The text may hold a password: it is not repeated.
    connection.parse().map_err(|_| OpenError::Connection)
}

/// The address without who asks.
fn without_login(connection: &str) -> String {
    match (connection.find("://"), connection.rfind('@')) {
        (Some(scheme), Some(at)) => {
            let (scheme, _) = connection.split_at(scheme.saturating_add(3));
            let (_, hosts) = connection.split_at(at.saturating_add(1));
            format!("{scheme}{hosts}")
        }
        _ => connection.to_owned(),
    }
}

fn unavailable(ended: NoAnswer) -> ReadError {
    let doing = "asking the cluster".to_owned();
    ReadError::Unavailable { doing, cause: Box::new(ended) }
}

impl Drop for Kurrent {
    fn drop(&mut self) {
        // What is still under way meets a closed index, and ends.
        self.inner.index.close();
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Kurrent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kurrent")
            .field("length", &*self.inner.length.borrow())
            .finish_non_exhaustive()
    }
}

impl Backend for Kurrent {
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        Box::pin(async {
            let answer = self.ask(|inner| async move { inner.append(append).await }).await;
            answer.unwrap_or_else(|ended| Err(AppendError::Unknown(Box::new(ended))))
        })
    }

    fn append_in_order(
        &self,
        appends: Vec<Append>,
    ) -> Answer<'_, Result<u64, (usize, AppendError)>> {
        Box::pin(async {
            let call = |inner: Arc<Inner>| async move { inner.append_in_order(appends).await };
            let answer = self.ask(call).await;
            answer.unwrap_or_else(|ended| Err((0, AppendError::Unknown(Box::new(ended)))))
        })
    }

    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        Box::pin(async move {
            let call = |inner: Arc<Inner>| async move {
                inner.head(stream).await.inspect_err(|error| inner.note(error))
            };
            let answer = self.ask(call).await;
            answer.unwrap_or_else(|ended| Err(unavailable(ended)))
        })
    }

    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let call = |inner: Arc<Inner>| async move {
                inner.stream(stream, first, last).await.inspect_err(|error| inner.note(error))
            };
            self.ask(call).await.unwrap_or_else(|ended| Err(unavailable(ended)))
        })
    }

    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let call = |inner: Arc<Inner>| async move {
                inner.all(from, limit).await.inspect_err(|error| inner.note(error))
            };
            let answer = self.ask(call).await;
            answer.unwrap_or_else(|ended| Err(unavailable(ended)))
        })
    }

    fn read_at<'a>(
        &'a self,
        positions: &'a [u64],
    ) -> Answer<'a, Result<Vec<Option<Stored>>, ReadError>> {
        let positions = positions.to_vec();
        Box::pin(async move {
            let call = |inner: Arc<Inner>| async move {
                scattered::at(&inner, &positions).await.inspect_err(|error| inner.note(error))
            };
            self.ask(call).await.unwrap_or_else(|ended| Err(unavailable(ended)))
        })
    }

    /// The server cannot take anything away from an event: what erases a person here is the
    /// destruction of their key, and nothing else.
    fn erase_sealed(&self, _stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        Box::pin(async { Ok(0) })
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner.length.subscribe()
    }

    fn answers_again(&self) -> bool {
        true
    }

    fn signing(&self) -> Option<&dyn Signing> {
        Some(self)
    }
}
