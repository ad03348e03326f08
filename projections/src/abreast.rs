//! Brings read models abreast of the log: for whoever must not be answered by something older.

use std::{fmt, sync::Arc, time::Duration};

use event_log::EventLog;
use tokio::{sync::Mutex, time::Instant};
use uuid::Uuid;

use crate::{
    known::Known,
    marks::Marker,
    projection::ReadModel,
    projector::{FollowError, Projector, Settings, Step},
    reader::{QueryError, Reader},
    store::Store,
};

/// For how long somebody waits for read models that another process follows.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often it is looked again meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Why read models are not abreast of the log.
#[derive(Debug, thiserror::Error)]
pub enum AbreastError {
    /// They do not answer, or not in time.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Nobody followed the log, and it could not be followed now.
    #[error("the log could not be followed")]
    Follow(#[from] FollowError),
}

/// Waits for whoever follows the log, and follows it where nobody does.
pub struct Abreast(Mutex<Projector>);

impl fmt::Debug for Abreast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Abreast").finish_non_exhaustive()
    }
}

impl Abreast {
    /// For some read models of a log. `process` is a random name, another than that of whoever follows
    /// in this process: so one gets out of the other's way.
    pub fn new(
        log: &EventLog,
        store: Arc<dyn Store>,
        (marker, known): (Marker, Known),
        process: Uuid,
    ) -> Self {
        let settings = Settings { lease: PATIENCE, ..Settings::default() };
        let projector =
            Projector::new(log, store, known.clone(), settings, process).marking(marker, known);
        Self(Mutex::new(projector))
    }

    /// Comes back when a read model speaks for everything that is in the log now.
    ///
    /// # Errors
    /// See [`AbreastError`].
    pub async fn of<P: ReadModel>(&self, reader: &Reader<P>) -> Result<(), AbreastError> {
        let wanted = reader.log().length();
        self.until(|| async move {
            let spoken = reader.ask(Vec::new()).await?;
            if spoken.next >= wanted {
                return Ok(());
            }
            Err(QueryError::TooFarBehind { build: spoken.build, next: spoken.next, wanted })
        })
        .await
    }

    /// Asks until there is an answer: follows the log as long as there is none because of that.
    ///
    /// # Errors
    /// See [`AbreastError`]; the last answer, after some patience.
    pub async fn until<T, F>(&self, ask: impl Fn() -> F) -> Result<T, AbreastError>
    where
        F: Future<Output = Result<T, QueryError>>,
    {
        let begun = Instant::now();
        loop {
            let waits = match ask().await {
                Err(error @ (QueryError::TooFarBehind { .. } | QueryError::NotBuilt { .. })) => {
                    error
                }
                answer => return Ok(answer?),
            };
            if !self.follow().await? {
                if begun.elapsed() >= PATIENCE {
                    return Err(waits.into());
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }

    /// Follows the log to its end, if nobody else does; then gives way. Answers whether it has.
    async fn follow(&self) -> Result<bool, FollowError> {
        let mut projector = self.0.lock().await;
        loop {
            match projector.step().await {
                Ok(Step::TookIn(_)) => {}
                Ok(Step::UpToDate) => {
                    projector.give_way().await?;
                    return Ok(true);
                }
                Ok(Step::AnotherFollows) => return Ok(false),
                Err(error) => {
                    projector.give_way().await.ok(); // whoever can go on need not wait
                    return Err(error);
                }
            }
        }
    }
}
