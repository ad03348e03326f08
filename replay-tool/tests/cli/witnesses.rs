//! Two parties on one network watch each other: each runs a witness of the other's log, a process of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use actix_web::rt::System;
use api::{
    configuration::ClockKind,
    directory::Directory,
    now::Clock,
    publication::{Addressee, Named, Publication, SignedBy},
    set_up::set_up,
};
use domain::identity::PractitionerId;
use event_log::{
    EventLog,
    log_keys::LogKeys,
    transparency::{Checkpoint, Policy, Signed, note::VerifierKey, witness::AddCheckpoint},
    transparency_log::TransparencyLog,
};
use tempfile::TempDir;
use uuid::Uuid;

const NOW: u64 = 1_245_664_800;

/// A witness that runs, and ends with the test.
struct Running {
    process: Child,
    url: String,
    keys: Vec<VerifierKey>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn witness(state: &Path, name: &str, logs: &[VerifierKey]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    command.args(["witness", "--listen", "127.0.0.1:0", "--name", name, "--state"]).arg(state);
    for key in logs {
        command.args(["--watch", &key.to_string()]);
    }
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let keys = [lines.next().unwrap(), lines.next().unwrap()];
    let url = lines.next().unwrap().strip_prefix("listening on ").unwrap().to_owned();
    Running { process, url, keys: keys.iter().map(|key| key.parse().unwrap()).collect() }
}

impl Running {
    fn addressee(&self) -> Addressee {
        let named: Named = format!("{}+{}", self.url, self.keys[0]).parse().unwrap();
        Addressee { keys: self.keys.clone(), ..named.0[0].clone() }
    }

    /// Status, content type and body of the answer.
    fn post(&self, body: &str) -> (u16, String, String) {
        answer(agent().post(format!("{}/add-checkpoint", self.url)).send(body).unwrap())
    }

    fn last(&self, origin: &str) -> (u16, String, String) {
        let hash = hex::encode(sha256(origin.as_bytes()));
        answer(agent().get(format!("{}/{hash}/checkpoint", self.url)).call().unwrap())
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    <sha2::Sha256 as sha2::Digest>::digest(bytes).to_vec()
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn answer(mut answer: ureq::http::Response<ureq::Body>) -> (u16, String, String) {
    let media =
        answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), media.unwrap_or_default(), body)
}

/// A party: its log, as it is published.
struct Party {
    folder: TempDir,
    directory: Directory,
    log: Arc<TransparencyLog>,
}

impl Party {
    async fn new(origin: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let keys = LogKeys::init(&folder.path().join("keys"), origin).unwrap();
        let events = EventLog::memory().unwrap();
        let log = TransparencyLog::open(&events, folder.path(), keys).unwrap();
        let directory = Directory::over(events, ClockKind::System).await.unwrap();
        Self { folder, directory, log: Arc::new(log) }
    }

    /// Something is recorded.
    async fn works(&self) {
        let official = PractitionerId::new(Uuid::now_v7());
        set_up(&self.directory, official, "Jane Doe".try_into().unwrap()).await.unwrap();
    }

    /// Waits until a checkpoint that covers everything has been cosigned.
    async fn cosigned(&self) -> Arc<Signed> {
        let length = self.directory.log().length();
        let mut published = self.log.watch();
        loop {
            if let Some(signed) = self.log.cosigned().filter(|it| it.checkpoint().size >= length) {
                return signed;
            }
            published.changed().await.unwrap();
        }
    }

    fn keys(&self) -> LogKeys {
        LogKeys::open(&self.folder.path().join("keys"), self.log.verifiers()[0].name()).unwrap()
    }

    fn signed(&self, size: u64, root: [u8; 32]) -> Signed {
        let origin = self.keys().origin().to_owned();
        Signed::sign(Checkpoint { origin, size, root }, self.keys().signing(), NOW).unwrap()
    }
}

#[test]
fn two_parties_watch_each_other_and_neither_can_go_back() {
    System::new().block_on(async {
        let limit = Duration::from_secs(120);
        tokio::time::timeout(limit, watch_each_other()).await.expect("cosigned within two minutes");
    });
}

async fn watch_each_other() {
    let (one, two) = (Party::new("one.example/log").await, Party::new("two.example/log").await);
    let states = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let of_one = witness(states.0.path(), "witness.two.example", &one.log.verifiers());
    let of_two = witness(states.1.path(), "witness.one.example", &two.log.verifiers());
    let clock = Clock::system(None);
    let publications = [
        Publication::begin(
            Arc::clone(&one.log),
            &clock,
            (SignedBy::Here, vec![of_one.addressee()]),
        ),
        Publication::begin(
            Arc::clone(&two.log),
            &clock,
            (SignedBy::Here, vec![of_two.addressee()]),
        ),
    ];
    // Twice, so that the second goes on from the first.
    for _ in 0..2 {
        for (party, witness) in [(&one, &of_one), (&two, &of_two)] {
            party.works().await;
            let signed = party.cosigned().await;
            let policy = policy(&party.log.verifiers(), &witness.keys);
            assert_eq!(policy.accept(&signed).unwrap().witnesses.len(), 2);
            assert!(party.log.best_receipt(0).unwrap().is_some_and(|it| it.checkpoint == *signed));
            let (code, _, last) = witness.last(party.keys().origin());
            assert_eq!(code, 200);
            let last = Signed::parse(last.as_bytes()).unwrap();
            assert!(last.checkpoint().size >= signed.checkpoint().size);
        }
    }
    for publication in publications {
        publication.end().await.unwrap();
    }
    refusals(&one, &of_one);
    // It remembers after it was killed, and keeps its keys.
    drop(of_one);
    let again = witness(states.0.path(), "witness.two.example", &one.log.verifiers());
    refusals(&one, &again);
}

/// What a witness answers to what it must not cosign.
fn refusals(party: &Party, witness: &Running) {
    let (status, _, last) = witness.last(party.keys().origin());
    assert_eq!(status, 200);
    let seen = Signed::parse(last.as_bytes()).unwrap().checkpoint().clone();
    let more = seen.size.saturating_add(1);
    let ask =
        |old, checkpoint: Signed| AddCheckpoint { old, proof: vec![], checkpoint }.to_string();
    let forked = ask(seen.size, party.signed(seen.size, [7; 32]));
    assert_eq!(witness.post(&forked).0, 422);
    let (status, media, size) = witness.post(&ask(0, party.signed(seen.size, seen.root)));
    assert_eq!((status, media.as_str()), (409, "text/x.tlog.size"));
    assert_eq!(size, format!("{}\n", seen.size));
    assert_eq!(witness.post(&ask(more, party.signed(seen.size, seen.root))).0, 400);
    assert_eq!(witness.post("nonsense").0, 400);
    let good = ask(seen.size, party.signed(seen.size, seen.root));
    assert_eq!(witness.post(&good.replace("one.example", "six.example")).0, 404);
    let size = format!("\n{}\n", seen.size);
    assert_eq!(witness.post(&good.replacen(&size, &format!("\n{more}\n"), 1)).0, 403);
    assert_eq!(witness.last("six.example/log").0, 404);
    assert_eq!(witness.post(&good).0, 200, "the same once more says that there is nothing new");
}

fn policy(log: &[VerifierKey], witness: &[VerifierKey]) -> Policy {
    let mut lines: Vec<String> = log.iter().map(|key| format!("log {key}\n")).collect();
    for (number, key) in witness.iter().enumerate() {
        lines.push(format!("witness w{number} {key}\n"));
    }
    lines.push("group g all w0 w1\nquorum g\n".to_owned());
    Policy::parse(lines.concat().as_bytes()).unwrap()
}

#[test]
fn a_witness_of_nothing_is_a_mistake() {
    let state = TempDir::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_replay"))
        .args(["witness", "--name", "w.example", "--state"])
        .arg(state.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--watch KEY"));
}
