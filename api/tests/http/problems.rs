//! Every refusal is problem+json with a type that leads to its explanation.

use reqwest::Method;
use serde_json::json;

use crate::world::{World, reason};

#[tokio::test]
async fn what_cannot_be_read_is_named_by_field_and_rule() {
    let world = World::empty().await;
    let who = &world.official;
    let problem =
        world.post(who, "/organisations", json!({"kind": "club", "name": "x"})).await.problem(422);
    assert_eq!(problem["type"], "/problems/validation-failed");
    assert_eq!(problem["errors"][0]["field"], "kind");
    let problem = world.post(who, "/organisations", json!({"kind": "other"})).await.problem(422);
    assert!(problem["errors"][0]["rule"].as_str().unwrap().contains("name"));
    let extra = json!({"kind": "other", "name": "A body", "colour": "red"});
    world.post(who, "/organisations", extra).await.problem(422);
}

#[tokio::test]
async fn what_is_not_json_is_told_apart() {
    let world = World::empty().await;
    let bearer = format!("Bearer {}", world.official.token);
    let client = reqwest::Client::new();
    let send = |kind: &'static str, body: String| {
        client
            .post(format!("{}/organisations", world.address))
            .header("authorization", &bearer)
            .header("content-type", kind)
            .body(body)
            .send()
    };
    assert_eq!(send("application/json", "{".to_owned()).await.unwrap().status(), 400);
    assert_eq!(send("text/plain", "{}".to_owned()).await.unwrap().status(), 415);
    let long = format!("\"{}\"", "x".repeat(300_000));
    assert_eq!(send("application/json", long).await.unwrap().status(), 413);
}

#[tokio::test]
async fn what_leads_nowhere_is_a_problem_too() {
    let world = World::empty().await;
    let unknown = world.send(Method::GET, "/no/such/thing", &[], None).await;
    assert_eq!(unknown.problem(404)["type"], "/problems/not-found");
    let no_handle = world.post(&world.official, "/children/me/openings", json!({})).await;
    assert_eq!(no_handle.body, unknown.body);
}

#[tokio::test]
async fn a_reason_must_be_in_the_policy() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let body = json!({"reason": {"code": "curiosity", "text": "Just looking."}});
    let path = format!("/children/{child}/openings");
    let problem = world.post(&authority.user, &path, body).await.problem(422);
    assert_eq!(problem["errors"][0]["field"], "reason.code");
}

#[tokio::test]
async fn every_kind_is_listed_and_explained() {
    let world = World::empty().await;
    let list = world.send(Method::GET, "/problems", &[], None).await.good();
    let list = list.as_array().unwrap();
    assert!(list.len() > 15);
    for kind in list {
        let page = world.send(Method::GET, kind["type"].as_str().unwrap(), &[], None).await;
        assert_eq!(page.good()["title"], kind["title"]);
    }
    world.send(Method::GET, "/problems/no-such-kind", &[], None).await.problem(404);
}

#[tokio::test]
async fn a_malformed_moment_or_header_is_refused() {
    let (world, authority) = World::with_an_authority().await;
    world.get(&authority.user, "/answers/HL4246?as_of=yesterday").await.problem(400);
    let both = "/answers/HL4246?as_of=2009-06-22T00:00:00Z&as_of_position=1";
    world.get(&authority.user, both).await.problem(400);
    let child = world.child(&authority).await;
    let path = format!("/children/{child}/openings");
    let body = json!({"reason": reason()});
    let headers = [("x-correlation-id", "seventeen")];
    world.post_with(&authority.user, &path, &headers, body.clone()).await.problem(400);
    world.post_with(&authority.user, &path, &[("idempotency-key", "")], body).await.problem(400);
}

#[tokio::test]
async fn a_parameter_that_cannot_be_taken_is_named() {
    let (world, authority) = World::with_an_authority().await;
    let who = &world.official;
    let child = world.child(&authority).await;
    for (path, parameter) in [
        ("/counts?day=2009-02-30".to_owned(), "day"),
        ("/counts.csv?day=Amelia".to_owned(), "day"),
        ("/shields/decisions?from=yesterday".to_owned(), "from"),
        ("/training-programme?phase=first".to_owned(), "phase"),
        ("/answers/HL4245?phase=first".to_owned(), "phase"),
        (format!("/receipts/{child}?position=-1"), "position"),
    ] {
        let problem = world.get(who, &path).await.problem(400);
        assert_eq!(problem["type"], "/problems/malformed", "{path}");
        assert_eq!(problem["errors"][0]["field"], parameter, "{path}: {problem}");
        assert!(!problem.to_string().contains("Amelia"), "{path}: {problem}");
    }
}
