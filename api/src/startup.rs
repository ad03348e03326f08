//! Wiring, and nothing else: opens the log, puts the parts together, listens, stops.

use std::{io::Write, net::SocketAddr, path::PathBuf};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::{Server, ServerHandle},
    middleware::from_fn,
    web::{self, Data},
};
use utoipa_actix_web::AppExt;

use crate::{
    by_the_clock, commands,
    configuration::Configuration,
    directory::{Directory, OpenError},
    documentation::{self, Description},
    identity::{self, IssuerError, KeysError, TrustedKeys},
    logging,
    problem::Problem,
    publication::{self, Publication, PublicationError},
    queries, response_headers, routes,
    tlog::{EntryFetching, contradiction},
};

/// For how many seconds a stopping server waits for what it has begun.
const DRAIN_SECONDS: u64 = 20;

/// Why the server cannot start, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("could not make the data folder {path}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// Nobody could ever sign in.
    #[error("no token would be accepted: give --jwks FILE, or --development-issuer to try it out")]
    NobodyTrusted,
    /// The keys of an issuer cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The development issuer cannot be set up.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The directory cannot be opened.
    #[error(transparent)]
    Directory(#[from] OpenError),
    /// The log cannot be published, or must not be.
    #[error("could not publish the log")]
    Publication(#[from] PublicationError),
    /// While it ran, the log was found to contradict itself or what was signed.
    #[error("the log contradicts itself: {0}")]
    Contradicted(String),
    /// The address cannot be listened on.
    #[error("could not listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The signals that tell it to stop cannot be received.
    #[error("could not wait for signals")]
    Signals(#[source] std::io::Error),
    /// The server failed while it ran.
    #[error("the server failed")]
    Server(#[source] std::io::Error),
}

impl StartError {
    /// Whether the log contradicts itself or what was signed.
    pub const fn is_contradiction(&self) -> bool {
        match self {
            Self::Contradicted(_) => true,
            Self::Publication(error) => error.is_contradiction(),
            Self::Directory(OpenError::Cluster(error)) => error.is_contradiction(),
            Self::Folder { .. }
            | Self::NobodyTrusted
            | Self::Keys(_)
            | Self::Issuer(_)
            | Self::Directory(_)
            | Self::Listen { .. }
            | Self::Signals(_)
            | Self::Server(_) => false,
        }
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// The address it listens on.
    pub address: SocketAddr,
    handle: ServerHandle,
    directory: Data<Directory>,
}

impl Running {
    /// Takes no new connection, answers what has begun, and ends.
    pub async fn stop(self) {
        self.directory.begin_closing();
        self.handle.stop(true).await;
    }

    /// A handle with which it can be stopped from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }
}

/// Trusts the keys that the configuration names.
///
/// # Errors
/// When they cannot be used, or there are none.
pub fn trusted_keys(configuration: &Configuration) -> Result<TrustedKeys, StartError> {
    let mut keys = TrustedKeys::none(configuration.audience.clone());
    for file in &configuration.jwks {
        keys.trust_file(file)?;
    }
    if configuration.development_issuer {
        identity::open_or_create(&configuration.data)?;
        keys.trust(&identity::published_keys(&configuration.data)?);
        tracing::warn!(
            "The development issuer is trusted: whoever reads the data folder can be anybody"
        );
    } else if configuration.jwks.is_empty() {
        return Err(StartError::NobodyTrusted);
    }
    Ok(keys)
}

/// Listens, and answers with the given directory, whose read models are followed from now on. The
/// server future must be polled (spawned).
///
/// # Errors
/// When the address cannot be listened on.
pub fn listen(
    directory: Data<Directory>,
    keys: TrustedKeys,
    address: SocketAddr,
) -> Result<(Running, Server), StartError> {
    directory.read_models().follow();
    let resumed = directory.clone();
    tokio::spawn(async move { resumed.keep_erasing().await });
    let watched = directory.clone();
    tokio::spawn(async move { watched.report_trouble_with_keys().await });
    let kept = directory.clone();
    let keys = Data::new(keys);
    let description = Data::new(Description::of_all_routes());
    let fetching = Data::new(EntryFetching::default());
    let server = HttpServer::new(move || {
        App::new()
            .wrap(response_headers::on_every_answer())
            .wrap(from_fn(contradiction::refuse_all_work))
            .wrap(from_fn(logging::request_line))
            .app_data(directory.clone())
            .app_data(fetching.clone())
            .app_data(keys.clone())
            .app_data(description.clone())
            .into_utoipa_app()
            .configure(routes::configure)
            .map(|app| {
                app.configure(documentation::configure)
                    .configure(commands::by_method)
                    .configure(queries::twins)
            })
            .default_service(web::to(nothing_here))
            .into_app()
    })
    .disable_signals()
    .shutdown_timeout(DRAIN_SECONDS)
    .bind(address)
    .map_err(|cause| StartError::Listen { address, cause })?;
    let address = server.addrs().first().copied().unwrap_or(address);
    let server = server.run();
    Ok((Running { address, handle: server.handle(), directory: kept }, server))
}

async fn nothing_here() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found())
}

/// Serves until the process is told to stop. Says at which address, once it listens.
///
/// # Errors
/// When it cannot start, or ends badly.
pub fn serve_until_told_to_stop(
    configuration: &Configuration,
    announce: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    actix_web::rt::System::new().block_on(async {
        std::fs::create_dir_all(&configuration.data)
            .map_err(|cause| StartError::Folder { path: configuration.data.clone(), cause })?;
        let keys = trusted_keys(configuration)?;
        let (data, options) = (&configuration.data, configuration.log_options());
        let (clock, keeping) = (configuration.clock, &configuration.read_models);
        let cluster = &configuration.cluster;
        let directory = Directory::open_where(cluster, data, &options, clock, keeping).await?;
        let (clock, log) = (directory.clock().clone(), directory.log());
        let (origin, signed_by) = (configuration.origin.as_str(), &configuration.signed_by);
        let published = publication::open(data, log, (origin, signed_by), &clock).await?;
        let directory = Data::new(match &published {
            Some(published) => directory.publishing(published.clone()),
            None => directory,
        });
        let (running, server) = listen(directory.clone(), keys, configuration.listen)?;
        tracing::info!(address = %running.address, "Listening");
        let publication = published
            .map(|log| Publication::begin(log, &clock, (signed_by.clone(), configuration.witnesses.clone())))
            .map(|publication| publication.time_stamped(configuration.time_stamping.clone()));
        if publication.is_none() {
            tracing::warn!(
                "The log is not published, so that nobody else can check it: `contactpoint keys init` \
                 makes the keys that it is signed with"
            );
        }
        let clock_at_work = by_the_clock::daily(directory.clone().into_inner(), configuration.daily);
        let clock_at_work = actix_web::rt::spawn(clock_at_work);
        let told_to_stop = told_to_stop()?;
        announce(running.address);
        let stopper = actix_web::rt::spawn(async move {
            told_to_stop.await;
            tracing::info!("Told to stop: no new connections, answering what has begun");
            running.stop().await;
        });
        server.await.map_err(StartError::Server)?;
        stopper.abort();
        clock_at_work.abort();
        directory.close().await;
        if let Some(publication) = publication {
            publication.end().await.map_err(PublicationError::from)?;
        }
        tracing::info!("The log is closed");
        Ok(())
    })
}

/// For whoever started it with port 0.
pub fn announce(address: SocketAddr) {
    // Nobody may be there to read it.
    writeln!(std::io::stdout(), "listening on http://{address}").ok();
}

/// Listens for the signals at once, so that none is missed once the address has been announced.
#[cfg(unix)]
fn told_to_stop() -> Result<impl Future<Output = ()>, StartError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> Result<impl Future<Output = ()>, StartError> {
    Ok(async {
        // Without the signal it runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
