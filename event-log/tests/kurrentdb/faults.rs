//! What goes wrong on the way, and what comes of it: the table in `docs/operations.md`.

use std::time::Duration;

use event_log::{append::AppendError, backend::Backend, kurrent::Kurrent};
use kurrentdb_double::{Double, faults::AppendFault};

use crate::world::{World, append, child, expected, guarded, outcome, said, settings, shield};

#[tokio::test(flavor = "multi_thread")]
async fn an_append_is_written_once_whatever_becomes_of_its_answer() {
    let faults = [
        AppendFault::ReplyDropped,
        AppendFault::NeverAnswered,
        AppendFault::AbortedAfterWriting,
        AppendFault::Unavailable,
        AppendFault::Aborted,
        AppendFault::Slow(Duration::from_millis(50)),
    ];
    let world = World::new(Double::start());
    let mut settings = world.settings();
    settings.deadline = Duration::from_secs(2);
    let log = Kurrent::open(&settings).await.unwrap();
    for (number, fault) in (0_u32..).zip(faults) {
        world.double.faults().next_append(fault);
        let asked = append(child(number.into()), None, number.into(), "{}");
        let there = outcome(&log, asked).await;
        assert_eq!(there, (format!("at {number}"), 1 + number as usize), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_that_another_node_leads_goes_there() {
    let world = World::new(Double::pair());
    let log = open_pair(&world).await;
    assert_eq!(said(log.append(append(child(1), None, 1, "{}")).await), "at 0");
    world.double.lead(1);
    assert_eq!(outcome(&log, append(child(2), None, 2, "{}")).await, ("at 1".to_owned(), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_leader_dies_the_next_one_is_found() {
    let mut world = World::new(Double::pair());
    let log = open_pair(&world).await;
    assert_eq!(said(log.append(append(child(1), None, 1, "{}")).await), "at 0");
    world.double.kill(0);
    world.double.lead(1);
    assert_eq!(outcome(&log, append(child(2), None, 2, "{}")).await, ("at 1".to_owned(), 2));
}

async fn open_pair(world: &World) -> Kurrent {
    let mut settings = world.settings();
    settings.expected =
        settings.expected.map(|_| event_log::kurrent::Expected { nodes: 2, ..expected() });
    Kurrent::open(&settings).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_restarts_is_found_again() {
    let mut world = World::new(Double::start());
    let log = world.open().await.unwrap();
    assert_eq!(said(log.append(append(child(1), None, 1, "{}")).await), "at 0");
    world.double.kill(0);
    world.double.revive(0);
    assert_eq!(outcome(&log, append(child(2), None, 2, "{}")).await, ("at 1".to_owned(), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_dead_at_the_first_call_is_used_when_it_is_there() {
    let mut world = World::new(Double::start());
    world.double.kill(0);
    let settings = world.settings();
    let opening = tokio::spawn(async move { Kurrent::open(&settings).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.double.revive(0);
    let log = opening.await.unwrap().unwrap();
    assert_eq!(said(log.append(append(child(1), None, 1, "{}")).await), "at 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_nothing_is_sent_and_that_is_said() {
    let mut world = World::new(Double::start());
    let mut settings = world.settings();
    settings.patience = Duration::from_millis(100);
    let log = Kurrent::open(&settings).await.unwrap();
    world.double.kill(0);
    let refused = log.append(append(child(1), None, 1, "{}")).await;
    assert!(
        matches!(refused, Err(AppendError::Unavailable(_) | AppendError::Unknown(_))),
        "{refused:?}"
    );
    world.double.revive(0);
    assert_eq!(outcome(&log, append(child(1), None, 1, "{}")).await, ("at 0".to_owned(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_that_moves_while_the_append_is_under_way_is_found_afterwards() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    let asked = guarded(append(child(1), None, 1, "{}"), &[(shield(1), None)]);
    world.double.faults().next_append(AppendFault::Held);
    let writing = {
        let (log, asked) = (std::sync::Arc::clone(&log), asked.clone());
        tokio::spawn(async move { log.append(asked).await })
    };
    // The fault is taken by the first append to arrive: the shield comes once it has been.
    while world.double.faults().waiting() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    log.append(append(shield(1), None, 2, "{}")).await.unwrap();
    world.double.faults().release();
    let moved = writing.await.unwrap();
    match moved {
        Err(AppendError::GuardMoved { guard, written: Some(written) }) => {
            assert_eq!((guard.stream, written.first_position), (shield(1), 1));
        }
        other => panic!("{other:?}"),
    }
    // Sent again it is answered as it was.
    let again = log.append(asked).await;
    assert!(matches!(again, Err(AppendError::GuardMoved { written: Some(_), .. })), "{again:?}");
    assert_eq!(log.read_all(0, 9).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_comes_again_after_its_guard_moved_is_still_the_one_that_was_written() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    let asked = guarded(append(child(1), None, 1, "{}"), &[(shield(1), None)]);
    assert_eq!(said(log.append(asked.clone()).await), "at 0");
    log.append(append(shield(1), None, 2, "{}")).await.unwrap();
    assert_eq!(outcome(&log, asked).await, ("at 0".to_owned(), 2));
}

/// The server compares identities and not content: it would say success to both.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_writers_with_one_identity_and_different_content_exactly_one_succeeds() {
    let world = World::new(Double::start());
    let (here, there) = (world.open().await.unwrap(), tempfile::TempDir::new().unwrap());
    let there = Kurrent::open(&settings(&world.double, there.path())).await.unwrap();
    for round in 0..20_u64 {
        let asked = |who: &str| {
            let entry = format!("{{\"by\":\"{who}\"}}");
            append(child(1), round.checked_sub(1), u128::from(round), &entry)
        };
        let (one, other) = tokio::join!(here.append(asked("here")), there.append(asked("there")));
        let outcomes = [one.is_ok(), other.is_ok()];
        assert!(outcomes == [true, false] || outcomes == [false, true], "{round}: {outcomes:?}");
        for refused in [one, other].into_iter().filter_map(Result::err) {
            assert!(matches!(refused, AppendError::Conflict { .. }), "{refused:?}");
        }
    }
}

/// Four defects of the client are in its subscriptions and its connection: none is met.
#[tokio::test(flavor = "multi_thread")]
async fn no_subscription_is_made_so_its_faults_do_no_harm() {
    let world = World::new(Double::start());
    world.double.faults().subscriptions_end_after(1);
    world.double.faults().checkpoint_past_event(true);
    let log = world.open().await.unwrap();
    let other = tempfile::TempDir::new().unwrap();
    let follower = Kurrent::open(&settings(&world.double, other.path())).await.unwrap();
    let mut length = follower.watch();
    for number in 0..50_u128 {
        log.append(append(child(number), None, number, "{}")).await.unwrap();
    }
    length.wait_for(|length| *length == 50).await.unwrap();
    assert_eq!(follower.read_all(0, 99).await.unwrap().len(), 50);
    assert_eq!(world.double.subscribers(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_would_not_take_or_would_change_is_not_sent() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    let before = world.double.log().everything().len();
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(60_000));
    let mut oversized = append(child(1), None, 1, &large);
    oversized.events = vec![oversized.events[0].clone(); 20];
    let cases = [
        oversized,
        append(child(1), None, 2, "{}\n"),
        append(child(1), None, 3, "{\"a\":}"),
        append(child(1), None, 4, "[1]x"),
    ];
    for case in cases {
        let refused = log.append(case).await;
        assert!(matches!(refused, Err(AppendError::Unstorable(_))), "{refused:?}");
    }
    assert_eq!(world.double.log().everything().len(), before);
}
