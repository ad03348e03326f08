//! The log that a test is made on: in memory, or on a double of a cluster.

#[cfg(feature = "kurrentdb")]
use std::cell::Cell;

use event_log::EventLog;

#[cfg(feature = "kurrentdb")]
thread_local! {
    static ON_THE_DOUBLE: Cell<bool> = const { Cell::new(false) };
}

/// Makes a test on the double: its runtime is made on this thread, and so is its log.
#[cfg(feature = "kurrentdb")]
pub(crate) fn on_the_double(test: fn()) {
    ON_THE_DOUBLE.set(true);
    test();
    ON_THE_DOUBLE.set(false);
}

/// How many of these rounds are made: each goes over a network there.
pub(crate) fn rounds<T: Copy>(rounds: &[T]) -> Vec<T> {
    #[cfg(feature = "kurrentdb")]
    if ON_THE_DOUBLE.get() {
        return rounds.iter().take(1).copied().collect();
    }
    rounds.to_vec()
}

/// An empty log.
#[cfg_attr(
    not(feature = "kurrentdb"),
    expect(clippy::unused_async, reason = "only a cluster is opened over a network")
)]
pub(crate) async fn fresh() -> EventLog {
    #[cfg(feature = "kurrentdb")]
    if ON_THE_DOUBLE.get() {
        return double::log().await;
    }
    EventLog::memory().unwrap()
}

#[cfg(feature = "kurrentdb")]
mod double {
    use std::sync::Arc;

    use event_log::{
        EventLog,
        keyring::Keyring,
        keys::Keys,
        kurrent::{Kurrent, Settings},
    };
    use kurrentdb_double::Double;

    const ORIGIN: &str = "contactpoint.example/double";

    pub(super) async fn log() -> EventLog {
        // It lasts as long as the process that the test has for itself.
        let double: &Double = Box::leak(Box::new(Double::start()));
        let settings = Settings { expected: None, ..Settings::new(double.connection(), ORIGIN) };
        let log = Kurrent::open(&settings).await.unwrap();
        let ring = Keyring::memory(ORIGIN).unwrap();
        EventLog::over(Arc::new(log), Keys::Ring(Arc::new(ring)))
    }
}
