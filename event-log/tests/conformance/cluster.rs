//! The log on KurrentDB: on a double of its own, or on the server that `CONTACTPOINT_TEST_KURRENTDB` names.
//!
//! On such a server each test has streams of its own, under a prefix that no other test has, so it need not
//! be empty, and nothing is left to be found by a log that begins with another prefix.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use event_log::{
    backend::Backend,
    kurrent::{Expected, Kurrent, Operator, Settings},
};
use kurrentdb_double::Double;
use tempfile::TempDir;

/// Where the log is, and the folder of the index.
pub(crate) struct Cluster {
    server: Server,
    index: TempDir,
}

enum Server {
    Double(Box<Double>),
    Named { connection: String, prefix: String },
}

impl Cluster {
    pub(crate) fn new() -> Self {
        let server = match std::env::var("CONTACTPOINT_TEST_KURRENTDB") {
            Ok(connection) => Server::Named { connection, prefix: prefix() },
            Err(_) => Server::Double(Box::new(Double::start())),
        };
        Self { server, index: TempDir::new().unwrap() }
    }

    pub(crate) async fn open(&self) -> Arc<dyn Backend> {
        const ORIGIN: &str = "test.example/log";
        let settings = match &self.server {
            Server::Double(double) => Settings {
                expected: Some(Expected {
                    nodes: 1,
                    operator: Operator::parse("ops:changed-2"),
                    scavenges_approved: false,
                }),
                ..Settings::new(double.connection(), ORIGIN)
            },
            // How it is set up is its operator's business, and not what is tested.
            Server::Named { connection, prefix } => Settings {
                prefix: prefix.clone(),
                expected: None,
                ..Settings::new(connection, ORIGIN)
            },
        };
        let index = Some(self.index.path().to_owned());
        Arc::new(Kurrent::open(&Settings { index, ..settings }).await.unwrap())
    }

    /// The server dies and comes back; one that others run only sees that the log is opened again.
    pub(crate) fn restart(&mut self) {
        if let Server::Double(double) = &mut self.server {
            double.kill(0);
            double.revive(0);
        }
    }
}

fn prefix() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("cptest-{now}-{}-{number}-", std::process::id())
}
