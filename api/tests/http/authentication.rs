//! Who calls: no token, a wrong one, an old one, one without a second factor, the wrong office.

use domain::actor::Role;
use serde_json::json;

use crate::world::{Who, World, reason, request};

async fn refused(world: &World, token: Option<&str>, status: u16, name: &str) {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<(&str, &str)> =
        bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
    let path = format!("/children/{}/openings", uuid::Uuid::now_v7());
    let body = json!({"reason": reason()});
    let answer = world.send(reqwest::Method::POST, &path, &headers, Some(&body)).await;
    assert_eq!(answer.problem(status)["type"], format!("/problems/{name}"));
    assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401);
}

#[tokio::test]
async fn without_a_usable_token_nobody_is_heard() {
    let world = World::empty().await;
    refused(&world, None, 401, "not-signed-in").await;
    refused(&world, Some("not.a.token"), 401, "not-signed-in").await;
    let mut forged = world.official.token.clone();
    forged.replace_range(forged.len() - 8.., "AAAAAAAA");
    refused(&world, Some(&forged), 401, "not-signed-in").await;
    let other = World::empty().await;
    refused(&world, Some(&other.official.token), 401, "not-signed-in").await;
}

#[tokio::test]
async fn a_sign_in_without_second_factor_is_not_enough() {
    let world = World::empty().await;
    let id = world.official.id;
    let mut request = request(id, Role::Official, uuid::Uuid::nil());
    request.second_factor = false;
    refused(&world, Some(&world.token_of(&request)), 401, "second-factor-needed").await;
}

#[tokio::test]
async fn nobody_is_the_system() {
    let world = World::empty().await;
    let token = world.token(uuid::Uuid::nil(), Role::System, uuid::Uuid::nil());
    refused(&world, Some(&token), 401, "not-signed-in").await;
}

#[tokio::test]
async fn the_word_of_a_token_authorises_nobody() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let id = uuid::Uuid::now_v7();
    let stranger = Who { id, token: world.token(id, Role::Practitioner, authority.id) };
    let problem = world.open(&stranger, child).await.problem(403);
    assert_eq!(problem["type"], "/problems/not-authorised");
    let unmet = problem["unmet"].as_array().unwrap();
    for condition in ["nominated", "current-crb-check", "training-completed", "security-token"] {
        assert!(unmet.contains(&json!(condition)), "{condition} is not in {unmet:?}");
    }
}

#[tokio::test]
async fn another_office_is_told_which_ones_may() {
    let (world, authority) = World::with_an_authority().await;
    let body = json!({"kind": "other", "name": "A body"});
    let problem = world.post(&authority.user, "/organisations", body).await.problem(403);
    assert_eq!(problem["type"], "/problems/role-not-sufficient");
    assert_eq!(problem["decision"], "register");
    assert_eq!(problem["rule_ids"], json!(["O1"]));
}
