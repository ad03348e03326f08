//! What cannot be recorded is not shown.

use std::time::Duration;

use domain::{access, event::Event, identity::ChildRef, stream::Stream};
use event_log::{AsOf, memory::faults::AppendFault};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Answer, World, born, reason};

#[tokio::test]
async fn a_log_that_cannot_be_written_shows_nothing() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.open(&authority.user, child).await.good();
    let length = world.log.length();
    for fault in [AppendFault::Unavailable, AppendFault::Poisoned] {
        world.memory.faults().next_append(fault);
        let answer = world.open(&authority.user, child).await;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!body.contains("Quarmby") && !body.contains("Hidden"), "{body}");
        assert_eq!(answer.headers["retry-after"], "1");
        answer.problem(503);
        world.memory.faults().none();
        world.send(Method::GET, "/health/ready", &[], None).await.problem(503);
    }
    assert_eq!(world.log.length(), length, "nothing was recorded, and nothing shown");
    world.open(&authority.user, child).await.good();
    world.send(Method::GET, "/health/ready", &[], None).await.good();
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_not_ready() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    assert_eq!(world.directory.ready().await, Ok(world.log.length()));
    world.memory.faults().reads_unavailable(true);
    world.send(Method::GET, "/health/ready", &[], None).await.problem(503);
    world.send(Method::GET, "/health/live", &[], None).await.good();
    world.open(&authority.user, child).await.problem(503);
    world.memory.faults().reads_unavailable(false);
    world.send(Method::GET, "/health/ready", &[], None).await.good();
    world.open(&authority.user, child).await.good();
}

#[tokio::test]
async fn what_a_late_guard_forbids_is_not_released_and_that_is_recorded() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.memory.faults().next_append(AppendFault::GuardMovedAfterWriting);
    let answer = world.open(&authority.user, child).await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("Quarmby"));
    assert_eq!(answer.problem(409)["type"], "/problems/too-much-movement");
    let stream = Stream::Access(ChildRef::new(child));
    let history = world.log.history(stream, AsOf::Now).await.unwrap();
    let opened = history[0].stamp.id;
    assert_eq!(
        history[1].event,
        Event::Access(access::Event::DisclosureWithheld { disclosure: opened })
    );
    world.open(&authority.user, child).await.good();
    let token = format!("p{}", world.log.length() - 1);
    let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
    let because = json!({"code": "audit", "text": "Weekly review."});
    let window = json!({"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "reason": because,
        "what": ["opened"]});
    let asked = async |path: &str| {
        let sights = world.post_with(&authority.team, path, &headers, window.clone()).await.good();
        let rows = sights["data"].as_array().unwrap().clone();
        rows.into_iter().map(|row| row["outcome"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked("/sights/queries").await, ["recorded-but-not-released", "shown"]);
    let before = history[0].stamp.position;
    let then = asked(&format!("/sights/queries?as_of_position={before}")).await;
    assert_eq!(then, ["shown"], "that nothing was released was not known yet");
}

#[tokio::test]
async fn an_append_whose_outcome_was_unknown_happens_once() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    for fault in [AppendFault::UnknownAfterWriting, AppendFault::UnknownBeforeWriting] {
        let length = world.log.length();
        world.memory.faults().next_append(fault);
        world.open(&authority.user, child).await.good();
        assert_eq!(world.log.length(), length + 1);
    }
}

/// What `/health/ready` says, once it says whether or not the read models have stopped.
async fn readiness(world: &World, stopped: bool) -> Answer {
    for _ in 0..6_000 {
        let answer = world.send(Method::GET, "/health/ready", &[], None).await;
        if (answer.status == 503) == stopped {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the read models have stopped, or go on, though they should not");
}

#[tokio::test]
async fn a_gap_in_the_log_is_said_and_no_set_is_answered_beyond_it() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let question = json!({"reason": {"code": "audit", "text": "Weekly review."}});
    let asked = async |token: u64, wait: &str| {
        let token = format!("p{token}");
        let headers = [("consistency-token", token.as_str()), ("prefer", wait)];
        world.post_with(&authority.team, "/openings/queries", &headers, question.clone()).await
    };
    asked(world.log.length() - 1, "wait=10").await.good();
    let terms = json!({"given": "Zebedee", "surname": "Quarmby", "date_of_birth": born()});
    let search = json!({"reason": reason(), "terms": terms});
    world.post(&authority.user, "/children/search", search.clone()).await.good();
    let gap = world.log.length();
    world.memory.faults().missing_entry(gap);
    // A look is folded from its own streams, and recorded: that it cannot be found in the whole log is said.
    world.open(&authority.user, child).await.good();
    world.open(&authority.user, child).await.good();
    let told = readiness(&world, true).await.problem(503);
    let stopped = |told: &Value| {
        assert_eq!(told["type"], "/problems/read-models-stopped");
        let why = told["read_models"]["stopped_because"].as_str().unwrap().to_owned();
        assert!(why.starts_with(&format!("position {gap} is missing in the log")), "{why}");
    };
    stopped(&told);
    assert_eq!(told["read_models"]["duty"], "stopped");
    stopped(&asked(gap, "wait=0").await.problem(503));
    let searched = world.post(&authority.user, "/children/search", search.clone()).await;
    assert!(!String::from_utf8_lossy(&searched.body).contains("Quarmby"));
    assert_eq!(searched.problem(503)["type"], "/problems/read-models-stopped");
    // Somebody mends it; the service comes back by itself.
    world.memory.faults().none();
    readiness(&world, false).await.good();
    let rows = asked(world.log.length() - 1, "wait=10").await.good();
    assert_eq!(rows["data"].as_array().unwrap().len(), 2);
    world.post(&authority.user, "/children/search", search).await.good();
}
