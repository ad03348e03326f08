//! The same request under the same key happens once.

use serde_json::json;

use crate::world::{World, reason};

#[tokio::test]
async fn a_command_that_comes_again_is_answered_from_the_log() {
    let world = World::empty().await;
    let key = [("idempotency-key", "order-1")];
    let body = json!({"kind": "other", "name": "A body"});
    let first = world.post_with(&world.official, "/organisations", &key, body.clone()).await;
    let length = world.log.length();
    let again = world.post_with(&world.official, "/organisations", &key, body).await;
    assert_eq!(first.body, again.body);
    assert_eq!(first.status, again.status);
    assert_eq!(world.log.length(), length, "nothing was written again");
}

#[tokio::test]
async fn another_request_cannot_take_the_key() {
    let (world, authority) = World::with_an_authority().await;
    let path = format!("/organisations/{}/shielding-phase/progress", authority.id);
    let key = [("idempotency-key", "k")];
    let path2 = format!("/organisations/{}/public-information", authority.id);
    let body = json!({"channel": "website", "area": "Leeds", "from": crate::world::today()});
    world.post_with(&authority.team, &path2, &key, body.clone()).await.good();
    let other = json!({"channel": "other", "area": "Leeds", "from": crate::world::today()});
    let problem = world.post_with(&authority.team, &path2, &key, other).await.problem(422);
    assert_eq!(problem["type"], "/problems/key-reused");
    let elsewhere = json!({"considered": 1, "waiting": 0});
    world.post_with(&authority.team, &path, &key, elsewhere).await.problem(422);
}

#[tokio::test]
async fn a_key_belongs_to_its_caller() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let key = [("idempotency-key", "same")];
    let path = format!("/children/{child}/openings");
    let body = json!({"reason": reason()});
    let one = world.post_with(&authority.user, &path, &key, body.clone()).await.good();
    let other = world.post_with(&authority.team, &path, &key, body).await.good();
    assert_ne!(one["opening"], other["opening"]);
}

#[tokio::test]
async fn a_look_that_comes_again_is_shown_again_only_while_nothing_moved() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let path = format!("/children/{child}/openings");
    let (key, body) = ([("idempotency-key", "look")], json!({"reason": reason()}));
    let first = world.post_with(&authority.user, &path, &key, body.clone()).await;
    let again = world.post_with(&authority.user, &path, &key, body.clone()).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    world.shield(&authority, child).await;
    let problem = world.post_with(&authority.user, &path, &key, body).await;
    assert!(!String::from_utf8_lossy(&problem.body).contains("Hidden"));
    assert_eq!(problem.problem(409)["type"], "/problems/already-answered");
}
