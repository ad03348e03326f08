//! Holds and erasures over HTTP, and what everybody sees afterwards.

use actix_web::web::Data;
use api::{configuration::ClockKind, directory::Directory, identity::TrustedKeys, startup};
use domain::{
    audit::{self, Question},
    erasure,
    event::Event,
    stream::Stream,
};
use event_log::AsOf;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Authority, Who, World, born, id_of, reason};

async fn proposed(world: &World, child: Uuid) -> Who {
    let path = format!("/subjects/{child}/erasure");
    let grounds = json!({"grounds": "ordered-by-court"});
    world.post(&world.official, &format!("{path}/proposal"), grounds).await.good();
    world.second_official().await
}

async fn erased(world: &World, child: Uuid) {
    let second = proposed(world, child).await;
    let path = format!("/subjects/{child}/erasure");
    world.post(&second, &format!("{path}/authorisation"), json!({})).await.good();
    let done = world.post(&second, &format!("{path}/run"), json!({})).await.good();
    assert!(done["position"].is_u64(), "{done}");
}

#[tokio::test]
async fn it_takes_two_officers() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let path = format!("/subjects/{child}/erasure");
    let run = format!("{path}/run");
    let refusal = |problem: Value| problem["refusal"].clone();
    let early = world.post(&world.official, &run, json!({})).await.problem(409);
    assert_eq!(refusal(early), "not-authorised");
    let kept = json!({"grounds": "retention-ended"});
    let kept = world.post(&world.official, &format!("{path}/proposal"), kept).await.problem(409);
    assert_eq!((kept["rule_ids"].clone(), refusal(kept)), (json!(["E5"]), json!("not-due")));
    let second = proposed(&world, child).await;
    let authorise = format!("{path}/authorisation");
    let alone = world.post(&world.official, &authorise, json!({})).await.problem(409);
    assert_eq!(refusal(alone), "same-officer");
    world.post(&authority.user, &authorise, json!({})).await.problem(403);
    world.post(&second, &authorise, json!({})).await.good();
    world.post(&second, &run, json!({})).await.good();
    let before = world.log.length();
    world.post(&second, &run, json!({})).await.good();
    assert_eq!(world.log.length(), before, "again changes nothing");
}

#[tokio::test]
async fn nothing_is_erased_under_a_hold() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let second = proposed(&world, child).await;
    let path = format!("/subjects/{child}");
    let hold = json!({"ground": "serious-case-review", "words": "The review of Zebedee."});
    let hold = id_of(&world.post(&authority.team, &format!("{path}/holds"), hold).await.good());
    let ring = world.log.keyring().unwrap();
    assert_eq!(ring.state(child).unwrap(), Some(event_log::keyring::State::Held));
    let authorise = format!("{path}/erasure/authorisation");
    let undone = world.post(&second, &authorise, json!({})).await.problem(409);
    assert_eq!(undone["refusal"], "not-proposed");
    let grounds = json!({"grounds": "ordered-by-court"});
    let propose = format!("{path}/erasure/proposal");
    let refused = world.post(&world.official, &propose, grounds.clone()).await.problem(409);
    assert_eq!(refused["refusal"], "held");
    let asked = json!({"which": "held", "reason": reason()});
    let listed = world.post(&second, "/erasures/queries", asked).await.good();
    let held_at = listed["as_of"]["position"].clone();
    assert_eq!(listed["data"][0]["holds"], json!(["serious-case-review"]));
    let lift = json!({"words": "It has ended."});
    world.post(&authority.team, &format!("{path}/holds/{hold}/lift"), lift).await.good();
    assert_eq!(ring.state(child).unwrap(), Some(event_log::keyring::State::Live));
    world.post(&world.official, &propose, grounds).await.good();
    world.post(&second, &authorise, json!({})).await.good();
    world.post(&second, &format!("{path}/erasure/run"), json!({})).await.good();
    let erased = json!({"which": "erased", "reason": reason()});
    let listed = world.post(&second, "/erasures/queries", erased.clone()).await.good();
    assert_eq!(listed["data"][0]["subject"], json!(child));
    let then = format!("/erasures/queries?as_of_position={held_at}");
    let before = world.post(&second, &then, erased).await.good();
    assert_eq!(before["data"], json!([]), "then it was held");
    let all = world.post(&second, &then, json!({"reason": reason()})).await.good();
    assert_eq!(all["data"][0]["holds"], json!(["serious-case-review"]));
}

async fn looked_at(world: &World, authority: &Authority) -> Uuid {
    let child = world.child(authority).await;
    world.open(&authority.user, child).await.good();
    let terms =
        json!({"terms": {"surname": "Quarmby", "date_of_birth": born()}, "reason": reason()});
    let found = world.post(&authority.user, "/children/search", terms).await.good();
    assert!(found.to_string().contains(&child.to_string()));
    child
}

#[tokio::test]
async fn an_erased_record_is_not_there_and_who_saw_it_can_still_be_told() {
    let (world, authority) = World::with_an_authority().await;
    let child = looked_at(&world, &authority).await;
    erased(&world, child).await;
    let nowhere = world.open(&authority.user, Uuid::now_v7()).await.problem(404);
    assert_eq!(world.open(&authority.user, child).await.problem(404), nowhere);
    assert_eq!(world.open(&authority.team, child).await.problem(404), nowhere);
    let terms =
        json!({"terms": {"surname": "Quarmby", "date_of_birth": born()}, "reason": reason()});
    let found = world.post(&authority.user, "/children/search", terms).await.good();
    assert!(!found.to_string().contains(&child.to_string()), "{found}");
    let auditor = world.auditor().await;
    let ask = json!({"reason": {"code": "audit", "text": "Afterwards."}});
    let path = format!("/children/{child}/accesses/queries");
    let accesses = world.post(&auditor, &path, ask).await.good();
    let lines = accesses["data"]["accesses"].as_array().unwrap();
    assert_eq!(lines[0]["what"], "opened");
    assert_eq!(lines[0]["reason"]["text"], json!({"erased": true}));
    assert_eq!(lines[0]["by"]["id"], json!(authority.user.id));
}

#[tokio::test]
async fn what_comes_too_late_is_recorded_without_what_was_in_it() {
    let (world, authority) = World::with_an_authority().await;
    let child = looked_at(&world, &authority).await;
    erased(&world, child).await;
    world.open(&authority.user, child).await.problem(404);
    let history = world.log.history(Stream::Erasure(child), AsOf::Now).await.unwrap();
    let late = history.last().unwrap();
    let Event::Erasure(erasure::Event::LateEventRefused { stream, event, .. }) = &late.event else {
        panic!("{:?}", late.event);
    };
    assert_eq!(stream.category(), "access");
    assert_eq!(event, "access.refused/1");
    assert_eq!(late.stamp.by.id.unwrap().uuid(), authority.user.id);
    let key = world.log.keyring().unwrap().state(child).unwrap();
    assert_eq!(key, Some(event_log::keyring::State::Tombstoned));
}

#[tokio::test]
async fn a_sweep_goes_through_everybody_and_only_officials_make_one() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.post(&authority.team, "/erasures/sweeps", json!({})).await.problem(403);
    let (mut after, mut looked) = (json!(null), 0);
    loop {
        let part = json!({"after": after, "limit": 1});
        let swept = world.post(&world.official, "/erasures/sweeps", part).await.good();
        looked += swept["looked_at"].as_u64().unwrap();
        assert_eq!(swept["archived"], json!([]), "a child of five stays where it is");
        after = swept["next"].clone();
        if after.is_null() {
            break;
        }
    }
    // The child, and the two who are authorised.
    assert_eq!(looked, 3);
    let etag = world.open(&authority.user, child).await.etag();
    let on = json!({"on": crate::world::today()});
    let death = format!("/children/{child}/death");
    world.post_with(&authority.user, &death, &[("if-match", &etag)], on).await.good();
    let asked = json!({"reason": reason()});
    world.send(Method::POST, "/erasures/queries", &[], Some(&asked)).await.problem(401);
    world.post(&authority.team, "/erasures/queries", json!({})).await.problem(422);
    let before = world.log.length();
    world.post(&authority.team, "/erasures/queries", asked).await.problem(403);
    let last = world.log.read_all(before, 2).await.unwrap().pop().unwrap().event;
    assert!(matches!(last, Event::Audit(audit::Event::TrailQueryRefused { question, .. })
        if question == Question::Erasures));
}

#[tokio::test]
async fn a_certificate_is_for_those_whose_subject_it_was_and_asking_for_it_is_recorded() {
    let world = World::published().await;
    let (authority, elsewhere) = (world.authority("Leeds").await, world.authority("York").await);
    let child = world.child(&authority).await;
    let path = format!("/subjects/{child}/erasure/certificate/queries");
    let because = json!({"reason": reason()});
    world.post(&world.official, &path, because.clone()).await.problem(404);
    erased(&world, child).await;
    world.post(&elsewhere.team, &path, because.clone()).await.problem(404);
    world.post(&authority.user, &path, because.clone()).await.problem(403);
    let page = path.replace("/queries", "/page/queries");
    for (who, path) in
        [(&world.official, &path), (&authority.team, &path), (&authority.team, &page)]
    {
        let answer = world.post(who, path, because.clone()).await;
        assert_eq!(answer.status, 200);
        assert!(String::from_utf8_lossy(&answer.body).contains("erasure.key-destroyed"));
    }
    let (mut answered, mut refused) = (0, 0);
    for recorded in world.log.read_all(0, usize::MAX).await.unwrap() {
        let Event::Audit(event) = recorded.event else { continue };
        match event {
            audit::Event::TrailQueried { question, .. } => {
                answered += usize::from(question == Question::ErasureCertificate);
            }
            audit::Event::TrailQueryRefused { question, .. } => {
                refused += usize::from(question == Question::ErasureCertificate);
            }
        }
    }
    assert_eq!((answered, refused), (4, 2));
}

#[tokio::test]
async fn of_a_hold_and_a_beginning_at_once_exactly_one_happens() {
    let (world, authority) = World::with_an_authority().await;
    let (mut kept, mut gone) = (0, 0);
    for number in 0..6 {
        let child = world.child_named(&authority, &format!("Given{number}"), "Racer").await;
        let second = proposed(&world, child).await;
        let path = format!("/subjects/{child}");
        world.post(&second, &format!("{path}/erasure/authorisation"), json!({})).await.good();
        let hold = json!({"ground": "litigation", "words": "Just in time."});
        let (holds, run) = (format!("{path}/holds"), format!("{path}/erasure/run"));
        let (hold, run) = tokio::join!(
            world.post(&authority.team, &holds, hold),
            world.post(&second, &run, json!({})),
        );
        let state =
            world.directory.state::<erasure::Erasure>(Stream::Erasure(child)).await.unwrap();
        if hold.status.is_success() {
            assert_eq!(run.problem(409)["refusal"], "not-authorised");
            assert!(state.is_held() && !state.has_begun());
            kept += 1;
        } else {
            assert_eq!(hold.problem(409)["refusal"], "begun");
            run.good();
            assert!(state.is_erased() && !state.is_held());
            gone += 1;
        }
    }
    assert_eq!(kept + gone, 6);
}

#[tokio::test]
async fn a_server_that_starts_finishes_what_another_had_begun() {
    let (first, authority) = World::with_an_authority().await;
    let child = first.child(&authority).await;
    let person = |number| domain::identity::PractitionerId::new(Uuid::from_u128(number));
    let begun = erasure::Event::Begun {
        grounds: erasure::Grounds::OrderedByCourt,
        rule: None,
        proposed_by: person(1),
        authorised_by: person(2),
        holders: first.directory.eraser().holders(),
    };
    let context = event_log::Context {
        command: Uuid::now_v7(),
        at: chrono::Utc::now(),
        by: domain::actor::Actor::SYSTEM,
        policy: domain::policy::PolicyVersion::default(),
        correlation: None,
        causation: None,
        request_digest: None,
    };
    let stream = Stream::Erasure(child);
    let (events, reading) = (vec![begun.into()], first.log.reading());
    let commit = event_log::Commit { stream, events, reading, context };
    first.log.commit(commit).await.unwrap();
    let second = Directory::over(first.log.clone(), ClockKind::System).await.unwrap();
    let address = "127.0.0.1:0".parse().unwrap();
    let (_running, server) =
        startup::listen(Data::new(second), TrustedKeys::none(None), address).unwrap();
    tokio::spawn(server);
    for _ in 0..3_000 {
        let state = first.directory.state::<erasure::Erasure>(stream).await.unwrap();
        if state.is_erased() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nobody went on with the erasure");
}
