//! A change of a record says which revision it changes.

use serde_json::json;

use crate::world::{World, today};

#[tokio::test]
async fn a_change_needs_the_present_revision() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opened = world.open(&authority.user, child).await;
    let etag = opened.etag();
    assert_eq!(etag, format!("\"child-{child}@1\""));
    let path = format!("/children/{child}/education");
    let school = json!({"provider": {"name": "St Mary's", "contact": {}}, "from": today()});

    let problem = world.post(&authority.user, &path, school.clone()).await.problem(428);
    assert_eq!(problem["type"], "/problems/precondition-needed");

    let headers = [("if-match", etag.as_str())];
    let changed = world.post_with(&authority.user, &path, &headers, school.clone()).await;
    let new = changed.etag();
    changed.good();
    assert_eq!(new, format!("\"child-{child}@2\""));

    let problem = world.post_with(&authority.user, &path, &headers, school.clone()).await;
    assert_eq!(problem.problem(412)["type"], "/problems/changed-meanwhile");
    let other = format!("\"child-{}@2\"", uuid::Uuid::now_v7());
    let headers = [("if-match", other.as_str())];
    world.post_with(&authority.user, &path, &headers, school.clone()).await.problem(412);
    let headers = [("if-match", "\"something\"")];
    world.post_with(&authority.user, &path, &headers, school).await.problem(400);
}
