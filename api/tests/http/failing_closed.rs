//! What cannot be recorded is not shown.

use domain::{access, event::Event, identity::ChildRef, stream::Stream};
use event_log::{AsOf, memory::faults::AppendFault};
use reqwest::Method;

use crate::world::World;

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
    }
    assert_eq!(world.log.length(), length, "nothing was recorded, and nothing shown");
    world.open(&authority.user, child).await.good();
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
