//! One server signs the log, and every server gives out checkpoints, tiles and receipts of it.

use std::fs;

use api::configuration::DEFAULT_ORIGIN;
use event_log::{
    log_keys::LogKeys,
    transparency::{Policy, Receipt, Signed},
};
use serde_json::{Value, json};

use crate::{
    servers::{Cluster, Server},
    world::{Who, reason},
};

async fn get(server: &Server, who: Option<&Who>, path: &str) -> (u16, String) {
    let mut request = reqwest::Client::new().get(format!("{}{path}", server.address));
    if let Some(who) = who {
        request = request.bearer_auth(&who.token).header("prefer", "wait=30");
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Opens a record through a server, and fetches the receipt of that from another one.
async fn receipt(cluster: &Cluster, by: &Server, from: &Server) -> (String, Receipt) {
    let user = &cluster.authority.user;
    let answer = reqwest::Client::new()
        .post(format!("{}/children/{}/openings", by.address, cluster.children[0]))
        .bearer_auth(&user.token)
        .json(&json!({"reason": reason()}))
        .send()
        .await
        .unwrap();
    let opened: Value = answer.json().await.unwrap();
    let last = cluster.log().await.length() - 1;
    let event = cluster.log().await.header_at(last).await.unwrap().unwrap();
    assert_eq!(event.name, "access.record-opened/1", "{opened}");
    let path = format!("/receipts/{}?position={last}", event.stamp.id);
    let (status, text) = get(from, Some(user), &path).await;
    assert_eq!(status, 200, "{text}");
    (path, Receipt::parse(text.as_bytes()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_server_signs_and_every_server_gives_out_receipts() {
    let cluster = Cluster::with_children(1).await;
    let keys = LogKeys::init(&cluster.data(0).join("keys"), DEFAULT_ORIGIN).unwrap();
    let policy = Policy::of_log(keys.verifiers());
    let signer = cluster.start(0);
    // Its address and its keys, as a policy.
    let file = cluster.data(0).join("signer.policy");
    let logs: Vec<_> =
        keys.verifiers().iter().map(|key| format!("log {key} {}", signer.address)).collect();
    fs::write(&file, logs.join("\n") + "\nquorum none\n").unwrap();
    let signed_by = ["--signed-by", file.to_str().unwrap()];
    let follower = cluster.start_with(1, &signed_by);

    for (by, from) in [(&follower, &signer), (&signer, &follower), (&follower, &follower)] {
        let (_, receipt) = receipt(&cluster, by, from).await;
        let stored = cluster.log().await.read_stored(receipt.index, 1).await.unwrap().remove(0);
        let accepted = receipt.verify(&stored.entry, &policy).unwrap();
        assert_eq!(accepted.logs.len(), 2, "both keys of the signer, and no other");
    }
    for server in [&signer, &follower] {
        let (status, text) = get(server, None, "/tlog/checkpoint").await;
        assert_eq!(status, 200);
        policy.accept(&Signed::parse(text.as_bytes()).unwrap()).unwrap();
        let (status, _) = get(server, None, "/tlog/tile/0/000.p/5").await;
        assert_eq!(status, 200);
    }

    // Without the signer: what is covered has its receipt, what comes now gets one later.
    signer.kill();
    let (path, _) = receipt(&cluster, &follower, &cluster.start(0)).await;
    let (status, _) = get(&follower, None, "/tlog/checkpoint").await;
    assert_eq!(status, 200);
    let (status, _) = get(&follower, Some(&cluster.authority.team), &path).await;
    assert_eq!(status, 404, "not theirs");

    // A second one with the same keys does not start; nor one with keys that is to follow.
    let (from, to) = (cluster.data(0).join("keys"), cluster.data(2).join("keys"));
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        // Not its ring of subjects' keys: each has its own.
        if entry.file_name().to_string_lossy().starts_with("log-signing") {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    let (code, said) = cluster.refused(2, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("another server signs this log"), "{said}");
    let (code, said) = cluster.refused(2, &signed_by);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("only that one has the keys"), "{said}");
    // Unless it is told to sign from now on: then the keys, with what was last signed, are its own.
    let moved = cluster.start_with(2, &["--take-over-signing"]);
    let (status, text) = get(&moved, None, "/tlog/checkpoint").await;
    assert_eq!(status, 200);
    let size = Signed::parse(text.as_bytes()).unwrap().checkpoint().size;
    assert!(size >= cluster.log().await.length(), "{size}");
}
