//! The desks of builds that keep their documents in memory from one stretch to the next.

use std::collections::HashMap;

use event_log::EventLog;
use uuid::Uuid;

use super::{FollowError, gone::Gone, taking::AtWork};
use crate::store::Build;

/// What is kept between steps. Nothing of it is needed to go on: without it, a build goes on from where it was
/// written last.
#[derive(Default)]
pub(super) struct Kept {
    desks: HashMap<Build, AtWork>,
    gone: Gone,
}

impl Kept {
    /// Whose keys were destroyed while something was kept. What is kept forgets them here and now; what is read
    /// ahead may still know them.
    pub(super) async fn forgotten(&mut self, log: &EventLog) -> Result<Vec<Uuid>, FollowError> {
        if self.desks.is_empty() {
            self.gone.begin(log);
            return Ok(Vec::new());
        }
        let gone = self.gone.since(log).await?;
        for subject in &gone {
            for at_work in self.desks.values_mut() {
                at_work.forget(*subject);
            }
        }
        Ok(gone)
    }

    /// The desk of a build that has folded so far; none if there is none.
    pub(super) fn take(&mut self, build: &Build, folded: u64) -> Option<AtWork> {
        self.desks.remove(build).filter(|at_work| at_work.folded() == folded)
    }

    /// Keeps one.
    pub(super) fn put(&mut self, build: Build, at_work: AtWork) {
        self.desks.insert(build, at_work);
    }

    /// Lets go of everything that is not written. What is on its way has come to its end.
    pub(super) async fn abandon(&mut self) {
        for (_, mut at_work) in self.desks.drain() {
            at_work.written().await.ok(); // where the store stands is found out afresh
        }
    }

    /// Writes everything that has been folded. What cannot be written is folded again.
    pub(super) async fn put_away(&mut self) {
        for (build, mut at_work) in self.desks.drain() {
            let written = async {
                at_work.write(0).await?;
                at_work.written().await
            };
            if let Err(error) = written.await {
                let error = &error as &dyn std::error::Error;
                tracing::info!(error, %build, "what was folded last will be folded again");
            }
        }
    }
}
