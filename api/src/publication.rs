//! The log as outsiders see it, for as long as the service runs: its tree follows the log, checkpoints are
//! signed and sent to witnesses. A contradiction stops all work.

mod addressee;
mod packing;
mod signer;
mod time_stamping;
mod witnesses;

use std::{path::Path, sync::Arc};

use actix_web::{rt, rt::task::JoinHandle};
use event_log::{
    EventLog,
    log_keys::{LogKeys, LogKeysError},
    transparency_log::{Pace, Publish, TransparencyError, TransparencyLog},
};

pub use self::{
    addressee::{Addressee, Named, NamedSigner, NotAnAddressee},
    time_stamping::{AuthorityAddress, AuthorityFile, NotNamed, TimeStamping},
};

use crate::{logging::causes, now::Clock};

/// What publishes, until it is told to end.
#[derive(Debug)]
pub struct Publication {
    log: Arc<TransparencyLog>,
    clock: Clock,
    tasks: Vec<JoinHandle<()>>,
}

/// Who signs the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SignedBy {
    /// This server, if it has the keys.
    #[default]
    Here,
    /// This server from now on, in place of another one that did.
    HereFromNowOn,
    /// Another server of the same log.
    Another(Addressee),
}

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// The log's keys cannot be used.
    #[error("could not use the log's signing keys")]
    Keys(#[from] LogKeysError),
    /// The keys are gone, and checkpoints were published.
    #[error(
        "checkpoints were published in {0}, and the keys that signed them are missing: put them back"
    )]
    KeysMissing(std::path::PathBuf),
    /// The keys are here, and another server is said to sign.
    #[error(
        "the log's signing keys are in {0}, and --signed-by names another server: one server signs, and \
         only that one has the keys"
    )]
    KeysOfAnother(std::path::PathBuf),
    /// The tree, the log and what was signed do not fit together, or cannot be read.
    #[error(transparent)]
    Transparency(#[from] TransparencyError),
}

impl PublicationError {
    /// Whether the log contradicts itself or what was signed.
    pub const fn is_contradiction(&self) -> bool {
        match self {
            Self::Transparency(error) => error.is_contradiction(),
            Self::Keys(_) | Self::KeysMissing(_) | Self::KeysOfAnother(_) => false,
        }
    }
}

/// The log with its tree, if there are signing keys in the data folder or another server signs. Checked, and
/// published if it is signed here, before anybody is served.
///
/// # Errors
/// See [`PublicationError`].
pub async fn open(
    data: &Path,
    log: &EventLog,
    (origin, by): (&str, &SignedBy),
    clock: &Clock,
) -> Result<Option<Arc<TransparencyLog>>, PublicationError> {
    let keys = data.join("keys");
    if let SignedBy::Another(signer) = by {
        if LogKeys::exist(&keys)? {
            return Err(PublicationError::KeysOfAnother(keys));
        }
        let followed = TransparencyLog::open_following(log, data, signer.keys.clone()).await?;
        return Ok(Some(Arc::new(followed)));
    }
    if !LogKeys::exist(&keys)? {
        let published = data.join("checkpoints");
        let there = published.try_exists().map_err(|cause| LogKeysError::File {
            doing: "look for",
            path: published.clone(),
            cause,
        })?;
        if there {
            return Err(PublicationError::KeysMissing(published));
        }
        return Ok(None);
    }
    let mut opened = TransparencyLog::open(log, data, LogKeys::open(&keys, origin)?)?;
    if *by == SignedBy::HereFromNowOn {
        opened = opened.taking_over();
    }
    opened.step(seconds(clock), Publish::WhenGrown).await?;
    Ok(Some(Arc::new(opened)))
}

/// Makes the log's signing keys, unless there are some.
///
/// # Errors
/// When they cannot be made.
pub fn make_keys(data: &Path, origin: &str) -> Result<(), LogKeysError> {
    let keys = data.join("keys");
    if LogKeys::exist(&keys)? { Ok(()) } else { LogKeys::init(&keys, origin).map(drop) }
}

fn seconds(clock: &Clock) -> u64 {
    u64::try_from(clock.now().timestamp()).unwrap_or_default()
}

impl Publication {
    /// Begins to follow the log, or the server that signs it, and to send checkpoints to the witnesses. To be
    /// called within a runtime.
    pub fn begin(
        log: Arc<TransparencyLog>,
        clock: &Clock,
        (by, witnesses): (SignedBy, Vec<Addressee>),
    ) -> Self {
        let (following, ticking) = (Arc::clone(&log), clock.clone());
        let follow = rt::spawn(async move {
            let waiting = |error: &TransparencyError| {
                tracing::error!(error = %causes(error), "No checkpoint could be published; trying again");
            };
            let stop = match by {
                SignedBy::Another(signer) => signer::follow(following, signer).await,
                SignedBy::Here | SignedBy::HereFromNowOn => {
                    following.run(Pace::default(), || seconds(&ticking), waiting).await
                }
            };
            tracing::error!(
                error = %causes(&stop),
                "Nothing more is signed, recorded or shown: somebody must look at the log"
            );
        });
        let mut tasks = vec![follow, rt::spawn(packing::keep_packed(Arc::clone(&log)))];
        for witness in witnesses {
            tasks.push(rt::spawn(witnesses::keep_informed(Arc::clone(&log), witness)));
        }
        Self { log, clock: clock.clone(), tasks }
    }

    /// Has checkpoints time-stamped as well. To be called within a runtime.
    #[must_use]
    pub fn time_stamped(mut self, by: Option<TimeStamping>) -> Self {
        let log = &self.log;
        self.tasks.extend(by.map(|by| rt::spawn(time_stamping::keep_stamped(Arc::clone(log), by))));
        self
    }

    /// Ends, after a checkpoint over all there is.
    ///
    /// # Errors
    /// When a contradiction has been found, or is now.
    pub async fn end(self) -> Result<(), TransparencyError> {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.log.step(seconds(&self.clock), Publish::WhenGrown).await.map(drop)
    }
}
