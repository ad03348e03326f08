//! Sending each new checkpoint to a witness, and keeping what it cosigns (C2SP tlog-witness).

use std::{sync::Arc, time::Duration};

use actix_web::rt;
use event_log::{
    transparency::witness::{AddCheckpoint, SIZE_TYPE},
    transparency_log::{TransparencyError, TransparencyLog},
};
use tokio::time::sleep;

use super::{Addressee, causes};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// The wait after a first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The longest answer that is read: some lines of signatures.
const LONGEST_ANSWER: u64 = 256 * 1024;

/// Why a checkpoint was not cosigned.
#[derive(Debug, thiserror::Error)]
enum NotCosigned {
    #[error("the witness did not answer")]
    Silent(#[source] Box<ureq::Error>),
    #[error("the witness answered {status}: {said}")]
    Refused { status: u16, said: String },
    #[error("the witness answered without a good cosignature of its keys")]
    NoCosignature,
    #[error("the witness says that it has seen {theirs} entries, and {ours} are published")]
    Ahead { theirs: u64, ours: u64 },
    #[error(transparent)]
    Log(#[from] TransparencyError),
    #[error("the request could not be sent")]
    Cancelled(#[from] rt::task::JoinError),
}

/// What a witness says.
struct Said {
    status: u16,
    is_size: bool,
    text: String,
}

/// Has every checkpoint cosigned by one witness, the newest first, for ever. A witness that does not
/// answer is asked again later and later; nothing else waits for it.
pub(super) async fn keep_informed(log: Arc<TransparencyLog>, witness: Addressee) {
    let mut published = log.watch();
    // What it has seen it says itself, when asked from another size.
    let (mut seen, mut wait) = (0, FIRST_WAIT);
    loop {
        if is_cosigned(&log, &witness) {
            if published.changed().await.is_err() {
                return;
            }
            continue;
        }
        published.mark_unchanged();
        match ask(&log, &witness, &mut seen).await {
            Ok(()) => wait = FIRST_WAIT,
            Err(why) => {
                tracing::warn!(
                    witness = %witness.url,
                    error = %causes(&why),
                    again_in_seconds = wait.as_secs(),
                    "A checkpoint was not cosigned"
                );
                sleep(wait).await;
                wait = wait.saturating_mul(2).min(LONGEST_WAIT);
            }
        }
    }
}

/// Whether there is nothing that it should cosign: nothing is published, or it has cosigned that.
fn is_cosigned(log: &TransparencyLog, witness: &Addressee) -> bool {
    log.checkpoint().is_none_or(|signed| {
        let signatures = signed.note().signatures();
        signatures.iter().any(|signature| witness.keys.iter().any(|key| signature.is_of(key)))
    })
}

async fn ask(
    log: &TransparencyLog,
    witness: &Addressee,
    seen: &mut u64,
) -> Result<(), NotCosigned> {
    // The first answer may be how far it has seen; the second is then about that.
    for _ in 0..2 {
        let Some(request) = log.ask_witness(*seen)? else {
            let ours = log.checkpoint().map_or(0, |signed| signed.checkpoint().size);
            return Err(NotCosigned::Ahead { theirs: std::mem::take(seen), ours });
        };
        let said = send(witness, &request).await?;
        if said.status == 200 {
            let number =
                log.take_cosignatures(&request.checkpoint, &said.text, &witness.keys).await?;
            if number == 0 {
                return Err(NotCosigned::NoCosignature);
            }
            *seen = request.checkpoint.checkpoint().size;
            return Ok(());
        }
        let size = said.text.trim_end().parse().ok().filter(|_| said.is_size);
        match size {
            Some(size) if said.status == 409 && size != *seen => *seen = size,
            Some(_) | None => {
                let said_first = said.text.lines().next().unwrap_or_default().chars().take(200);
                return Err(NotCosigned::Refused {
                    status: said.status,
                    said: said_first.collect(),
                });
            }
        }
    }
    Err(NotCosigned::Refused { status: 409, said: "it goes on while it is asked".to_owned() })
}

async fn send(witness: &Addressee, request: &AddCheckpoint) -> Result<Said, NotCosigned> {
    let (url, body) = (format!("{}/add-checkpoint", witness.url), request.to_string());
    rt::task::spawn_blocking(move || post(&url, &body))
        .await?
        .map_err(|cause| NotCosigned::Silent(Box::new(cause)))
}

fn post(url: &str, body: &str) -> Result<Said, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let mut answer = agent.post(url).content_type("text/plain; charset=utf-8").send(body)?;
    let media = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    let is_size = media.is_some_and(|media| media.trim() == SIZE_TYPE);
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string()?;
    Ok(Said { status, is_size, text })
}
