//! The program, as processes that are started, asked, and killed.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use api::{
    configuration::ClockKind,
    demonstration,
    directory::{Directory, Keeping},
    identity::{self, TokenRequest},
};
use domain::{actor::Role, identity::OrganisationId};
use event_log::Options;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A data folder in which the demonstration has been told, with an auditor's token.
pub(crate) struct Folder {
    pub(crate) dir: TempDir,
    pub(crate) auditor: String,
}

impl Folder {
    pub(crate) async fn told() -> Self {
        let dir = TempDir::new().unwrap();
        let options = Options { origin: api::configuration::DEFAULT_ORIGIN.to_owned() };
        let keeping = Keeping::default();
        let directory =
            Directory::open(dir.path(), &options, ClockKind::System, &keeping).await.unwrap();
        demonstration::load(&directory).await.unwrap();
        directory.close().await;
        drop(directory);
        identity::open_or_create(dir.path()).unwrap();
        let auditor = demonstration::visitors().into_iter().find(|it| it.role == Role::Auditor);
        let request = TokenRequest {
            person: auditor.unwrap().person,
            role: Role::Auditor,
            organisation: OrganisationId::DEPARTMENT,
            on_behalf_of: None,
            audience: None,
            seconds: 3_600,
            second_factor: true,
        };
        let auditor = identity::issue(dir.path(), &request).unwrap();
        Self { dir, auditor }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// The program with the store that is meant.
pub(crate) fn contactpoint(folder: &Folder, action: &[&str], store: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contactpoint"));
    command.args(action).args(["--read-models", store, "--data"]).arg(folder.path());
    command
}

pub(crate) fn run(folder: &Folder, action: &[&str], store: &str) -> Output {
    contactpoint(folder, action, store).output().unwrap()
}

/// A server that is killed when it is dropped, by its own process number.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
    client: reqwest::Client,
}

impl Server {
    pub(crate) fn start(folder: &Folder, store: &str) -> Self {
        let action = [
            "serve",
            "--development-issuer",
            "--clock",
            "demonstration",
            "--listen",
            "127.0.0.1:0",
            "--read-models-lease",
            "1",
        ];
        let mut process = contactpoint(folder, &action, store)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").expect(&line).to_owned();
        Self { process, address, client: reqwest::Client::new() }
    }

    /// Ends it at once.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) async fn health(&self) -> Value {
        let answer = self.client.get(format!("{}/health/ready", self.address)).send().await;
        answer.unwrap().json().await.unwrap()
    }

    /// What was seen, in an answer that knows of everything recorded so far. Nobody is kept waiting for longer than
    /// ten seconds, and the lease of whoever was killed lasts as long: so it is asked again.
    pub(crate) async fn seen(&self, folder: &Folder) -> Value {
        let events = self.health().await["events"].as_u64().unwrap();
        for _ in 0..6 {
            let answer = self.asked_for_sights(folder, events - 1).await;
            let (status, answer) = (answer.status(), answer.json::<Value>().await.unwrap());
            if status == 200 {
                return answer;
            }
            assert_eq!(
                (status.as_u16(), &answer["type"]),
                (503, &json!("/problems/read-models-building"))
            );
        }
        panic!("nobody has taken over: {}", self.health().await);
    }

    async fn asked_for_sights(&self, folder: &Folder, position: u64) -> reqwest::Response {
        let asked = self
            .client
            .post(format!("{}/sights/queries?limit=10000", self.address))
            .bearer_auth(&folder.auditor)
            .header("consistency-token", format!("p{position}"))
            .header("prefer", "wait=10")
            .json(&json!({
                "reason": {"code": "audit", "text": "Weekly review."},
                "from": "2009-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z",
            }));
        asked.send().await.unwrap()
    }

    pub(crate) async fn feed(&self, folder: &Folder, after: u64) -> reqwest::Response {
        let asked = self
            .client
            .get(format!("{}/feed", self.address))
            .bearer_auth(&folder.auditor)
            .header("reason-code", "audit")
            .header("reason", "Watching.")
            .header("last-event-id", after.to_string());
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
