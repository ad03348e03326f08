//! Opening a directory: the log, its keys, the clock, the follower.

use std::{path::Path, sync::Arc};

use aws_lc_rs::hmac;
use event_log::{EventLog, Options, backend::ReadError, keyring::KeyringError};
use projections::{
    candidates::NoRandomness,
    follower::{FollowError, Follower},
};

use super::{Directory, in_flight::InFlight};
use crate::{configuration::ClockKind, now::Clock};

/// Why a directory cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The log cannot be opened.
    #[error("could not open the log")]
    Log(#[from] event_log::OpenError),
    /// It can be read only.
    #[error("the log has no ring of keys here, so nothing can be recorded")]
    ReadOnly,
    /// The keys cannot be used.
    #[error("could not use the keys")]
    Keys(#[from] KeyringError),
    /// The log cannot be read.
    #[error("could not read the log")]
    Read(#[from] ReadError),
    /// What follows the log could not catch up.
    #[error("could not follow the log")]
    Follow(#[from] FollowError),
    /// No random key is to be had.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Directory {
    /// Opens the directory in a data folder; makes it if there is none.
    ///
    /// # Errors
    /// When the log or its keys cannot be used.
    pub async fn open(data: &Path, options: &Options, clock: ClockKind) -> Result<Self, OpenError> {
        Self::over(EventLog::open(data, options)?, clock).await
    }

    /// A directory over a log that is open already.
    ///
    /// # Errors
    /// When the log cannot be read, or can only be read.
    pub async fn over(log: EventLog, clock: ClockKind) -> Result<Self, OpenError> {
        let length = log.length();
        let last = match length.checked_sub(1) {
            Some(position) => log.header_at(position).await?.map(|header| header.stamp.at),
            None => None,
        };
        let clock = match (clock, last) {
            (ClockKind::Demonstration, Some(last)) => Clock::continuing_after(last),
            (ClockKind::Demonstration | ClockKind::System, last) => Clock::system(last),
        };
        let secret = log.keyring().ok_or(OpenError::ReadOnly)?.secret("request-digest")?;
        let follower = Follower::new(log.clone())?;
        follower
            .catch_up_saying(|done| {
                tracing::info!(
                    position = done,
                    events = length,
                    "Following the log from its beginning"
                );
            })
            .await?;
        Ok(Self {
            log,
            clock,
            follower,
            digest_key: hmac::Key::new(hmac::HMAC_SHA256, secret.expose()),
            in_flight: Arc::new(InFlight::default()),
        })
    }
}
