//! Opening, searching, leaving: recorded first, then shown.

use domain::{
    access::{self, Screen},
    child::Child,
    event::Event,
    recorded::Recorded,
    stream::Stream,
};
use event_log::AsOf;
use reqwest::Method;
use serde_json::json;

use crate::world::{World, born, reason};

#[tokio::test]
async fn an_opening_shows_exactly_what_was_recorded() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let answer = world.open(&authority.user, child).await;
    assert_eq!(answer.status, 201);
    let stream = Stream::Access(domain::identity::ChildRef::new(child));
    let recorded = world.log.history(stream, AsOf::Now).await.unwrap().remove(0);
    let relied = recorded.stamp.relied_on.clone();
    let revision = relied.iter().find(|one| matches!(one.stream, Stream::Child(_))).unwrap();
    let record = world
        .log
        .fold_at::<Child>(revision.stream, AsOf::Revision(revision.revision.unwrap()))
        .await
        .unwrap();
    let event = access::Event::try_from(recorded.event).unwrap();
    let screen = Screen::rebuild(&Recorded { stamp: recorded.stamp, event }, &record).unwrap();
    assert_eq!(String::from_utf8(answer.body).unwrap(), serde_json::to_string(&screen).unwrap());
    for category in ["child", "shield", "practitioner", "organisation", "policy"] {
        assert!(relied.iter().any(|one| one.stream.category() == category), "{category}");
    }
}

#[tokio::test]
async fn a_record_is_left_once_by_whoever_opened_it() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opened = world.open(&authority.user, child).await.good();
    let path = format!("/children/{child}/openings/{}/close", opened["opening"].as_str().unwrap());
    world.post(&authority.team, &path, json!({})).await.problem(404);
    world.post(&authority.user, &path, json!({})).await.good();
    let problem = world.post(&authority.user, &path, json!({})).await.problem(409);
    assert_eq!(problem["refusal"], "already-closed");
}

#[tokio::test]
async fn a_search_finds_by_post_and_by_query() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.child_named(&authority, "Somebody", "Else").await;
    let terms = json!({"given": "zebedee", "surname": "QUARMBY", "date_of_birth": born()});
    let body = json!({"terms": terms, "reason": reason()});
    let posted = world.post(&authority.user, "/children/search", body.clone()).await.good();
    assert_eq!(posted["rows"].as_array().unwrap().len(), 1);
    assert_eq!(posted["rows"][0]["child"], json!(child));
    assert_eq!(posted["rows"][0]["name"]["surname"], "Quarmby");
    assert!(posted["rows"][0].get("whereabouts").is_none());
    let bearer = format!("Bearer {}", authority.user.token);
    let query = Method::from_bytes(b"QUERY").unwrap();
    let headers = [("authorization", bearer.as_str())];
    let queried = world.send(query, "/children", &headers, Some(&body)).await.good();
    assert_eq!(queried["rows"], posted["rows"]);
}

#[tokio::test]
async fn too_few_fields_or_no_standing_is_recorded_and_refused() {
    let (world, authority) = World::with_an_authority().await;
    let body = json!({"terms": {"surname": "Quarmby"}, "reason": reason()});
    let problem = world.post(&authority.user, "/children/search", body).await.problem(422);
    assert_eq!(problem["errors"][0]["field"], "terms");
    let person = domain::identity::PractitionerId::new(authority.user.id);
    let history = world.log.history(Stream::Activity(person), AsOf::Now).await.unwrap();
    assert!(matches!(
        history.last().unwrap().event,
        Event::Activity(domain::activity::Event::SearchRefused { .. })
    ));
}

#[tokio::test]
async fn more_than_the_cap_shows_none() {
    let (world, authority) = World::with_an_authority().await;
    for number in 0..21 {
        world.child_named(&authority, &format!("Child {number}"), "Manyfold").await;
    }
    let terms = json!({"surname": "Manyfold", "date_of_birth": born()});
    let body = json!({"terms": terms, "reason": reason()});
    let list = world.post(&authority.user, "/children/search", body).await.good();
    assert_eq!((&list["too_many"], &list["rows"]), (&json!(true), &json!([])));
}

#[tokio::test]
async fn a_suspended_user_sees_nothing_from_then_on() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.open(&authority.user, child).await.good();
    let path = format!("/practitioners/{}/account/suspend", authority.user.id);
    let body = json!({"cause": "suspected", "particulars": "Looked up a neighbour."});
    world.post(&authority.team, &path, body).await.good();
    let problem = world.open(&authority.user, child).await.problem(403);
    assert_eq!(problem["unmet"], json!(["not-suspended"]));
}
