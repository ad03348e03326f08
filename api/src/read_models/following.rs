//! The task that follows the log, supervised: what ends it is said aloud, and it is tried again.

use std::{
    panic::AssertUnwindSafe,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::FutureExt;
use projections::projector::{Projector, Status};
use tokio::{sync::watch, task::JoinHandle};

/// How soon it is tried again after it has ended, the first time.
const SOONEST: Duration = Duration::from_secs(1);

/// How soon at the latest.
const LATEST: Duration = Duration::from_secs(60);

/// A projector and the task in which it runs.
pub(super) struct Following {
    status: watch::Receiver<Status>,
    stop: watch::Sender<bool>,
    stage: Mutex<Stage>,
}

enum Stage {
    Ready(Box<Projector>),
    Running(JoinHandle<()>),
    Ended,
}

impl Following {
    pub(super) fn by(projector: Projector) -> Self {
        let status = projector.status();
        let stage = Mutex::new(Stage::Ready(Box::new(projector)));
        Self { status, stop: watch::Sender::new(false), stage }
    }

    pub(super) fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    pub(super) fn begin(&self) {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        *stage = match std::mem::replace(&mut *stage, Stage::Ended) {
            Stage::Ready(projector) => {
                Stage::Running(tokio::spawn(supervise(projector, self.stop.subscribe())))
            }
            running @ Stage::Running(_) => running,
            Stage::Ended => Stage::Ended,
        };
    }

    pub(super) async fn end(&self) {
        self.stop.send_replace(true);
        let stage = {
            let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *stage, Stage::Ended)
        };
        if let Stage::Running(task) = stage {
            // It catches its own panics; there is nothing left to tell if the runtime ended it.
            task.await.ok();
        }
    }
}

/// Runs a projector until told to stop. What it cannot wait out (a gap in the log, another log's read
/// models, a document that cannot be read) ends it loudly; an operator mends it, so it is tried again.
async fn supervise(mut projector: Box<Projector>, mut stop: watch::Receiver<bool>) {
    let mut pause = SOONEST;
    while !*stop.borrow() {
        match AssertUnwindSafe(projector.run(stop.clone())).catch_unwind().await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "The read models have stopped, and say so; personal screens do not depend on them"
            ),
            Err(_) => {
                projector.declare_stopped("a fault in the program");
                tracing::error!("The read models have stopped by a fault in the program");
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
        pause = pause.saturating_mul(2).min(LATEST);
    }
}
