//! What outsiders are served, checked with our own verifier and with tools of other authors.

use domain::{audit, event::Event, identity::PractitionerId, stream::Stream};
use event_log::{
    AsOf,
    transparency::{Policy, Receipt, Signed, bundle, leaf, tile::Tile},
};
use reqwest::Method;
use serde_json::json;
use signed_note::StandardVerifier;

use crate::world::{Answer, Authority, World};

async fn open_to_all(world: &World, path: &str) -> Answer {
    world.send(Method::GET, path, &[], None).await
}

async fn checkpoint(world: &World) -> Signed {
    Signed::parse(&open_to_all(world, "/tlog/checkpoint").await.body).unwrap()
}

/// A published world, with the log's policy.
async fn published() -> (World, Authority, Policy) {
    let world = World::published().await;
    let authority = world.authority("Leeds").await;
    let policy = Policy::of_log(world.transparency().verifiers());
    (world, authority, policy)
}

/// Until the published checkpoint covers everything that is recorded.
async fn caught_up(world: &World) {
    let last = world.log.length().saturating_sub(1);
    world.transparency().published_beyond(last).await.unwrap();
}

#[tokio::test]
async fn checkpoint_and_hash_tiles_are_for_anybody_and_say_how_long_they_may_be_kept() {
    let (world, _, policy) = published().await;
    caught_up(&world).await;
    let answer = open_to_all(&world, "/tlog/checkpoint").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "public, max-age=1");
    let signed = Signed::parse(&answer.body).unwrap();
    assert_eq!(policy.accept(&signed).unwrap().logs.len(), 2);
    assert_eq!(signed.checkpoint().size, world.log.length());

    let size = u16::try_from(signed.checkpoint().size).unwrap();
    let path = format!("/tlog/tile/0/000.p/{size}");
    let tile = open_to_all(&world, &path).await;
    assert_eq!(tile.status, 200);
    assert_eq!(tile.headers["content-type"], "application/octet-stream");
    assert_eq!(tile.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(tile.body.len(), 32 * usize::from(size));
    let beyond = [format!("0/000.p/{}", size + 1), "0/001".to_owned(), "1/000.p/1".to_owned()];
    let misspelt = ["0/0".to_owned(), "0/000.p/256".to_owned(), "64/000".to_owned(), String::new()];
    for path in beyond.iter().chain(&misspelt) {
        let answer = open_to_all(&world, &format!("/tlog/tile/{path}")).await;
        assert_eq!(answer.problem(404)["type"], "/problems/not-found", "{path}");
    }
}

#[tokio::test]
async fn tools_of_other_authors_accept_what_is_served() {
    let (world, _, _) = published().await;
    let authority = world.authority("Bradford").await;
    for _ in 0..40 {
        world.child(&authority).await;
    }
    caught_up(&world).await;
    let bytes = open_to_all(&world, "/tlog/checkpoint").await.body;
    let verifier = world.transparency().verifiers()[0].to_string();
    let note = signed_note::Note::from_bytes(&bytes).unwrap();
    let known =
        signed_note::VerifierList::new(vec![Box::new(StandardVerifier::new(&verifier).unwrap())]);
    assert_eq!(note.verify(&known).unwrap().0.len(), 1);
    // The oracle rebuilds the root from the entries as served, and the proofs from its own tree.
    let signed = checkpoint(&world).await;
    let auditor = world.auditor().await;
    let mut tree: ct_merkle::mem_backed_tree::MemoryBackedTree<sha2::Sha256, Vec<u8>> =
        ct_merkle::mem_backed_tree::MemoryBackedTree::new();
    for tile in Tile::between(0, signed.checkpoint().size) {
        if tile.path().starts_with("tile/entries/") {
            let served = world.get(&auditor, &format!("/tlog/{}", tile.path())).await;
            assert_eq!(served.status, 200);
            bundle::read(&served.body).unwrap().iter().for_each(|entry| tree.push(entry.to_vec()));
        }
    }
    assert_eq!(tree.root().as_bytes().as_slice(), signed.checkpoint().root);
}

#[tokio::test]
async fn entries_are_for_auditors_and_that_they_were_fetched_is_recorded_once_an_hour() {
    let (world, authority, _) = published().await;
    let auditor = world.auditor().await;
    caught_up(&world).await;
    let path = "/tlog/tile/entries/000.p/5";
    assert_eq!(open_to_all(&world, path).await.problem(401)["type"], "/problems/not-signed-in");
    for who in [&authority.user, &authority.team, &world.official] {
        let refused = world.get(who, path).await.problem(403);
        assert_eq!(refused["type"], "/problems/role-not-sufficient");
    }
    let before = world.log.length();
    let served = world.get(&auditor, path).await;
    assert_eq!(served.status, 200);
    assert_eq!(served.headers["cache-control"], "private, max-age=31536000, immutable");
    let stored = world.log.read_stored(0, 5).await.unwrap();
    let entries: Vec<&[u8]> = stored.iter().map(|stored| stored.entry.as_slice()).collect();
    assert_eq!(bundle::read(&served.body).unwrap(), entries, "byte for byte");
    world.get(&auditor, path).await;
    assert_eq!(world.get(&auditor, "/tlog/tile/entries/000.p/6").await.status, 200);
    let stream = Stream::Audit(PractitionerId::new(auditor.id));
    let recorded = world.log.history(stream, AsOf::Now).await.unwrap();
    let fetched = recorded.iter().filter(|recorded| {
        matches!(
            recorded.event,
            Event::Audit(audit::Event::TrailQueried { question: audit::Question::Entries, .. })
        )
    });
    // Two if the hour ended in between.
    assert!((1..=2).contains(&fetched.count()));
    assert!(world.log.length() <= before + 3, "with the key of the auditor's stream");
}

#[tokio::test]
async fn an_auditor_by_token_alone_gets_no_entries() {
    let (world, _, _) = published().await;
    caught_up(&world).await;
    let department = domain::identity::OrganisationId::DEPARTMENT.uuid();
    let id = uuid::Uuid::now_v7();
    let token = world.token(id, domain::actor::Role::Auditor, department);
    let stranger = crate::world::Who { id, token };
    let refused = world.get(&stranger, "/tlog/tile/entries/000.p/5").await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
}

#[tokio::test]
async fn a_certificate_or_receipt_is_for_those_who_hold_their_office() {
    let (world, authority, _) = published().await;
    let elsewhere = world.authority("Bradford").await;
    let child = world.child(&authority).await;
    let path = format!("/subjects/{child}/erasure");
    let grounds = json!({"grounds": "ordered-by-court"});
    world.post(&world.official, &format!("{path}/proposal"), grounds).await.good();
    let second = world.second_official().await;
    world.post(&second, &format!("{path}/authorisation"), json!({})).await.good();
    let done = world.post(&second, &format!("{path}/run"), json!({})).await.good();
    let department = domain::identity::OrganisationId::DEPARTMENT.uuid();
    let id = uuid::Uuid::now_v7();
    let token = world.token(id, domain::actor::Role::Auditor, department);
    let stranger = crate::world::Who { id, token };
    let certificate = format!("{path}/certificate/queries");
    let page = format!("{path}/certificate/page/queries");
    let because = json!({"reason": crate::world::reason()});
    for who in [&second, &world.auditor().await, &authority.team] {
        assert_eq!(world.post(who, &certificate, because.clone()).await.status, 200);
        assert_eq!(world.post(who, &page, because.clone()).await.status, 200);
    }
    for path in [&certificate, &page] {
        world.post(&elsewhere.team, path, because.clone()).await.problem(404);
        world.post(&stranger, path, because.clone()).await.problem(403);
    }
    let receipt =
        format!("/receipts/{}?position={}", done["event"].as_str().unwrap(), done["position"]);
    assert_eq!(world.get(&second, &receipt).await.status, 200);
    world.get(&stranger, &receipt).await.problem(403);
}

#[tokio::test]
async fn a_receipt_verifies_offline_and_is_for_those_whom_it_concerns() {
    let (world, authority, policy) = published().await;
    let body = json!({"grounds": {"stated": ["child-at-risk"]},
        "rests_on": "threat-in-this-case", "rationale": "Threats made this morning."});
    let child = world.child(&authority).await;
    let done = world
        .post(&authority.team, &format!("/children/{child}/shield/provisional"), body)
        .await
        .good();
    let (event, position) = (&done["events"][0]["event"], &done["events"][0]["position"]);
    let path = format!("/receipts/{}?position={position}", event.as_str().unwrap());
    let auditor = world.auditor().await;
    let wait = format!("Bearer {}", authority.team.token);
    let headers = [("authorization", wait.as_str()), ("prefer", "wait=20")];
    let answer = world.send(Method::GET, &path, &headers, None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["preference-applied"], "wait");
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains(".tlog-proof"));
    let receipt = Receipt::parse(&answer.body).unwrap();
    let stored = world.log.read_stored(position.as_u64().unwrap(), 1).await.unwrap();
    receipt.verify(&stored[0].entry, &policy).unwrap();
    assert!(receipt.verify(b"another entry", &policy).is_err());
    assert_eq!(receipt.extra.as_deref(), Some(leaf(&stored[0].entry).as_slice()));

    let slow = format!("/receipts/{}", event.as_str().unwrap());
    let found = world.get(&auditor, &slow).await;
    assert_eq!(Receipt::parse(&found.body).unwrap().index, receipt.index);
    world.get(&authority.user, &path).await.problem(404);
    world.get(&auditor, &format!("{slow}?position=0")).await.problem(404);
    world.get(&auditor, &format!("/receipts/{}", uuid::Uuid::nil())).await.problem(404);
    assert_eq!(world.send(Method::GET, &path, &[], None).await.status, 401);
}

#[tokio::test]
async fn a_command_that_waits_is_answered_with_its_receipts() {
    let (world, authority, policy) = published().await;
    let child = world.child(&authority).await;
    let body = json!({"grounds": {"stated": ["child-at-risk"]},
        "rests_on": "threat-in-this-case", "rationale": "Threats made this morning."});
    let path = format!("/children/{child}/shield/provisional");
    let key = ("idempotency-key", "shield-once");
    let waits = [("prefer", "wait"), key];
    let answer = world.post_with(&authority.team, &path, &waits, body.clone()).await;
    assert_eq!(answer.headers["preference-applied"], "wait");
    let done = answer.good();
    let event = &done["events"][0];
    let receipt = Receipt::parse(event["receipt"].as_str().unwrap().as_bytes()).unwrap();
    let stored = world.log.read_stored(event["position"].as_u64().unwrap(), 1).await.unwrap();
    receipt.verify(&stored[0].entry, &policy).unwrap();
    // The same request again, without waiting: the same events, no receipt asked for, none given.
    let again = world.post_with(&authority.team, &path, &[key], body).await;
    assert!(!again.headers.contains_key("preference-applied"));
    let again = again.good();
    assert_eq!(again["events"][0]["event"], event["event"]);
    assert!(again["events"][0].get("receipt").is_none());
}

#[tokio::test]
async fn an_override_that_waits_is_published_before_it_is_shown() {
    let (world, authority, _) = published().await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    world.grant_override(&authority, &authority.user).await;
    let opened = world.open(&authority.user, child).await.good();
    let (opening, wait) = (&opened["opening"], [("prefer", "wait")]);
    let asked = json!({"opening": opening, "reason": crate::world::reason()});
    let path = format!("/children/{child}/overrides");
    let warned = world.post_with(&authority.user, &path, &wait, asked).await.good();
    let path = format!("{path}/{}/confirm", warned["override"].as_str().unwrap());
    let shown = world.post_with(&authority.user, &path, &wait, json!({})).await;
    assert_eq!(shown.headers["preference-applied"], "wait");
    let covered = world.transparency().checkpoint().unwrap().checkpoint().size;
    let shown = shown.good();
    let found = world.log.find_event(shown["event"].as_str().unwrap().parse().unwrap()).await;
    assert!(found.unwrap().unwrap() < covered);
}

#[tokio::test]
async fn who_does_not_wait_long_enough_is_answered_all_the_same() {
    let world = World::empty().await;
    let body = json!({"kind": "other", "name": "A body"});
    let waits = [("prefer", "wait=1")];
    let answer = world.post_with(&world.official.clone(), "/organisations", &waits, body).await;
    assert_eq!(answer.status, 201, "nothing is published here, and the command is done");
    assert!(!answer.headers.contains_key("preference-applied"));
    let position = answer.json()["events"][0]["position"].clone();
    let event = answer.json()["events"][0]["event"].as_str().unwrap().to_owned();
    let path = format!("/receipts/{event}?position={position}");
    let problem = world.get(&world.official.clone(), &path).await.problem(503);
    assert_eq!(problem["type"], "/problems/not-published");
    open_to_all(&world, "/tlog/checkpoint").await.problem(404);
}

#[tokio::test]
async fn readiness_says_how_much_is_published() {
    let (world, _, _) = published().await;
    caught_up(&world).await;
    let ready = open_to_all(&world, "/health/ready").await.good();
    assert_eq!(ready["events"], ready["published"]);
}

#[tokio::test]
async fn a_log_that_contradicts_its_tree_stops_all_work_and_readiness_names_the_position() {
    let (world, authority, _) = published().await;
    let child = world.child(&authority).await;
    caught_up(&world).await;
    let auditor = world.auditor().await;
    caught_up(&world).await;
    assert_eq!(world.get(&auditor, "/tlog/tile/entries/000.p/5").await.status, 200);
    caught_up(&world).await;
    world.memory.faults().altered_entry(3);
    world.get(&auditor, "/tlog/tile/entries/000.p/6").await.problem(503);
    let ready = open_to_all(&world, "/health/ready").await.problem(503);
    assert_eq!(ready["type"], "/problems/log-contradicted");
    assert!(ready["finding"].as_str().unwrap().contains("position 3"), "{ready}");
    let length = world.log.length();
    let refused = world.open(&authority.user, child).await.problem(503);
    assert_eq!(refused["type"], "/problems/log-contradicted");
    assert_eq!(world.log.length(), length, "nothing is recorded any more");
    assert_eq!(open_to_all(&world, "/health/live").await.status, 200);
    assert_eq!(open_to_all(&world, "/tlog/checkpoint").await.status, 200);
}
