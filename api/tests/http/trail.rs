//! Asking the trail is itself recorded, before it answers.

use domain::{audit, event::Event, identity::PractitionerId, stream::Stream};
use event_log::AsOf;
use serde_json::{Value, json};

use crate::world::{World, born, reason};

fn ask() -> Value {
    json!({"reason": {"code": "audit", "text": "Weekly review."}})
}

#[tokio::test]
async fn who_saw_a_child_includes_result_lists_and_is_recorded() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let terms = json!({"surname": "Quarmby", "date_of_birth": born()});
    let search = json!({"terms": terms, "reason": reason()});
    world.post(&authority.user, "/children/search", search).await.good();
    world.open(&authority.user, child).await.good();
    let auditor = world.auditor().await;
    let path = format!("/children/{child}/accesses/queries");
    let answer = world.post(&auditor, &path, ask()).await.good();
    let lines = answer["data"]["accesses"].as_array().unwrap();
    assert_eq!(lines[0]["what"], "listed");
    assert_eq!(lines[1]["what"], "opened");
    assert_eq!(lines[1]["by"]["id"], json!(authority.user.id));
    assert_eq!(lines[1]["reason"]["text"], "Seen in clinic this morning.");
    let stream = Stream::Audit(PractitionerId::new(auditor.id));
    let recorded = world.log.history(stream, AsOf::Now).await.unwrap();
    assert!(matches!(
        recorded[0].event,
        Event::Audit(audit::Event::TrailQueried { question: audit::Question::Accesses, .. })
    ));
    assert_eq!(answer["as_of"]["position"], json!(recorded[0].stamp.position));
    let position = lines[0]["position"].as_u64().unwrap();
    let then = world.post(&auditor, &format!("{path}?as_of_position={position}"), ask()).await;
    assert_eq!(then.good()["data"]["accesses"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_question_is_recorded_too() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let path = format!("/children/{child}/accesses/queries");
    world.post(&authority.user, &path, ask()).await.problem(403);
    let stream = Stream::Audit(PractitionerId::new(authority.user.id));
    let recorded = world.log.history(stream, AsOf::Now).await.unwrap();
    assert!(matches!(recorded[0].event, Event::Audit(audit::Event::TrailQueryRefused { .. })));
}

#[tokio::test]
async fn standing_is_told_as_it_was() {
    let (world, authority) = World::with_an_authority().await;
    let path = format!("/practitioners/{}/standing/queries", authority.user.id);
    let now = world.post(&world.official, &path, ask()).await.good();
    assert_eq!(now["data"]["account"]["standing"]["authorised"], json!(true));
    let position = now["as_of"]["position"].as_u64().unwrap();
    let suspend = format!("/practitioners/{}/account/suspend", authority.user.id);
    let cause = json!({"cause": "suspected", "particulars": "A complaint."});
    world.post(&authority.team, &suspend, cause).await.good();
    let after = world.post(&world.official, &path, ask()).await.good();
    assert_eq!(after["data"]["account"]["standing"]["unmet"], json!(["not-suspended"]));
    let then = format!("{path}?as_of_position={position}");
    let then = world.post(&world.official, &then, ask()).await.good();
    assert_eq!(then["data"]["account"]["standing"]["authorised"], json!(true));
}

#[tokio::test]
async fn a_shielding_history_and_a_record_are_for_the_responsible_team() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    let path = format!("/children/{child}/shielding/queries");
    let answer = world.post(&authority.team, &path, ask()).await.good();
    let decision = &answer["data"]["decisions"][0];
    assert_eq!(decision["step"], "provisionally-applied");
    assert_eq!(decision["rationale"], "Threats made this morning.");
    assert_eq!(
        (&decision["before"], &decision["after"]),
        (&json!("unshielded"), &json!("provisional"))
    );
    let path = format!("/children/{child}/record/queries");
    let record = world.post(&authority.team, &path, ask()).await;
    assert_eq!(record.etag(), format!("\"child-{child}@1\""));
    assert!(record.good()["data"]["record"].to_string().contains("Hidden Lane"));
}

#[tokio::test]
async fn keys_are_of_exactly_the_events_asked_for() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opened = world.open(&authority.user, child).await.good();
    let event = opened["event"].clone();
    let position = world.log.length() - 1;
    let auditor = world.auditor().await;
    let reason = json!({"code": "audit", "text": "Complaint 17."});
    let body = json!({"events": [{"event": event, "position": position}], "reason": reason});
    let keys = world.post(&auditor, "/events/keys", body).await.good();
    let events = keys["events"].as_array().unwrap();
    assert!(!events.is_empty() && events.iter().all(|key| key["event"] == event));
    let named = json!({"events": [event], "reason": reason});
    assert_eq!(world.post(&auditor, "/events/keys", named).await.good(), keys);
    let wrong = json!({"events": [{"event": event, "position": 0}], "reason": reason});
    world.post(&auditor, "/events/keys", wrong).await.problem(404);
    let body = json!({"events": [event], "reason": reason});
    world.post(&authority.user, "/events/keys", body).await.problem(403);
}

#[tokio::test]
async fn an_investigation_is_assigned_concluded_and_asked_about() {
    let (world, authority) = World::with_an_authority().await;
    let suspend = format!("/practitioners/{}/account/suspend", authority.user.id);
    let cause = json!({"cause": "suspected", "particulars": "A complaint."});
    world.post(&authority.team, &suspend, cause).await.good();
    let person = PractitionerId::new(authority.user.id);
    let history = world.log.history(Stream::Practitioner(person), AsOf::Now).await.unwrap();
    let id = history
        .iter()
        .find_map(|recorded| {
            let Event::Practitioner(domain::practitioner::Event::InvestigationOpened {
                investigation,
                ..
            }) = &recorded.event
            else {
                return None;
            };
            Some(*investigation)
        })
        .unwrap();
    let path = format!("/investigations/{id}");
    let body = json!({"subject": authority.user.id, "investigator": authority.team.id});
    world.post(&world.official, &format!("{path}/assignments"), body).await.good();
    let body = json!({"finding": "proper", "report": "Nothing was found."});
    world.post(&authority.team, &format!("{path}/conclusion"), body).await.good();
    let answer = world.post(&authority.team, &format!("{path}/queries"), ask()).await.good();
    assert_eq!(answer["data"]["finding"], "proper");
    let reinstate = format!("/practitioners/{}/account/reinstate", authority.user.id);
    let body = json!({"reason": "Nothing was found."});
    world.post(&authority.team, &reinstate, body).await.good();
}
