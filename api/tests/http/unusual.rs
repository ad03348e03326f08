//! Unusual access over HTTP: what is found, what it rests on, and that somebody asked.

use std::collections::BTreeSet;

use domain::{
    audit::{self, Question},
    event::Event,
    identity::{OrganisationId, PractitionerId},
    stream::Stream,
};
use event_log::AsOf;
use serde_json::{Value, json};

use crate::world::{Who, World};

/// Asks about unusual access, when everything that is in the log has been taken in.
async fn found(world: &World, who: &Who, narrowed: Value) -> Value {
    let token = format!("p{}", world.log.length() - 1);
    let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
    let mut body = json!({"reason": {"code": "audit", "text": "Weekly review."}});
    body.as_object_mut().unwrap().extend(narrowed.as_object().unwrap().clone());
    world.post_with(who, "/unusual-access/queries", &headers, body).await.good()
}

async fn opened(world: &World, who: &Who, child: uuid::Uuid) -> Value {
    world.open(who, child).await.good()["event"].clone()
}

#[tokio::test]
async fn a_look_at_a_namesake_is_found_with_the_event_it_rests_on_and_the_question_is_an_event() {
    let (world, authority) = World::with_an_authority().await;
    // The user's name is Smith. One of the records is of a Smith, and one is not.
    let namesake = world.child_named(&authority, "Zebedee", "Smith").await;
    let stranger = world.child_named(&authority, "Zebedee", "Quarmby").await;
    opened(&world, &authority.user, stranger).await;
    let look = opened(&world, &authority.user, namesake).await;
    let answer = found(&world, &authority.team, json!({"rule": "L1"})).await;
    let rows = answer["data"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{answer}");
    let row = &rows[0];
    let expected = json!({
        "rule": "L1", "event": look, "rests_on": [look], "child": namesake,
        "practitioner": authority.user.id, "organisation": authority.id, "role": "practitioner",
        "explained_at": null,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(row[name], *value, "{name} of {row}");
    }
    let position = row["position"].as_u64().unwrap();
    let stored = world.log.header_at(position).await.unwrap().unwrap();
    assert_eq!(json!(stored.stamp.id), look, "it stands where it is said to stand");
    assert_eq!(row["policy"], json!(stored.stamp.policy));
    assert!(!answer.to_string().contains("Smith"), "no name is in an answer");

    // That it was asked stands in the log, about whose people, before the answer; and can itself be asked for.
    let asked = Stream::Audit(PractitionerId::new(authority.team.id));
    let asked = world.log.history(asked, AsOf::Now).await.unwrap();
    let [recorded] = asked.as_slice() else { panic!("{asked:?}") };
    let Event::Audit(audit::Event::TrailQueried { question, about, .. }) = &recorded.event else {
        panic!("{recorded:?}")
    };
    assert_eq!(*question, Question::UnusualAccess);
    assert_eq!(*about, [Stream::Organisation(OrganisationId::new(authority.id))]);
    assert_eq!(recorded.stamp.position, world.log.length() - 1, "nothing has been recorded since");
    let window = json!({"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z",
        "what": ["asked"], "reason": {"code": "audit", "text": "Weekly review."}});
    let token = format!("p{}", world.log.length() - 1);
    let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
    let answer = world.post_with(&world.official, "/sights/queries", &headers, window).await.good();
    let events = answer["data"].as_array().unwrap().iter().map(|row| row["event"].clone());
    assert!(events.collect::<Vec<_>>().contains(&json!(recorded.stamp.id)), "{answer}");
}

#[tokio::test]
async fn many_looks_within_a_short_time_are_found_with_every_one_of_them() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    // More than the policy takes for usual, within its ten minutes.
    let mut looks = BTreeSet::new();
    for _ in 0..12 {
        let look = opened(&world, &authority.user, child).await;
        looks.insert(look.as_str().unwrap().to_owned());
    }
    let answer = found(&world, &world.official, json!({"rule": "L5"})).await;
    let rows = answer["data"].as_array().unwrap();
    assert_eq!(answer["facets"]["counts"]["rule"], json!({"L5": rows.len()}), "{answer}");
    let row = rows.last().unwrap();
    let rests_on = row["rests_on"].as_array().unwrap();
    let named: BTreeSet<String> =
        rests_on.iter().map(|event| event.as_str().unwrap().to_owned()).collect();
    assert!(named.is_subset(&looks) && named.contains(row["event"].as_str().unwrap()), "{row}");
    assert_eq!(named.len(), 11, "ten are usual, and this is one too many: {row}");
    let used = json!([
        {"name": "burst_looks", "value": 10}, {"name": "burst_minutes", "value": 10},
    ]);
    assert_eq!(row["used"], used);
}
