//! Following the log for ever.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{Publish, TransparencyError, TransparencyLog};

/// How often checkpoints are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The least time between two checkpoints, however fast the log grows.
    pub at_most_every: Duration,
    /// The time after which a checkpoint is published though nothing happened.
    pub heartbeat: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { at_most_every: Duration::from_secs(1), heartbeat: Duration::from_secs(300) }
    }
}

impl TransparencyLog {
    /// Follows the log, and publishes at this pace. `clock` gives seconds since 1970; `waiting` is told
    /// of every error after which it is tried again. Answers only with an error that stops it.
    pub async fn run(
        &self,
        pace: Pace,
        clock: impl Fn() -> u64 + Send,
        mut waiting: impl FnMut(&TransparencyError) + Send,
    ) -> TransparencyError {
        let mut length = self.log().backend().watch();
        let mut publish = Publish::Always;
        loop {
            let begun = Instant::now();
            match self.step(clock(), publish).await {
                Ok(_) => publish = Publish::WhenGrown,
                Err(error) if error.stops() => return error,
                Err(error) => waiting(&error),
            }
            sleep(pace.at_most_every.saturating_sub(begun.elapsed())).await;
            let size = self.tree().size();
            let grown = length.wait_for(|length| *length > size);
            let left = pace.heartbeat.saturating_sub(begun.elapsed());
            tokio::select! {
                // The next step says why.
                () = self.halted.notified() => {}
                waited = timeout(left, grown) => match waited {
                    Ok(Ok(_)) => {}
                    Ok(Err(_)) => {
                        let why = "the log was closed".to_owned();
                        return TransparencyError::Stopped(why);
                    }
                    Err(_elapsed) => publish = Publish::Always,
                },
            }
        }
    }
}
