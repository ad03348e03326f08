//! The demonstration's log on a cluster: verified, tampered with, proved, exported, as from a folder.

use std::{fs, path::Path, sync::Arc};

use event_log::{
    backend::Backend,
    copying,
    embedded::read_only::ReadOnly,
    kurrent::{Kurrent, Settings},
};
use kurrentdb_double::Double;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    demonstration::{Ran, replay},
    published::{ORIGIN, copy, sign},
};

/// The log on a double, and a data folder that has everything but the log.
struct Cluster {
    double: Double,
    folder: TempDir,
}

impl Cluster {
    fn published() -> Self {
        let (double, folder) = (Double::start(), copy());
        let from = ReadOnly::open(folder.path()).unwrap();
        let threads = tokio::runtime::Runtime::new().unwrap();
        threads.block_on(async {
            let settings =
                Settings { expected: None, ..Settings::new(double.connection(), ORIGIN) };
            let to: Arc<dyn Backend> = Arc::new(Kurrent::open(&settings).await.unwrap());
            copying::copy(&from, &*to, |_| std::ops::ControlFlow::Continue(())).await.unwrap();
        });
        drop(from);
        fs::remove_dir_all(folder.path().join("log")).unwrap();
        Self { double, folder }
    }

    fn replay(&self, arguments: &[&str]) -> Ran {
        let connection = self.double.connection();
        let log = ["--log", &connection, "--origin", ORIGIN];
        replay(self.folder.path(), &[&log, arguments].concat())
    }

    fn found(&self) -> (Option<u64>, String) {
        let ran = self.replay(&["verify", "--format", "json"]);
        assert_eq!(ran.code, 4, "{}\n{}", ran.out, ran.said);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        let first = &report["findings"][0];
        (first["position"].as_u64(), ran.said)
    }
}

/// The names and bytes of the files under a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[test]
fn a_log_on_a_cluster_is_verified_proved_and_exported_as_from_a_folder() {
    let (cluster, embedded) = (Cluster::published(), copy());
    let verify = ["verify", "--format", "json"];
    let here = replay(embedded.path(), &verify).good();
    let there = cluster.replay(&verify).good();
    assert_eq!(here.out, there.out, "the same in each figure");
    let report: Value = serde_json::from_str(&there.out).unwrap();
    assert_eq!((&report["tree"], report["checkpoints"].as_u64()), (&report["events"], Some(5)));

    let out = TempDir::new().unwrap();
    let mut written = Vec::new();
    for (name, of) in [("here", None), ("there", Some(&cluster))] {
        let (proof, tiles) = (out.path().join(format!("{name}.proof")), out.path().join(name));
        let prove = ["prove", "150", "--out", proof.to_str().unwrap()];
        let export = ["export", "--out", tiles.to_str().unwrap()];
        for command in [&prove[..], &export[..]] {
            match of {
                None => replay(embedded.path(), command).good(),
                Some(cluster) => cluster.replay(command).good(),
            };
        }
        let tiles: Vec<_> = files(&tiles)
            .into_iter()
            .map(|(path, bytes)| (path.replace(&format!("/{name}/"), "/"), bytes))
            .collect();
        written.push((fs::read(proof).unwrap(), tiles));
    }
    assert!(written[0].1.len() > 5);
    assert_eq!(written[0], written[1], "the same, byte for byte");
}

#[test]
fn what_is_wrong_with_a_log_on_a_cluster_is_found() {
    let cluster = Cluster::published();
    // A checkpoint that somebody with the keys signed over something else.
    let path = cluster.folder.path().join("checkpoints/200.note");
    let kept = fs::read(&path).unwrap();
    fs::write(&path, sign(cluster.folder.path(), 200, [7; 32]).to_string()).unwrap();
    let (position, said) = cluster.found();
    assert_eq!(position, None);
    assert!(said.contains("checkpoints/200.note"), "{said}");
    fs::write(&path, kept).unwrap();
    // An entry, changed by whoever may write to the database.
    let all = cluster.double.log().everything();
    let ours: Vec<_> = all
        .iter()
        .filter(|event| event.stream.starts_with("cp-") && event.stream != "cp-genesis")
        .collect();
    cluster.double.log().tamper(ours[150].position, |event| {
        let text = String::from_utf8(event.event.data.clone()).unwrap();
        event.event.data = text.replacen("\"v\":1", "\"v\": 1", 1).into_bytes();
    });
    let (position, said) = cluster.found();
    assert_eq!(position, Some(150), "{said}");
    // And of the log alone, held against a checkpoint that somebody kept.
    let kept = cluster.folder.path().join("checkpoints/checkpoint");
    let policy = cluster.folder.path().join("log.policy");
    let keys = fs::read_to_string(cluster.folder.path().join("keys/log-signing.pub")).unwrap();
    let logs: Vec<_> = keys.lines().map(|key| format!("log {key}\n")).collect();
    fs::write(&policy, logs.concat() + "quorum none\n").unwrap();
    let connection = cluster.double.connection();
    let alone = std::process::Command::new(env!("CARGO_BIN_EXE_replay"))
        .args(["--log", &connection, "--origin", ORIGIN, "verify"])
        .args(["--policy", policy.to_str().unwrap(), "--compare", kept.to_str().unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8(alone.stderr).unwrap();
    assert_eq!(alone.status.code(), Some(4), "{said}");
}
