//! Servers with a ring of keys each: what one records another opens, and what one erases is erased on all.

use std::{path::Path, time::Duration};

use api::configuration::DEFAULT_ORIGIN;
use domain::stream::Stream;
use event_log::{AsOf, keyring::Keyring, log_keys::LogKeys};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    servers::{Cluster, Server},
    world::{Who, born, id_of, reason},
};

async fn post(server: &Server, who: &Who, path: &str, body: Value) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .post(format!("{}{path}", server.address))
        .bearer_auth(&who.token)
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn open(server: &Server, who: &Who, child: Uuid) -> (u16, String) {
    let path = format!("/children/{child}/openings");
    let (status, answer) = post(server, who, &path, json!({"reason": reason()})).await;
    (status, answer.to_string())
}

/// Two officers agree that a subject is to be erased.
async fn authorised(cluster: &Cluster, server: &Server, subject: Uuid) {
    let path = format!("/subjects/{subject}/erasure");
    let [one, two] = &cluster.officers;
    let grounds = json!({"grounds": "ordered-by-court"});
    let (status, said) = post(server, one, &format!("{path}/proposal"), grounds).await;
    assert_eq!(status, 200, "{said}");
    let (status, said) = post(server, two, &format!("{path}/authorisation"), json!({})).await;
    assert_eq!(status, 200, "{said}");
}

async fn run(cluster: &Cluster, server: &Server, subject: Uuid) -> (u16, Value) {
    let path = format!("/subjects/{subject}/erasure/run");
    post(server, &cluster.officers[1], &path, json!({})).await
}

/// The names of what stands in the stream of an erasure.
async fn steps(cluster: &Cluster, subject: Uuid) -> Vec<String> {
    let log = cluster.log().await;
    let history = log.history(Stream::Erasure(subject), AsOf::Now).await.unwrap();
    let mut names = Vec::new();
    for recorded in history {
        let header = log.header_at(recorded.stamp.position).await.unwrap().unwrap();
        names.push(header.name.clone());
    }
    names
}

async fn erased(cluster: &Cluster, subject: Uuid) -> bool {
    steps(cluster, subject).await.iter().any(|name| name.starts_with("erasure.subject-erased"))
}

/// The rings, as the command line lists them.
fn rings(cluster: &Cluster) -> Vec<Value> {
    let (code, said) = cluster.keys(&["rings", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let said: Value = serde_json::from_str(&said).unwrap();
    said["rings"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_records_another_opens_and_what_one_erases_is_erased_on_all() {
    let cluster = Cluster::with_children(2).await;
    // The first one signs: a certificate is proofs.
    LogKeys::init(&cluster.data(0).join("keys"), DEFAULT_ORIGIN).unwrap();
    let [here, there] = [cluster.start(0), cluster.start(1)];
    let user = &cluster.authority.user;
    let body = json!({
        "name": {"given": "Zebedee", "surname": "Quarmby"},
        "gender": "male",
        "date_of_birth": born(),
        "whereabouts": {"current": {"lines": ["7 Hidden Lane"], "postcode": "LS1 4AB"}},
        "authority": cluster.authority.id,
    });
    let (status, made) = post(&here, user, "/children", body).await;
    assert!(status < 300, "{made}");
    let child = id_of(&made);
    for server in [&there, &here] {
        let (status, record) = open(server, user, child).await;
        assert!(status < 300 && record.contains("Quarmby"), "{status} {record}");
    }

    // Whoever is running is not copied.
    let folder = |server: usize, name: &str| {
        cluster.data(server).join(name).into_os_string().into_string().unwrap()
    };
    let copy = |from: &str, to: &str| cluster.keys(&["copy", "--from", from, "--to", to]);
    let (code, said) = copy(&folder(0, "keys"), &folder(0, "copied"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("in use by another process"), "{said}");

    // Both are up: it is answered when both have done it.
    authorised(&cluster, &here, child).await;
    let (status, done) = run(&cluster, &here, child).await;
    assert_eq!(status, 200, "{done}");
    assert!(erased(&cluster, child).await);
    for server in [&there, &here] {
        assert_eq!(open(server, user, child).await.0, 404);
    }
    let certificate = certificate(&cluster, &here, child).await;
    assert!(certificate.contains("erasure.key-destroyed"), "{certificate}");
    assert!(rings(&cluster).iter().all(|ring| ring["behind"] == false));

    // The other one is gone: it is said for whom it waits, and nothing is claimed.
    let away = cluster.children[0];
    there.kill();
    authorised(&cluster, &here, away).await;
    let (status, waiting) = run(&cluster, &here, away).await;
    assert_eq!(status, 503, "{waiting}");
    assert!(waiting["type"].as_str().unwrap().ends_with("erasure-unfinished"), "{waiting}");
    let behind: Vec<_> =
        rings(&cluster).into_iter().filter(|ring| ring["behind"] == true).collect();
    assert_eq!(waiting["waiting_for"], json!([behind[0]["ring"]]), "{waiting}");
    assert_eq!(behind.len(), 1);
    assert_eq!(open(&here, user, away).await.0, 404, "it is closed all the same");
    assert!(!steps(&cluster, away).await.iter().any(|name| name.contains("key-destroyed")));
    // Once it is back, it is done.
    let there = cluster.start(1);
    finished(&cluster, away).await;
    assert_eq!(open(&there, user, away).await.0, 404);

    // It is gone for good, and somebody says so.
    let lost = cluster.children[1];
    there.kill();
    authorised(&cluster, &here, lost).await;
    assert_eq!(run(&cluster, &here, lost).await.0, 503);
    let name = behind[0]["ring"].as_str().unwrap();
    let by = cluster.officers[0].id.to_string();
    let (code, said) = cluster.keys(&["strike-off", name, "--by", &by]);
    assert_eq!(code, Some(0), "{said}");
    let (status, done) = run(&cluster, &here, lost).await;
    assert_eq!(status, 200, "{done}");
    assert!(erased(&cluster, lost).await);
    let (code, said) = cluster.refused(1, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("has been struck off") && said.contains("keys copy"), "{said}");

    // A third one begins with a copy that is older than all of it, and has none of these keys.
    let third = cluster.start(2);
    for child in [child, away, lost] {
        assert_eq!(open(&third, user, child).await.0, 404);
    }
    third.kill();
    here.kill();
    for server in [0, 2] {
        let alone = folder(server, "taken out");
        let (code, said) = copy(&folder(server, "keys"), &alone);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.trim().parse::<Uuid>().is_ok(), "{said}");
        let ring = Keyring::open(Path::new(&alone), DEFAULT_ORIGIN).unwrap();
        for child in [child, away, lost] {
            assert_eq!(ring.key(child).unwrap(), None, "server {server}");
        }
    }
}

/// The certificate of an erasure, once a checkpoint covers it.
async fn certificate(cluster: &Cluster, server: &Server, subject: Uuid) -> String {
    let address = format!("{}/subjects/{subject}/erasure/certificate/queries", server.address);
    let reason = json!({"code": "audit", "text": "Whether it is certified."});
    for _ in 0..300 {
        let asked = reqwest::Client::new().post(&address).bearer_auth(&cluster.officers[0].token);
        let asked = asked.json(&json!({"reason": reason}));
        let answer = asked.send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        if status == 200 {
            return text;
        }
        assert_eq!(status, 503, "{text}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no checkpoint covers it");
}

/// Waits until an erasure is finished, by whichever server.
async fn finished(cluster: &Cluster, subject: Uuid) {
    for _ in 0..1_500 {
        if erased(cluster, subject).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    panic!("it is not finished: {:?}", steps(cluster, subject).await);
}
