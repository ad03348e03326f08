//! The log on KurrentDB: on the double, or on a real server if `CONTACTPOINT_TEST_KURRENTDB` names one.

use std::sync::Arc;

use event_log::{
    backend::Backend,
    kurrent::{Expected, Kurrent, Operator, Settings},
};
use kurrentdb_double::Double;
use tempfile::TempDir;

/// The double, and the folder of the index.
pub(crate) struct Cluster {
    double: Double,
    index: TempDir,
}

impl Cluster {
    pub(crate) fn new() -> Self {
        Self { double: Double::start(), index: TempDir::new().unwrap() }
    }

    pub(crate) async fn open(&self) -> Arc<dyn Backend> {
        let connection = self.double.connection();
        let settings = Settings {
            index: Some(self.index.path().to_owned()),
            expected: Some(Expected {
                nodes: 1,
                operator: Operator::parse("ops:changed-2"),
                scavenges_approved: false,
            }),
            ..Settings::new(connection, "test.example/log")
        };
        Arc::new(Kurrent::open(&settings).await.unwrap())
    }

    /// The server dies and comes back.
    pub(crate) fn restart(&mut self) {
        self.double.kill(0);
        self.double.revive(0);
    }
}
