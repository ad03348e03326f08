//! What the operator decides.

use std::{net::SocketAddr, path::PathBuf};

use clap::ValueEnum;

use crate::{
    by_the_clock::Daily,
    cluster::Cluster,
    directory::Keeping,
    publication::{Addressee, SignedBy, TimeStamping},
};

/// How to serve.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The data folder.
    pub data: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The name of the log.
    pub origin: String,
    /// Where it is, if not in the data folder.
    pub cluster: Cluster,
    /// The audience that tokens must name.
    pub audience: Option<String>,
    /// Files with the public keys of trusted issuers.
    pub jwks: Vec<PathBuf>,
    /// Whether the built-in development issuer is trusted.
    pub development_issuer: bool,
    /// Which clock to go by.
    pub clock: ClockKind,
    /// Where read models are kept.
    pub read_models: Keeping,
    /// Who signs the log.
    pub signed_by: SignedBy,
    /// The witnesses that checkpoints are sent to.
    pub witnesses: Vec<Addressee>,
    /// By whom checkpoints are time-stamped.
    pub time_stamping: Option<TimeStamping>,
    /// When the daily round is made, if by this server.
    pub daily: Daily,
}

/// The name of a log that was given no other.
pub const DEFAULT_ORIGIN: &str = "contactpoint.example/log";

impl Configuration {
    /// How the log is opened.
    pub fn log_options(&self) -> event_log::Options {
        event_log::Options { origin: self.origin.clone() }
    }
}

/// Which clock to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClockKind {
    /// The machine's.
    System,
    /// One that goes on from the last event of the log: a demonstration of 2009 stays in 2009.
    Demonstration,
}
