//! Having checkpoints time-stamped by an authority, now and then (RFC 3161), and keeping what it answers.

use std::{fs, io, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use actix_web::rt;
use chrono::{DateTime, Utc};
use event_log::{
    time_stamps::{Authority, NotAnAuthority, NotStamped, TimeStampsError, request},
    transparency_log::TransparencyLog,
};
use tokio::time::sleep;

use super::causes;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The wait after a first failure; it doubles with each further one, up to the usual interval.
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// The longest answer that is read: a signature and some certificates.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// By whom checkpoints are time-stamped, and how often.
#[derive(Clone, Debug)]
pub struct TimeStamping {
    /// Where the authority is asked.
    pub url: AuthorityAddress,
    /// Its certificates.
    pub authority: AuthorityFile,
    /// How long after one time-stamp the next is asked for.
    pub every: Duration,
}

/// Where an authority is asked: an `http://` address. Its answers are signed, and checked.
#[derive(Clone, Debug)]
pub struct AuthorityAddress(String);

/// The certificates of an authority, as a file has them.
#[derive(Clone, Debug)]
pub struct AuthorityFile(Authority);

/// What the operator named is no time-stamping authority.
#[derive(Debug, thiserror::Error)]
pub enum NotNamed {
    /// The address cannot be reached from here.
    #[error("{0:?}: only http:// addresses can be called from here")]
    Scheme(String),
    /// The file of certificates cannot be read.
    #[error("the certificates in {path} could not be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The certificates are not usable.
    #[error("{path}: {cause}")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: NotAnAuthority,
    },
}

impl FromStr for AuthorityAddress {
    type Err = NotNamed;

    fn from_str(text: &str) -> Result<Self, NotNamed> {
        if text.starts_with("http://") {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotNamed::Scheme(text.to_owned()))
        }
    }
}

impl FromStr for AuthorityFile {
    type Err = NotNamed;

    fn from_str(path: &str) -> Result<Self, NotNamed> {
        let path = PathBuf::from(path);
        let text = fs::read_to_string(&path)
            .map_err(|cause| NotNamed::File { path: path.clone(), cause })?;
        Authority::parse(&text).map(Self).map_err(|cause| NotNamed::Certificates { path, cause })
    }
}

/// Why a checkpoint was not time-stamped.
#[derive(Debug, thiserror::Error)]
enum NotDone {
    #[error("the time-stamping authority did not answer")]
    Silent(#[source] Box<ureq::Error>),
    #[error("the time-stamping authority answered {0}")]
    Refused(u16),
    #[error(transparent)]
    NotStamped(#[from] NotStamped),
    #[error(transparent)]
    Kept(#[from] TimeStampsError),
    #[error("the request could not be sent")]
    Cancelled(#[from] rt::task::JoinError),
}

/// Has the newest checkpoint time-stamped once in every interval, for ever, unless the log has not grown since. Nothing
/// else waits for it.
pub(super) async fn keep_stamped(log: Arc<TransparencyLog>, by: TimeStamping) {
    let mut after_failure = FIRST_WAIT;
    loop {
        let wait = match stamp(&log, &by).await {
            Ok(stamped) => {
                if let Some((size, at)) = stamped {
                    tracing::info!(size, at = %at.to_rfc3339(), "A checkpoint was time-stamped");
                }
                after_failure = FIRST_WAIT;
                by.every
            }
            Err(why) => {
                let wait = after_failure.min(by.every);
                after_failure = after_failure.saturating_mul(2);
                tracing::warn!(
                    authority = %by.url.0,
                    error = %causes(&why),
                    again_in_seconds = wait.as_secs(),
                    "A checkpoint was not time-stamped"
                );
                wait
            }
        };
        sleep(wait).await;
    }
}

/// Has the newest checkpoint time-stamped, if there is one that is not.
async fn stamp(
    log: &TransparencyLog,
    by: &TimeStamping,
) -> Result<Option<(u64, DateTime<Utc>)>, NotDone> {
    let Some(newest) = log.checkpoint() else { return Ok(None) };
    let size = newest.checkpoint().size;
    if log.time_stamps().of_size(size)?.is_some() {
        return Ok(None);
    }
    let text = newest.note().text();
    let (url, asked) = (by.url.0.clone(), request(text));
    let answer = rt::task::spawn_blocking(move || post(&url, &asked)).await??;
    let at = by.authority.0.time_of(&answer, text)?;
    log.time_stamps().keep(size, &answer)?;
    Ok(Some((size, at)))
}

fn post(url: &str, asked: &[u8]) -> Result<Vec<u8>, NotDone> {
    let silent = |cause| NotDone::Silent(Box::new(cause));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let mut answer =
        agent.post(url).content_type("application/timestamp-query").send(asked).map_err(silent)?;
    if answer.status().as_u16() != 200 {
        return Err(NotDone::Refused(answer.status().as_u16()));
    }
    answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_vec().map_err(silent)
}
