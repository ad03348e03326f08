//! The real process publishes its log, and refuses to go on with one that contradicts what it signed.

use std::{fs, path::Path};

use event_log::{
    log_keys::LogKeys,
    transparency::{Policy, Signed, note::VerifierKey},
};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::process::{run, serve, stop};

/// A folder that was set up, its signing keys made, and an official's token.
struct Office {
    data: TempDir,
    bearer: String,
}

impl Office {
    fn new() -> Self {
        let data = TempDir::new().unwrap();
        let (folder, official) = (data.path().to_str().unwrap(), Uuid::now_v7().to_string());
        assert_eq!(run(&["keys", "init", "--data", folder]).0, Some(0));
        let set_up = ["set-up", "--data", folder, "--official", &official, "--name", "Jane Doe"];
        assert_eq!(run(&set_up).0, Some(0));
        stop(serve(&data));
        let token = ["token", "--data", folder, "--role", "official", "--person", &official];
        Self { bearer: run(&token).1.trim().to_owned(), data }
    }

    /// Serves, has so many organisations registered, and stops.
    async fn works(&self, number: usize) {
        let served = serve(&self.data);
        for _ in 0..number {
            let made = reqwest::Client::new()
                .post(format!("{}/organisations", served.address))
                .bearer_auth(&self.bearer)
                .json(&json!({"kind": "other", "name": "A body"}))
                .send()
                .await
                .unwrap();
            assert_eq!(made.status(), 201);
        }
        stop(served);
    }

    fn published(&self) -> Signed {
        let file = self.data.path().join("checkpoints/checkpoint");
        Signed::parse(&fs::read(file).unwrap()).unwrap()
    }

    /// Starting it, for whoever expects that it ends by itself.
    fn refuses(&self) -> (Option<i32>, String) {
        let folder = self.data.path().to_str().unwrap();
        let serve = ["serve", "--development-issuer", "--listen", "127.0.0.1:0", "--data", folder];
        let (code, _, said) = run(&serve);
        (code, said)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn keys_are_made_once_and_the_public_ones_printed() {
    let data = TempDir::new().unwrap();
    let init =
        ["keys", "init", "--data", data.path().to_str().unwrap(), "--origin", "leeds.example/log"];
    let (code, printed, _) = run(&init);
    assert_eq!(code, Some(0));
    let keys: Vec<VerifierKey> = printed.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(keys, LogKeys::verifiers_in(&data.path().join("keys")).unwrap());
    assert!(keys.len() == 2 && keys.iter().all(|key| key.name() == "leeds.example/log"));
    let (code, printed, said) = run(&init);
    assert_eq!((code, printed.as_str()), (Some(1), ""));
    assert!(said.contains("there are keys"), "{said}");
    assert_eq!(LogKeys::verifiers_in(&data.path().join("keys")).unwrap(), keys);
}

#[tokio::test]
async fn all_that_was_recorded_is_published_when_the_service_has_stopped() {
    let office = Office::new();
    let before = office.published().checkpoint().size;
    office.works(3).await;
    let signed = office.published();
    assert!(signed.checkpoint().size >= before + 3, "{:?}", signed.checkpoint());
    let keys = LogKeys::verifiers_in(&office.data.path().join("keys")).unwrap();
    assert_eq!(Policy::of_log(keys).accept(&signed).unwrap().logs.len(), 2);
}

#[tokio::test]
async fn a_log_restored_from_an_older_backup_is_not_served() {
    let office = Office::new();
    let (log, backup) = (office.data.path().join("log"), office.data.path().join("backup"));
    copy(&log, &backup);
    office.works(2).await;
    let published = office.published();
    fs::remove_dir_all(&log).unwrap();
    fs::rename(&backup, &log).unwrap();
    let (code, said) = office.refuses();
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("position") || said.contains("older backup"), "{said}");
    // Nor if the tree, which follows from the log, is thrown away.
    fs::remove_dir_all(office.data.path().join("tree")).unwrap();
    let (code, said) = office.refuses();
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("restored from an older backup"), "{said}");
    assert_eq!(office.published(), published, "nothing was signed");
}

#[tokio::test]
async fn without_the_keys_that_signed_it_is_not_served() {
    let office = Office::new();
    fs::remove_file(office.data.path().join("keys/log-signing.ed25519")).unwrap();
    let (code, said) = office.refuses();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("log-signing.ed25519"), "{said}");
    fs::remove_file(office.data.path().join("keys/log-signing.ml-dsa-44")).unwrap();
    let (code, said) = office.refuses();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("put them back"), "{said}");
}
