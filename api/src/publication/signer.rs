//! Giving out what the server signs that signs this log: fetched, checked, compared with the own tree.

use std::{sync::Arc, time::Duration};

use actix_web::rt;
use event_log::{
    transparency::{Signed, checkpoint::NotACheckpoint},
    transparency_log::{TransparencyError, TransparencyLog},
};
use tokio::time::sleep;

use super::{Addressee, causes};

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(1);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest wait after failures; it doubles with each.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The longest checkpoint that is read.
const LONGEST_ANSWER: u64 = 256 * 1024;

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
enum NotAdopted {
    #[error("the server that signs did not answer")]
    Silent(#[source] Box<ureq::Error>),
    #[error("the server that signs answered {0}")]
    Refused(u16),
    #[error("what the server that signs answered is no checkpoint: {0}")]
    NotACheckpoint(NotACheckpoint),
    #[error(transparent)]
    Log(#[from] TransparencyError),
    #[error("the request could not be sent")]
    Cancelled(#[from] rt::task::JoinError),
}

/// Asks for ever; ends only with an error that stops the log's publication here.
pub(super) async fn follow(log: Arc<TransparencyLog>, signer: Addressee) -> TransparencyError {
    let mut wait = EVERY;
    loop {
        match adopt(&log, &signer).await {
            Ok(()) => wait = EVERY,
            Err(NotAdopted::Log(error)) if error.stops() => return error,
            Err(why) => {
                tracing::warn!(
                    signer = %signer.url,
                    error = %causes(&why),
                    again_in_seconds = wait.as_secs(),
                    "No checkpoint could be had from the server that signs"
                );
                wait = wait.saturating_mul(2).min(LONGEST_WAIT);
            }
        }
        sleep(wait).await;
    }
}

async fn adopt(log: &TransparencyLog, signer: &Addressee) -> Result<(), NotAdopted> {
    let url = format!("{}/tlog/checkpoint", signer.url);
    let (status, text) = rt::task::spawn_blocking(move || get(&url))
        .await?
        .map_err(|cause| NotAdopted::Silent(Box::new(cause)))?;
    if status != 200 {
        return Err(NotAdopted::Refused(status));
    }
    let found = Signed::parse(text.as_bytes()).map_err(NotAdopted::NotACheckpoint)?;
    log.adopt(found).await?;
    Ok(())
}

fn get(url: &str) -> Result<(u16, String), ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let mut answer = agent.get(url).call()?;
    let status = answer.status().as_u16();
    Ok((status, answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string()?))
}
