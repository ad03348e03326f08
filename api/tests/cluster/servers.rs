//! One log on a double, one Redis, and `contactpoint serve` as often as wanted, each with keys of its own.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use api::{configuration::DEFAULT_ORIGIN, identity};
use event_log::{
    EventLog,
    keyring::{Keyring, KeyringError},
    keys::Keys,
    kurrent::{Expected, Operator, Settings},
    memory::Memory,
};
use kurrentdb_double::Double;
use projections::{
    compare::{Side, Summary, summary},
    known::Known,
    marks::Marker,
    projector::{Projector, Settings as Following},
    read_models::{self, Search, UnusualAccess},
    rederive::rederive,
    store::{Build, Embedded, Redis, Store},
};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    redis,
    world::{Authority, Who, World},
};

/// For how many seconds the lease on the read models lasts.
const LEASE_SECONDS: u64 = 2;

/// Where a ring is that belongs to no server.
const ASIDE: &str = "aside";

/// Copies a ring, once whoever had it open has let go of it.
async fn copied(from: &Path, to: &Path) {
    for _ in 0..100 {
        match Keyring::copy(from, to, DEFAULT_ORIGIN) {
            Ok(_) => return,
            Err(KeyringError::InUse(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the keys in {} stay in use", from.display());
}

/// What the servers of a test share.
pub(crate) struct Cluster {
    pub(crate) double: Double,
    pub(crate) redis: redis::Server,
    /// An authority whose people have tokens, and records that they may open.
    pub(crate) authority: Authority,
    pub(crate) children: Vec<Uuid>,
    /// Two officials, who erase together.
    pub(crate) officers: [Who; 2],
    folder: TempDir,
}

impl Cluster {
    /// A log with one authority and so many records.
    pub(crate) async fn with_children(number: usize) -> Self {
        let double = Double::start();
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("operator"), "ops:changed-2").unwrap();
        let settings = for_writing(&double);
        let keys = |who: &str| folder.path().join(who).join("keys");
        let log = EventLog::open_on_cluster(&settings, &keys("server-0")).await.unwrap();
        let world = World::over(log, Memory::new().into()).await;
        let authority = world.authority("Leeds").await;
        let mut children = Vec::new();
        for child in 0..number {
            children.push(world.child_named(&authority, &format!("Child {child}"), "Load").await);
        }
        let trusted = identity::published_keys(world.keys.path()).unwrap();
        let trusted = serde_json::to_string(&trusted).unwrap();
        fs::write(folder.path().join("jwks.json"), trusted).unwrap();
        let second = world.second_official().await;
        let World { directory, log, official, _running: running, .. } = world;
        running.stop().await;
        directory.close().await;
        drop((directory, log));
        // The ring that was open is the first server's; the others' are copies, which join when they start.
        for copy in ["server-1", "server-2", ASIDE] {
            copied(&keys("server-0"), &keys(copy)).await;
        }
        let (redis, officers) = (redis::Server::start(), [official, second]);
        Self { double, redis, authority, children, officers, folder }
    }

    /// Starts the server of this number, in its own data folder: again, if it was killed.
    pub(crate) fn start(&self, number: usize) -> Server {
        self.start_with(number, &[])
    }

    /// The same, with more arguments.
    pub(crate) fn start_with(&self, number: usize, more: &[&str]) -> Server {
        let (process, log) = self.spawn(number, &self.redis.address(), more);
        Server::listening(process, &log)
    }

    /// The same, with something between it and Redis.
    pub(crate) fn start_behind(&self, number: usize, between: &str) -> Server {
        let (process, log) = self.spawn(number, between, &[]);
        Server::listening(process, &log)
    }

    /// Starts one that is expected to end by itself. Answers how, and what it said.
    pub(crate) fn refused(&self, number: usize, more: &[&str]) -> (Option<i32>, String) {
        let (mut process, log) = self.spawn(number, &self.redis.address(), more);
        let code = process.wait().unwrap().code();
        (code, fs::read_to_string(log).unwrap())
    }

    fn spawn(&self, number: usize, read_models: &str, more: &[&str]) -> (Child, PathBuf) {
        let folder = self.folder.path();
        let log = folder.join(format!("server-{number}.log"));
        let process = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", &self.double.connection()])
            .args(["--log-nodes", "1", "--read-models", read_models])
            .args(["--read-models-lease", &LEASE_SECONDS.to_string()])
            .arg("--log-operator")
            .arg(folder.join("operator"))
            .arg("--jwks")
            .arg(folder.join("jwks.json"))
            .arg("--data")
            .arg(self.data(number))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(&log).unwrap())
            .spawn()
            .unwrap();
        (process, log)
    }

    /// The data folder of a server.
    pub(crate) fn data(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("server-{number}"))
    }

    /// Runs a command of the program on its rings of keys. Answers the exit code, and what it said.
    pub(crate) fn keys(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let done = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
            .arg("keys")
            .args(arguments)
            .env("CONTACTPOINT_LOG", self.double.connection())
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8(said).unwrap())
    }

    /// The log, without keys.
    pub(crate) async fn log(&self) -> EventLog {
        let settings = Settings::new(self.double.connection(), DEFAULT_ORIGIN);
        EventLog::read_on_cluster(&settings, Keys::Absent).await.unwrap()
    }

    /// The lease on the read models is gone, as if it had run out.
    pub(crate) fn lose_the_lease(&self) {
        self.redis.tell(&["DEL", "{contactpoint}:lease"]);
    }

    /// Every read model is what a fresh fold of the log makes of it.
    /// Nobody may follow the log any more. Answers how many were compared, and how many keys of them.
    pub(crate) async fn equal_to_a_fresh_fold(&self) -> (usize, u64) {
        let (log, store) = (self.log().await, Redis::at(&self.redis.address()).unwrap());
        let known = read_models::all();
        let (mut compared, mut keys) = (0, 0);
        for built in store.builds().await.unwrap() {
            if built.serving && !known.needs_marks(&built.build.name) {
                let found = rederive(&log, &known, (&store, &built.build), |_| ()).await.unwrap();
                assert_eq!((found.different, found.named), (0, vec![]), "{}", built.build);
                assert_eq!(found.next, log.length(), "{}", built.build);
                (compared, keys) = (compared + 1, keys + found.keys);
            }
        }
        let (marked, more) = self.marked_equal_to_a_fresh_fold(&store).await;
        (compared + marked, keys + more)
    }

    /// The same of those that are derived with the keys of the log: each holds what a fresh store holds that
    /// follows the whole log.
    async fn marked_equal_to_a_fresh_fold(&self, store: &Redis) -> (usize, u64) {
        let keys = self.folder.path().join(ASIDE).join("keys");
        let log = EventLog::open_on_cluster(&for_writing(&self.double), &keys).await.unwrap();
        let known = Known::none().and_marked::<Search>().and_marked::<UnusualAccess>();
        let fresh: Arc<dyn Store> = Arc::new(Embedded::temporary().unwrap());
        let kept = Arc::clone(&fresh);
        Projector::new(&log, kept, Known::none(), Following::default(), Uuid::now_v7())
            .marking(Marker::of(&log).unwrap(), known.clone())
            .catch_up()
            .await
            .unwrap();
        let (mut compared, mut keys) = (0, 0);
        for built in store.builds().await.unwrap() {
            if built.serving && known.needs_marks(&built.build.name) {
                let own = Build { number: 1, ..built.build.clone() };
                let ours = summary(Side { store: &*fresh, build: &own }).await.unwrap();
                let theirs = summary(Side { store, build: &built.build }).await.unwrap();
                let all = |it: &Summary| (it.next, it.documents, it.hash);
                assert_eq!(all(&theirs), all(&ours), "{}", built.build);
                assert_eq!(theirs.next, log.length(), "{}", built.build);
                (compared, keys) = (compared + 1, keys + theirs.documents);
            }
        }
        (compared, keys)
    }
}

/// The log as a server opens it.
fn for_writing(double: &Double) -> Settings {
    Settings {
        index: None,
        expected: Some(Expected {
            nodes: 1,
            operator: Operator::parse("ops:changed-2"),
            scavenges_approved: false,
        }),
        ..Settings::new(double.connection(), DEFAULT_ORIGIN)
    }
}

/// A server that is killed when it is dropped, by its own process number.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
    client: reqwest::Client,
}

impl Server {
    fn listening(mut process: Child, log: &Path) -> Self {
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("listening on ") else {
            panic!("it does not serve: {}", fs::read_to_string(log).unwrap());
        };
        Self { process, address: address.to_owned(), client: reqwest::Client::new() }
    }

    /// Its process number.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ends it at once, if something else has not.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) async fn health(&self) -> Value {
        let answer = self.client.get(format!("{}/health/ready", self.address)).send().await;
        answer.unwrap().json().await.unwrap()
    }

    /// Whether it is the one that follows the log into the read models.
    pub(crate) async fn follows(&self) -> bool {
        self.health().await["read_models"]["duty"] == "following"
    }

    /// Waits until this server knows of so many events, and the read models have taken them in.
    pub(crate) async fn abreast(&self, events: u64) {
        for _ in 0..3_000 {
            let health = self.health().await;
            if health["events"].as_u64() >= Some(events) && health["read_models"]["behind"] == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the read models stay behind: {}", self.health().await);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
