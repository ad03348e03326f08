//! Somebody has been erased: the tool shows how, proves it, and reads the rest as before. A court is given one
//! event, and with it nothing else.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use api::{configuration::ClockKind, directory::Directory};
use domain::{
    actor::{Actor, Role},
    child::Child,
    erasure::{self, Grounds},
    event::Event,
    identity::{ChildRef, OrganisationId, PractitionerId},
    policy::PolicyVersion,
    stream::Stream,
};
use event_log::{
    Commit, Context, EventLog, Options,
    codec::{Upcasts, event_from_json},
    keyring::OfflineKeys,
    log_keys::LogKeys,
    transparency_log::{Publish, TransparencyLog},
};
use serde_json::{Value, value::RawValue};
use tempfile::TempDir;
use uuid::Uuid;

use crate::demonstration::{Ran, replay};

const ORIGIN: &str = "contactpoint.example/erased";

fn subject(number: u128) -> Uuid {
    Uuid::from_u128(0x5eed_0000_0000_4000_8000_0000_0000_0000 | number)
}

fn officer(number: u128) -> Actor {
    let id = PractitionerId::new(Uuid::from_u128(0xffff_0000 | number));
    Actor::person(id, Role::Official, OrganisationId::DEPARTMENT)
}

async fn write(log: &EventLog, stream: Stream, event: Event, by: Actor) -> u64 {
    let context = Context {
        command: Uuid::now_v7(),
        at: "2029-01-01T00:00:00Z".parse().unwrap(),
        by,
        policy: PolicyVersion::default(),
        correlation: None,
        causation: None,
        request_digest: None,
    };
    if let Some(subject) = stream.subject().filter(|_| !matches!(stream, Stream::Erasure(_))) {
        let known = Context { command: Uuid::new_v5(&subject, b"key"), ..context };
        log.create_subject(subject, known).await.unwrap();
    }
    let reading = log.reading();
    if let Stream::Access(child) = stream {
        reading.fold::<Child>(Stream::Child(child)).await.unwrap();
    }
    let commit = Commit { stream, events: vec![event], reading, context };
    log.commit(commit).await.unwrap()[0].stamp.position
}

/// The first golden sample of a kind.
fn sample(name: &str) -> Event {
    let category = name.split('.').next().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../fixtures/histories/{category}.jsonl"));
    let text = fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.contains(name)).unwrap();
    let data: Value = serde_json::from_str(line).unwrap();
    let raw: Box<RawValue> = serde_json::from_str(&data["data"].to_string()).unwrap();
    event_from_json(name, &raw, &Upcasts::current()).unwrap()
}

struct Folder {
    dir: TempDir,
    /// An opening of the erased record, and one of the other record.
    opened: [u64; 2],
}

/// Two records, each opened once; the first is erased.
async fn prepared() -> Folder {
    let dir = TempDir::new().unwrap();
    let options = Options { origin: ORIGIN.to_owned() };
    let log = EventLog::open(dir.path(), &options).unwrap();
    let keys = LogKeys::init(&dir.path().join("keys"), ORIGIN).unwrap();
    let directory = Directory::over(log.clone(), ClockKind::System).await.unwrap();
    let published = TransparencyLog::open(&log, dir.path(), keys).unwrap();
    let mut opened = [0; 2];
    for (at, number) in [1, 2].into_iter().enumerate() {
        let child = ChildRef::new(subject(number));
        let record = sample("child.record-created/1");
        write(&log, Stream::Child(child), record, officer(1)).await;
        let look = sample("access.record-opened/1");
        opened[at] = write(&log, Stream::Access(child), look, officer(3)).await;
    }
    published.step(1, Publish::Always).await.unwrap();
    erase(&directory, subject(1)).await;
    published.step(2, Publish::Always).await.unwrap();
    Folder { dir, opened }
}

async fn erase(directory: &Directory, subject: Uuid) {
    let (log, stream, grounds) =
        (directory.log(), Stream::Erasure(subject), Grounds::OrderedByCourt);
    let (first, second) = (officer(1), officer(2));
    let (proposed_by, authorised_by) = (first.id.unwrap(), second.id.unwrap());
    let proposed = erasure::Event::Proposed { grounds, rule: None };
    write(log, stream, proposed.into(), first).await;
    let authorised = erasure::Event::Authorised { proposed_by, grounds };
    write(log, stream, authorised.into(), second).await;
    let holders = directory.eraser().holders();
    let begun = erasure::Event::Begun { grounds, rule: None, proposed_by, authorised_by, holders };
    write(log, stream, begun.into(), first).await;
    directory.eraser().finish(subject, directory.clock()).await.unwrap();
}

impl Folder {
    fn replay(&self, arguments: &[&str]) -> Ran {
        replay(self.dir.path(), arguments)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

#[test]
fn an_erasure_is_shown_proven_and_certified() {
    let folder = block(prepared());
    let (gone, out) = (subject(1).to_string(), folder.path("certified"));
    let shown = folder.replay(&["erasure", &gone, "--certificate", out.to_str().unwrap()]).good();
    for step in
        ["proposed", "authorised", "begun", "key-destroyed", "holder-purged", "subject-erased"]
    {
        assert!(shown.out.contains(&format!("erasure.{step}/1")), "{step}: {}", shown.out);
    }
    assert!(shown.said.contains("all proven under one checkpoint"), "{}", shown.said);
    let page = fs::read_to_string(out.join(format!("erasure-{gone}.html"))).unwrap();
    assert!(page.contains("ordered-by-court") && !page.contains("http"), "nothing from elsewhere");

    let policy = folder.path("policy");
    let keys = LogKeys::verifiers_in(&folder.path("keys")).unwrap();
    let lines: Vec<String> = keys.iter().map(|key| format!("log {key}")).collect();
    fs::write(&policy, lines.join("\n") + "\nquorum none\n").unwrap();
    let certificate = out.join(format!("erasure-{gone}.json"));
    let check = |file: &Path| {
        let arguments =
            ["erasure", "--check", file.to_str().unwrap(), "--policy", policy.to_str().unwrap()];
        folder.replay(&arguments)
    };
    assert!(check(&certificate).good().out.contains("ordered-by-court"));
    let forged = folder.path("forged.json");
    let text = fs::read_to_string(&certificate).unwrap();
    fs::write(&forged, text.replace("ordered-by-court", "request-upheld")).unwrap();
    assert_eq!(check(&forged).code, 4);
    assert_eq!(folder.replay(&["erasure", &subject(9).to_string()]).code, 3);
}

#[test]
fn afterwards_everything_reads_as_before_and_says_what_is_gone() {
    let folder = block(prepared());
    let (gone, kept) = (subject(1).to_string(), subject(2).to_string());
    let under = "under ordered-by-court";
    let trail = folder.replay(&["trail", &gone]).good();
    assert!(trail.out.contains("opened") && trail.out.contains(under), "{}", trail.out);
    assert!(!folder.replay(&["trail", &kept]).good().out.contains("erased"));
    let position = folder.opened[0].to_string();
    let screen = folder.replay(&["screen", &position]).good();
    assert!(screen.said.contains(under) && !screen.said.contains("sealed"), "{}", screen.said);
    assert!(screen.out.contains(r#"{"erased":true}"#) && !screen.out.contains("sealed"));
    let other = folder.replay(&["screen", &folder.opened[1].to_string()]).good();
    assert!(other.said.contains("sealed, not erased"), "{}", other.said);
    assert!(other.out.contains(r#"{"sealed":true}"#) && !other.out.contains("erased"));
    let at = |subject: &str| folder.replay(&["at", &format!("child-{subject}")]).good();
    assert!(at(&gone).out.contains(under) && !at(&gone).out.contains("(sealed)"));
    assert!(at(&kept).out.contains("(sealed)") && at(&kept).said.contains("not erased"));
    let explained = folder.replay(&["explain", &position]);
    assert!(explained.said.contains(under), "{} {}", explained.code, explained.said);
    let told = folder.replay(&["log", "--subject", &gone, "--content"]).good();
    assert!(told.out.contains(under), "{}", told.out);
    folder.replay(&["verify"]).good();
}

fn bytes(dir: &Path, below: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes(&path, below, found);
        } else {
            let name = path.strip_prefix(below).unwrap().display().to_string();
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn read(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    bytes(dir, dir, &mut found);
    found
}

/// The key of one event, as the server hands it out.
fn key_of(folder: &Folder, position: u64) -> PathBuf {
    let key = block(async {
        let options = Options { origin: ORIGIN.to_owned() };
        let log = EventLog::open(folder.dir.path(), &options).unwrap();
        log.event_key(position).await.unwrap().unwrap()
    });
    let file = folder.path("event.keys");
    fs::write(&file, OfflineKeys::of_events(vec![key]).to_json().as_str()).unwrap();
    file
}

#[test]
fn a_court_is_given_one_event_in_a_bag_and_nothing_else_opens() {
    let folder = block(prepared());
    let position = folder.opened[1];
    let keys = key_of(&folder, position);
    let record = subject(2).to_string();
    let make = |name: &str| {
        let out = folder.path(name);
        let arguments = [
            "export",
            "--format",
            "bundle",
            "--out",
            out.to_str().unwrap(),
            "--keys",
            keys.to_str().unwrap(),
            "--subject",
            &record,
            "--made-by",
            "The records officer of Northmere",
            "--made-for",
            "Leeds County Court",
            "--reference",
            "Order 17",
        ];
        folder.replay(&arguments).good();
        read(&out)
    };
    let bag = make("bag");
    assert_eq!(bag, make("again"), "the same choice gives the same bytes");
    let opened: Vec<&String> = bag.keys().filter(|name| name.starts_with("data/opened/")).collect();
    assert_eq!(opened, [&format!("data/opened/{position}.json")], "one key opens one event");
    let event: Value = serde_json::from_slice(&bag[opened[0]]).unwrap();
    assert!(event["access.record-opened/1"].to_string().contains("$personal"), "{event}");
    assert!(bag.keys().filter(|name| name.ends_with(".tlog-proof")).count() >= 3);
    let custody: Value = serde_json::from_slice(&bag["data/custody.json"]).unwrap();
    assert_eq!(custody["custody"]["made_by"], "The records officer of Northmere");
    assert_eq!(custody["custody"]["made_for"], "Leeds County Court");
    assert_eq!(custody["log"]["origin"], ORIGIN);
    is_a_bag(&folder.path("bag"), &bag);
}

/// As RFC 8493 says; and as the Library of Congress's own program says, where it is installed.
#[expect(clippy::print_stderr, reason = "a check that is left out is said aloud")]
fn is_a_bag(dir: &Path, bag: &BTreeMap<String, Vec<u8>>) {
    let declared = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    assert_eq!(String::from_utf8_lossy(&bag["bagit.txt"]), declared);
    let sums = Command::new("sha256sum")
        .args(["--check", "--strict", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stderr));
    let manifest = String::from_utf8(bag["manifest-sha256.txt"].clone()).unwrap();
    let listed: Vec<&str> = manifest.lines().map(|line| line.split_once("  ").unwrap().1).collect();
    let payload: Vec<&String> = bag.keys().filter(|name| name.starts_with("data/")).collect();
    assert_eq!(listed, payload, "every payload file is listed, and nothing else");
    let installed = Command::new("python3").args(["-c", "import bagit"]).output();
    if installed.is_ok_and(|python| python.status.success()) {
        let said =
            Command::new("python3").args(["-m", "bagit", "--validate"]).arg(dir).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    } else {
        eprintln!(
            "SKIPPED: Python's bagit is not installed; the bag was checked by our own reading of RFC 8493"
        );
    }
}
