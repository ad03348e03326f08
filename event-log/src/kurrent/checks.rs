//! What must be true of the cluster before anything is written to it, and every day after.

mod access;
pub(super) mod metadata;
mod operator;

use std::time::Duration;

use aws_lc_rs::rand;

pub use self::operator::{HTTP_NEEDS, Operator};
use super::{
    Inner,
    connection::Ask,
    reading::{failed, index_failed},
};
use crate::backend::ReadError;

/// How often the checks are made while the log is open.
pub(super) const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many old events are read again at random.
const SAMPLES: u64 = 32;

/// What is expected of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// How many nodes it has: 3, or 5; 1 where the loss of a machine may stop the service.
    pub nodes: u32,
    /// The login that may ask for the server's settings; none if they are not to be checked.
    pub operator: Option<Operator>,
    /// Whether scavenges that were made since the last check were approved.
    pub scavenges_approved: bool,
}

impl Default for Expected {
    fn default() -> Self {
        Self { nodes: 3, operator: None, scavenges_approved: false }
    }
}

/// Why the cluster is not to be trusted with the log. Each says what is to be done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// An old version loses events from filtered subscriptions.
    #[error("the server has version {0}; 24.10.5, 25.0.1 or later is needed: upgrade it")]
    Version(String),
    /// Not all nodes are there, or not one of them leads.
    #[error(
        "{alive} nodes are alive and {leaders} lead, where {expected} and 1 are expected: bring the \
         missing ones up, or say how many there are (--log-nodes)"
    )]
    Members {
        /// How many are alive.
        alive: usize,
        /// How many of them lead.
        leaders: usize,
        /// How many are expected.
        expected: u32,
    },
    /// A setting puts the trail at risk.
    #[error("the server runs with {name}={value}: set it to {wanted}, and restart the node")]
    Setting {
        /// Which.
        name: String,
        /// What it is.
        value: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The operations login is refused.
    #[error("the operations login is refused by {0}: check it (--log-operator)")]
    Operator(String),
    /// The server's settings cannot be asked for.
    #[error("{url} cannot be asked: {cause}")]
    Unanswered {
        /// What was asked.
        url: String,
        /// Why it failed.
        cause: String,
    },
    /// A scavenge removes events for good.
    #[error("a scavenge is running: stop it, and find out who started it")]
    Scavenging,
    /// Scavenges start by themselves.
    #[error("scavenges start by themselves: switch AutoScavenge off")]
    AutoScavenge,
    /// Somebody scavenged.
    #[error(
        "there were {found} scavenges, {known} at the last check: verify the log (replay verify); if it \
         was approved, say so once (--log-scavenges-approved)"
    )]
    Scavenged {
        /// How many entries the stream of scavenges has.
        found: u64,
        /// How many it had.
        known: u64,
    },
    /// A default password is in use.
    #[error("the user {0} still has its default password: change it now")]
    DefaultPassword(&'static str),
    /// Anybody can read.
    #[error("the log can be read without a login: set AllowAnonymousStreamAccess=false")]
    Anonymous,
    /// Our own user may do too much.
    #[error(
        "our user may write to {0}: take it out of $admins and $ops, and set the access lists of \
         docs/operations.md"
    )]
    MayWrite(&'static str),
    /// The default access list lets somebody delete or hide events.
    #[error(
        "the access list in $settings grants {member} to {names}: set it to [] (administrators only)"
    )]
    Granted {
        /// Which right.
        member: &'static str,
        /// To whom.
        names: String,
    },
    /// There is no default access list.
    #[error(
        "$settings has no access list for our streams, so every user may write and delete them: write \
         the one of docs/operations.md"
    )]
    NoAccessList,
    /// Metadata of one of our streams hides events.
    #[error("metadata of {stream} has {member}, which hides events: remove it before a scavenge")]
    Metadata {
        /// Which stream.
        stream: String,
        /// Which member.
        member: &'static str,
    },
    /// The clocks differ.
    #[error("the server's clock is {0} s away from ours: set both by NTP")]
    Clock(i64),
    /// The checks themselves need what cannot be read.
    #[error("what is to be checked cannot be read")]
    Read(#[from] ReadError),
}

impl Inner {
    /// Makes every check that can be made; the first that fails is the answer.
    pub(super) async fn check(&self, expected: &Expected) -> Result<(), Refusal> {
        self.version().await?;
        operator::check(self, expected).await?;
        access::check(self).await?;
        self.scavenges(expected.scavenges_approved).await?;
        self.samples().await.map_err(Refusal::Read)
    }

    async fn version(&self) -> Result<(), Refusal> {
        let held = self.server.client().await.map_err(|error| failed("the version", error))?;
        let info = held.client.server_info().await;
        let version = info.map_err(|error| failed("the version", error))?.version();
        let number = (version.major(), version.minor(), version.patch());
        if number >= (24, 10, 5) && number != (25, 0, 0) {
            Ok(())
        } else {
            Err(Refusal::Version(version.to_string()))
        }
    }

    /// Whether somebody scavenged since the last look. The first look only counts.
    async fn scavenges(&self, approved: bool) -> Result<(), Refusal> {
        let ask = Ask::Last { name: "$scavenges".to_owned() };
        let last = self.server.read(&ask, self.patience).await;
        let last = last.map_err(|error| failed("the list of scavenges", error))?;
        let found =
            last.first().map_or(0, |last| last.get_original_event().revision.saturating_add(1));
        let known = self.index.scavenges(found, approved).map_err(index_failed)?;
        if found > known { Err(Refusal::Scavenged { found, known }) } else { Ok(()) }
    }

    /// Old events, read again at random, are what they were.
    async fn samples(&self) -> Result<(), ReadError> {
        let length = *self.length.borrow();
        for _ in 0..SAMPLES.min(length) {
            let mut random = [0; 8];
            if rand::fill(&mut random).is_err() {
                // Without chance the first event is as good as any.
                random = [0; 8];
            }
            let position = u64::from_be_bytes(random).checked_rem(length).unwrap_or(0);
            self.all(position, 1).await?;
        }
        Ok(())
    }
}
