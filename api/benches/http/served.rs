//! The real server, in a process of its own.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    client::{Connection, get},
    cores::Cores,
    prepared::{ORIGIN, Prepared},
};

/// For how long read models may stand still: several times the lease of whoever follows the log.
const STANDSTILL: Duration = Duration::from_secs(120);

/// A server that runs, and is stopped with this.
pub(crate) struct Served {
    process: Child,
    pub(crate) address: String,
    pub(crate) events: u64,
}

impl Served {
    /// Starts it, and waits until its read models have taken in the log.
    pub(crate) async fn start(prepared: &Prepared, program: Option<&Path>) -> Self {
        let folder = prepared.folder.as_path();
        let lines = File::create(folder.join("served.jsonl")).unwrap();
        let built = Path::new(env!("CARGO_BIN_EXE_contactpoint"));
        let mut process = Command::new(program.unwrap_or(built))
            .args(["serve", "--development-issuer", "--listen", "127.0.0.1:0"])
            .args(["--clock", "demonstration", "--origin", ORIGIN, "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(lines)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").expect("it serves");
        let mut served = Self { address: address.to_owned(), process, events: 0 };
        served.events = served.caught_up().await;
        served
    }

    /// Waits until no read model is behind; says how many events there are. A server whose read models stand
    /// still is not waited for.
    pub(crate) async fn caught_up(&self) -> u64 {
        let (mut before, mut moved) = (Value::Null, Instant::now());
        let mut said = Instant::now();
        loop {
            let mut connection = Connection::to(&self.address).await;
            let ready: Value =
                serde_json::from_slice(connection.ask(&get("/health/ready")).await).unwrap();
            if ready["read_models"]["behind"] == 0 {
                return ready["events"].as_u64().unwrap();
            }
            if said.elapsed() >= SAID_EVERY {
                said = Instant::now();
                say(&ready);
            }
            if ready != before {
                (before, moved) = (ready, Instant::now());
            }
            assert!(moved.elapsed() < STANDSTILL, "the read models stand still: {before}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// For how long each kind of its threads was on a core so far.
    pub(crate) fn cores(&self) -> Cores {
        Cores::of(&self.process.id().to_string())
    }

    /// Tells it to stop, and sees that it ended well.
    pub(crate) fn stop(mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.process.wait().unwrap().success(), "it ended badly");
    }
}

/// How often it is said how far read models have come, where building them takes long.
const SAID_EVERY: Duration = Duration::from_secs(15);

/// Says of the build that is furthest behind how far it has come.
fn say(ready: &Value) {
    let building = ready["read_models"]["building"].as_array().into_iter().flatten();
    let Some(last) = building.min_by_key(|build| build["taken_in"].as_u64()) else { return };
    eprintln!(
        "read models are being built: {} of {} events, {:.0} a second, {} seconds left",
        last["taken_in"],
        ready["events"],
        last["rate"].as_f64().unwrap_or_default(),
        last["remaining_seconds"],
    );
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended already, unless a measurement failed.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
