//! Years later: the demonstration's children have grown up, their records fall due, and are erased.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use event_log::{
    log_keys::LogKeys,
    transparency::{Policy, Receipt},
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Served, run, serve, stop};

/// The child, her authority's child of the same years under a hold, and the department's official.
const CHILD: &str = "c0000000-0000-4000-8000-000000000001";
const HELD: &str = "c0000000-0000-4000-8000-000000000003";
pub(crate) const OFFICIAL: &str = "a0000000-0000-4000-8000-000000000001";

/// The demonstration's history, of 2009, in a folder.
pub(crate) fn demonstration() -> TempDir {
    let data = TempDir::new().unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let printed = BufReader::new(demo.stdout.take().unwrap());
    let last = printed.lines().map(Result::unwrap).find(|line| line.contains("byte for byte"));
    assert!(last.is_some(), "the demonstration did not start");
    assert!(
        Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap().success()
    );
    demo.wait().unwrap();
    data
}

struct Office {
    data: TempDir,
    served: Served,
    client: reqwest::Client,
}

impl Office {
    fn token(&self, person: &str) -> String {
        let folder = self.data.path().to_str().unwrap();
        let token = ["token", "--data", folder, "--role", "official", "--person", person];
        run(&token).1.trim().to_owned()
    }

    async fn post(&self, person: &str, path: &str, body: Value) -> (StatusCode, bool, Value) {
        let sent = self
            .client
            .post(format!("{}{path}", self.served.address))
            .bearer_auth(self.token(person))
            .header("prefer", "wait")
            .json(&body);
        let answer = sent.send().await.unwrap();
        let applied = answer.headers().get("preference-applied").is_some_and(|it| it == "wait");
        (answer.status(), applied, answer.json().await.unwrap())
    }
}

#[tokio::test]
async fn what_has_fallen_due_is_found_once_and_its_erasure_waits_for_its_receipt() {
    let data = demonstration();
    let served = serve(&data);
    let office = Office { data, served, client: reqwest::Client::new() };
    let (_, _, held) = office
        .post(
            OFFICIAL,
            &format!("/subjects/{HELD}/holds"),
            json!({"ground": "statutory-inquiry", "words": "The inquiry of 2026."}),
        )
        .await;
    assert!(held["events"].is_array(), "{held}");

    let (status, applied, swept) = office.post(OFFICIAL, "/erasures/sweeps", json!({})).await;
    assert_eq!((status.as_u16(), applied), (200, true), "{swept}");
    let named = |list: &str, subject: &str| {
        swept[list].as_array().unwrap().iter().filter(|one| **one == subject).count()
    };
    assert_eq!((named("archived", CHILD), named("due", CHILD)), (1, 1), "{swept}");
    assert_eq!(named("due", OFFICIAL), 0, "an official's own record has no day");
    let (_, _, again) = office.post(OFFICIAL, "/erasures/sweeps", json!({})).await;
    assert_eq!((&again["archived"], &again["due"]), (&json!([]), &json!([])));

    let second = json!({"office": "official", "name": "Second Official"});
    let (_, _, second) = office.post(OFFICIAL, "/appointments", second).await;
    let second = second["id"].as_str().unwrap();
    let grounds = json!({"grounds": "retention-ended"});
    let path = format!("/subjects/{CHILD}/erasure");
    office.post(OFFICIAL, &format!("{path}/proposal"), grounds.clone()).await;
    office.post(second, &format!("{path}/authorisation"), json!({})).await;
    let (status, applied, done) = office.post(second, &format!("{path}/run"), json!({})).await;
    assert_eq!((status.as_u16(), applied), (200, true), "{done}");
    let receipt = Receipt::parse(done["receipt"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(Some(receipt.index), done["position"].as_u64());
    let keys = LogKeys::verifiers_in(&office.data.path().join("keys")).unwrap();
    let policy = Policy::of_log(keys);
    assert!(policy.accept(&receipt.checkpoint).is_ok());
    assert!(receipt.checkpoint.checkpoint().size > receipt.index);

    // What is under a hold is due all the same, and is not erased.
    let held = format!("/subjects/{HELD}/erasure/proposal");
    let (status, _, refused) = office.post(OFFICIAL, &held, grounds).await;
    assert_eq!(status, 409, "{refused}");
    stop(office.served);
}
