//! The directory: the log, and what the server needs around it.

mod failure;
mod handling;
mod in_flight;
mod open;
mod published;
mod questions;
mod recording;
mod view;

use std::sync::Arc;

use aws_lc_rs::hmac;
use event_log::{EventLog, transparency_log::TransparencyLog};
use tokio::sync::watch;

use crate::{
    erasure::Eraser,
    now::Clock,
    problem::{Problem, kind},
    read_models::ReadModels,
};

pub(crate) use failure::reading;
pub use handling::Outcome;
use in_flight::InFlight;
pub use open::{Keeping, OpenError};
pub(crate) use published::unreadable;
use recording::Recording;
pub use view::{Asker, View};

/// The log, and what the server needs around it.
#[derive(Debug)]
pub struct Directory {
    log: EventLog,
    clock: Clock,
    read_models: ReadModels,
    eraser: Eraser,
    digest_key: hmac::Key,
    in_flight: Arc<InFlight>,
    recording: Recording,
    published: Option<Arc<TransparencyLog>>,
    closing: watch::Sender<bool>,
}

/// How often it is looked whether the ring of keys follows.
const LOOKED_FOR_TROUBLE: std::time::Duration = std::time::Duration::from_secs(1);

impl Directory {
    /// The log.
    pub const fn log(&self) -> &EventLog {
        &self.log
    }

    /// The clock.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What carries erasures out.
    pub const fn eraser(&self) -> &Eraser {
        &self.eraser
    }

    /// Finishes the erasures that an earlier process had begun.
    pub async fn resume_erasures(&self) {
        self.eraser.resume(&self.clock).await;
    }

    /// Finishes erasures that have begun, again and again, until the server begins to close.
    pub async fn keep_erasing(&self) {
        let mut closing = self.closing.subscribe();
        tokio::select! {
            () = self.eraser.keep_finishing(&self.clock) => {}
            _ = closing.wait_for(|closing| *closing) => {}
        }
    }

    /// Says in the service's own log when its ring of keys does not follow those of other servers, and when
    /// it does again, until the server begins to close.
    pub async fn report_trouble_with_keys(&self) {
        let Some(ring) = self.log.keyring().filter(|ring| ring.is_one_of_several()) else { return };
        let mut closing = self.closing.subscribe();
        let mut known = None;
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOKED_FOR_TROUBLE) => {}
                _ = closing.wait_for(|closing| *closing) => return,
            }
            let trouble = ring.trouble();
            match &trouble {
                Some(trouble) if known.as_ref() != Some(trouble) => {
                    tracing::error!(%trouble, "The keys do not follow those of the other servers");
                }
                None if known.is_some() => {
                    tracing::info!("The keys follow those of the other servers again");
                }
                Some(_) | None => {}
            }
            known = trouble;
        }
    }

    /// What is asked about sets.
    pub const fn read_models(&self) -> &ReadModels {
        &self.read_models
    }

    /// A keyed digest: tells the same request again, and tells nobody else anything.
    pub fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.digest_key);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        digest
    }

    /// Whether the log can be read, and be written as far as is known; says how many events it holds.
    ///
    /// # Errors
    /// 503 when it cannot, when it contradicts what was signed, when its keys do not follow those of other servers,
    /// and for half a minute after something could not be recorded.
    pub async fn ready(&self) -> Result<u64, Problem> {
        if let Some(finding) = self.contradiction() {
            return Err(Problem::new(&kind::LOG_CONTRADICTED).with("finding", finding));
        }
        if let Some(trouble) = self.log.keyring().and_then(|ring| ring.trouble()) {
            return Err(Problem::new(&kind::KEYS_BEHIND).with("finding", trouble));
        }
        if let Some(problem) = self.recording.hindrance() {
            return Err(problem);
        }
        let length = self.log.length();
        self.log.read_stored(length.saturating_sub(1), 1).await.map_err(failure::reading)?;
        Ok(length)
    }

    /// Ends what would otherwise go on for ever: feeds that are followed.
    pub fn begin_closing(&self) {
        self.closing.send_replace(true);
    }

    /// Turns to true when the service is told to stop.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Waits until nothing is being worked on, and stops following the log.
    pub async fn close(&self) {
        self.in_flight.finished().await;
        self.read_models.close().await;
    }
}
