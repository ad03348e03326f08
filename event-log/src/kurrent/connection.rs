//! The client, and a new one whenever the old one may be of no use.
//!
//! The client never finds out by itself that its first connection failed for good or that another
//! node leads: so whatever goes wrong on the way, the next call is made with a new client.

use std::time::Duration;

use eventstore_client::{
    AppendToStreamOptions, Client, ClientSettings, Error, EventData, Position, ReadAllOptions,
    ReadStreamOptions, ResolvedEvent, StreamPosition, StreamState, SubscriptionFilter,
};
use tokio::{sync::Mutex, time::Instant};

use super::{nodelay, wire::At};

/// The first pause after a failed call; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// ABORTED: the server gave up waiting for its own disks.
const ABORTED: i32 = 10;

/// CANCELLED: the call was cut off.
const CANCELLED: i32 = 1;

/// What is asked of the server.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    /// A stream from a revision on.
    From { name: String, revision: u64, count: usize },
    /// The last event of a stream.
    Last { name: String },
    /// Our streams in `$all`, from a place on with what stands there; with their metadata, or without.
    All { prefix: String, from: Option<At>, count: usize, metadata: bool },
}

/// The client in use.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) client: Client,
    generation: u64,
}

/// Makes clients, and holds the one in use.
pub(super) struct Supervisor {
    settings: ClientSettings,
    deadline: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    client: Option<Client>,
    generation: u64,
}

/// For how long a call is tried again, with pauses that grow.
pub(super) struct Patience {
    began: Instant,
    lasts: Duration,
    pause: Duration,
}

impl Patience {
    pub(super) fn of(lasts: Duration) -> Self {
        Self { began: Instant::now(), lasts, pause: FIRST_PAUSE }
    }

    /// Waits before the next attempt; or says that there is to be none.
    pub(super) async fn wait(&mut self) -> bool {
        if self.began.elapsed() >= self.lasts {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
        true
    }
}

/// Whether a new client might do better, and what was asked may or may not have been done.
pub(super) fn is_passing(error: &Error) -> bool {
    match error {
        Error::ServerError(_)
        | Error::NotLeaderException(_)
        | Error::ConnectionClosed
        | Error::GrpcConnectionError(_)
        | Error::DeadlineExceeded
        | Error::InternalClientError => true,
        Error::Grpc { code, .. } => matches!(i32::from(*code), ABORTED | CANCELLED),
        Error::InternalParsingError(_)
        | Error::AccessDenied
        | Error::ResourceAlreadyExists
        | Error::ResourceNotFound
        | Error::ResourceDeleted
        | Error::UnsupportedFeature
        | Error::InitializationError(_)
        | Error::IllegalStateError(_)
        | Error::WrongExpectedVersion { .. } => false,
    }
}

impl Supervisor {
    pub(super) fn new(settings: ClientSettings, deadline: Duration) -> Self {
        Self { settings, deadline, state: Mutex::default() }
    }

    pub(super) const fn deadline(&self) -> Duration {
        self.deadline
    }

    pub(super) const fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// A client that has reached a node. Nothing of what is to be asked has been sent yet.
    pub(super) async fn client(&self) -> Result<Held, Error> {
        let mut state = self.state.lock().await;
        if let Some(client) = &state.client {
            return Ok(Held { client: client.clone(), generation: state.generation });
        }
        let client = Client::new(self.settings.clone())
            .map_err(|cause| Error::InitializationError(cause.to_string()))?;
        let reached = tokio::time::timeout(self.deadline, client.server_info()).await;
        reached.unwrap_or(Err(Error::DeadlineExceeded))?;
        nodelay::on_connections_to(&self.settings);
        state.generation = state.generation.wrapping_add(1);
        state.client = Some(client.clone());
        Ok(Held { client, generation: state.generation })
    }

    /// Gives a client up, unless somebody has replaced it already.
    pub(super) async fn give_up(&self, held: &Held) {
        let mut state = self.state.lock().await;
        if state.generation == held.generation {
            state.client = None;
        }
    }

    /// What the server answers, however often it has to be asked.
    pub(super) async fn read(
        &self,
        ask: &Ask,
        patience: Duration,
    ) -> Result<Vec<ResolvedEvent>, Error> {
        let mut patience = Patience::of(patience);
        loop {
            let error = match self.client().await {
                Ok(held) => match self.once(&held.client, ask).await {
                    Ok(events) => return Ok(events),
                    Err(error) if is_passing(&error) => {
                        self.give_up(&held).await;
                        error
                    }
                    Err(error) => return Err(error),
                },
                Err(error) => error,
            };
            if !patience.wait().await {
                return Err(error);
            }
        }
    }

    /// Writes one event of a stream beside the log, however often it has to be sent. Answers false if
    /// the stream was not at that revision: because somebody else was faster, or an earlier call of
    /// this one.
    pub(super) async fn append(
        &self,
        stream: &str,
        expected: StreamState,
        event: EventData,
        patience: Duration,
    ) -> Result<bool, Error> {
        let options =
            AppendToStreamOptions::default().stream_state(expected).deadline(self.deadline);
        let mut patience = Patience::of(patience);
        loop {
            let error = match self.client().await {
                Ok(held) => {
                    let call = held.client.append_to_stream(stream, &options, event.clone());
                    let answer = tokio::time::timeout(self.deadline.saturating_mul(2), call).await;
                    match answer.unwrap_or(Err(Error::DeadlineExceeded)) {
                        Ok(_) => return Ok(true),
                        Err(Error::WrongExpectedVersion { .. }) => return Ok(false),
                        Err(error) if is_passing(&error) => {
                            self.give_up(&held).await;
                            error
                        }
                        Err(error) => return Err(error),
                    }
                }
                Err(error) => error,
            };
            if !patience.wait().await {
                return Err(error);
            }
        }
    }

    async fn once(&self, client: &Client, ask: &Ask) -> Result<Vec<ResolvedEvent>, Error> {
        let page = page(client, ask, self.deadline);
        // The deadline of a call is the server's to keep; this is ours.
        tokio::time::timeout(self.deadline, page).await.unwrap_or(Err(Error::DeadlineExceeded))
    }
}

async fn page(client: &Client, ask: &Ask, deadline: Duration) -> Result<Vec<ResolvedEvent>, Error> {
    let stream = ReadStreamOptions::default().deadline(deadline);
    let opened = match ask {
        Ask::From { name, revision, count } => {
            let from = stream.position(StreamPosition::Position(*revision)).max_count(*count);
            client.read_stream(name.as_str(), &from).await
        }
        Ask::Last { name } => {
            let last = stream.position(StreamPosition::End).max_count(1);
            client.read_stream(name.as_str(), &last).await
        }
        Ask::All { prefix, from, count, metadata } => {
            let from = from.map_or(StreamPosition::Start, |At { commit, prepare }| {
                StreamPosition::Position(Position { commit, prepare })
            });
            let filter = SubscriptionFilter::on_stream_name().add_prefix(prefix);
            let filter = if *metadata { filter.add_prefix(format!("$${prefix}")) } else { filter };
            let all = ReadAllOptions::default().deadline(deadline).filter(filter);
            client.read_all(&all.position(from).max_count(*count)).await
        }
    };
    let mut events = Vec::new();
    let mut rows = match opened {
        Ok(rows) => rows,
        Err(Error::ResourceNotFound) => return Ok(events),
        Err(error) => return Err(error),
    };
    loop {
        match rows.next().await {
            Ok(Some(event)) => events.push(event),
            Ok(None) | Err(Error::ResourceNotFound) => return Ok(events),
            Err(error) => return Err(error),
        }
    }
}
