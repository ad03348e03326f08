//! `contactpoint serve`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use projections::store::Place;

use super::Failure;
use crate::{
    by_the_clock::Daily,
    cluster::Cluster,
    configuration::{ClockKind, Configuration, DEFAULT_ORIGIN},
    directory::Keeping,
    logging,
    publication::{AuthorityAddress, AuthorityFile, Named, NamedSigner, SignedBy, TimeStamping},
    startup,
};

/// Serve the directory that lies in a data folder.
///
/// Runs until it is told to stop (SIGTERM, SIGINT); then it takes no new connection, answers what it
/// has begun, closes the log and ends. It logs JSON lines without personal data to standard error.
#[derive(Args)]
pub(super) struct Serve {
    /// The data folder. It is made if there is none.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The address to listen on; port 0 takes any free one. The address is printed once it is open.
    #[arg(
        long,
        env = "CONTACTPOINT_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:8009"
    )]
    listen: SocketAddr,
    /// The name of the log: given to a new one for good, and compared with that of an existing one.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
    #[command(flatten)]
    cluster: Cluster,
    /// The audience that tokens must name. Without it, none is asked for.
    #[arg(long, env = "CONTACTPOINT_AUDIENCE", value_name = "URL")]
    audience: Option<String>,
    /// A file with the public keys of the trusted issuers of tokens (JSON Web Key Set).
    #[arg(long, env = "CONTACTPOINT_JWKS", value_name = "FILE")]
    jwks: Vec<PathBuf>,
    /// Accept tokens signed by the built-in development issuer, whose key lies in the data folder.
    /// Whoever can read the folder can then be anybody: never with real people.
    #[arg(long)]
    development_issuer: bool,
    /// Which clock to go by.
    #[arg(long, value_enum, default_value_t = ClockKind::System)]
    clock: ClockKind,
    /// Where read models are kept: `embedded` (a file in the data folder), another folder, or a Redis
    /// server that several processes share (`redis://host:port/0`). They are rebuilt from the log if
    /// they are not there.
    #[arg(
        long,
        env = "CONTACTPOINT_READ_MODELS",
        hide_env_values = true,
        value_name = "WHERE",
        default_value = "embedded"
    )]
    read_models: Place,
    /// How many seconds after the process that keeps them up has died another takes over.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    read_models_lease: u64,
    /// The server that signs this log, where several share it: its address and the log's key as
    /// `http://HOST:PORT+KEY`, or a tlog-policy file that names the log with its address. What it signs is
    /// compared with this server's own tree, and given out here as well. Only that server has the keys.
    #[arg(
        long,
        env = "CONTACTPOINT_SIGNED_BY",
        value_name = "SERVER",
        requires = "log",
        conflicts_with_all = ["take_over_signing", "witness"]
    )]
    signed_by: Option<NamedSigner>,
    /// Sign from now on, in place of another server of the same log. For one start, after the keys and what
    /// was last signed were moved here.
    #[arg(long, requires = "log")]
    take_over_signing: bool,
    /// A witness to send every checkpoint to: its address and its key as `http://HOST:PORT+KEY`, or a
    /// tlog-policy file that names witnesses with their addresses. May be given several times.
    #[arg(long, env = "CONTACTPOINT_WITNESS", value_name = "WITNESS", value_delimiter = ' ')]
    witness: Vec<Named>,
    /// A time-stamping authority (RFC 3161) that signs when it saw a checkpoint: where it is asked (`http://…`). What it
    /// answers is kept in `time-stamps` of the data folder.
    #[arg(
        long,
        env = "CONTACTPOINT_TIME_STAMPS",
        value_name = "URL",
        requires = "time_stamp_authority",
        conflicts_with = "signed_by"
    )]
    time_stamps: Option<AuthorityAddress>,
    /// The certificates of that authority (PEM): its own first, then those between, the root last.
    #[arg(
        long,
        env = "CONTACTPOINT_TIME_STAMP_AUTHORITY",
        value_name = "FILE",
        requires = "time_stamps"
    )]
    time_stamp_authority: Option<AuthorityFile>,
    /// How many seconds after one time-stamp the next is asked for, if the log has grown.
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, value_parser = clap::value_parser!(u64).range(1..=2_678_400))]
    time_stamp_every: u64,
    /// At which time of the day (UTC) the clock does its round: records into the archive, erasures that are due and lapsed
    /// checks on record. `never` leaves it to officials. The server that follows another's signing makes none.
    #[arg(long, env = "CONTACTPOINT_DAILY_ROUND", value_name = "HH:MM", default_value = "03:00")]
    daily_round: Daily,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        let _written = logging::to_standard_error("info");
        let configuration = Configuration {
            data: self.data,
            listen: self.listen,
            origin: self.origin,
            cluster: self.cluster,
            audience: self.audience,
            jwks: self.jwks,
            development_issuer: self.development_issuer,
            clock: self.clock,
            read_models: Keeping {
                place: self.read_models,
                lease: Duration::from_secs(self.read_models_lease),
            },
            daily: match self.signed_by {
                Some(_) => Daily::Never,
                None => self.daily_round,
            },
            signed_by: match self.signed_by {
                Some(NamedSigner(signer)) => SignedBy::Another(signer),
                None if self.take_over_signing => SignedBy::HereFromNowOn,
                None => SignedBy::Here,
            },
            time_stamping: self.time_stamps.zip(self.time_stamp_authority).map(
                |(url, authority)| TimeStamping {
                    url,
                    authority,
                    every: Duration::from_secs(self.time_stamp_every),
                },
            ),
            witnesses: self.witness.into_iter().flat_map(|named| named.0).collect(),
        };
        startup::serve_until_told_to_stop(&configuration, startup::announce)
            .map_err(Failure::of_serving)
    }
}
