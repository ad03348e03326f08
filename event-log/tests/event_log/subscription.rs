//! Following the log: every event once, in order.

use std::{sync::Arc, time::Duration};

use event_log::{EventLog, memory::Memory};
use fixtures::scenario::id;

use crate::world::{command, everywhere, organisation_stream, registered, write};

const WRITERS: u64 = 4;
const EACH: u64 = 150;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_gap_and_no_repeat_while_many_write() {
    for store in everywhere() {
        let log = store.log();
        let followers: Vec<_> = [0, 1, 100]
            .map(|from| {
                let mut subscription = log.subscribe(from);
                tokio::spawn(async move {
                    let mut seen = Vec::new();
                    while subscription.position() < WRITERS * EACH {
                        seen.push(subscription.next().await.unwrap().stamp.position);
                    }
                    (from, seen)
                })
            })
            .into();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let log = log.clone();
                tokio::spawn(async move {
                    for number in 0..EACH {
                        let stream = organisation_stream(u128::from(writer));
                        let context = command(u128::from(writer * 1_000 + number));
                        write(&log, stream, vec![registered("A")], context).await.unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        for follower in followers {
            let (from, seen) =
                tokio::time::timeout(Duration::from_secs(20), follower).await.unwrap().unwrap();
            assert_eq!(seen, (from..WRITERS * EACH).collect::<Vec<_>>());
        }
    }
}

#[tokio::test]
async fn a_failed_read_skips_nothing() {
    let memory = Arc::new(Memory::new());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    let events = vec![registered("A"), registered("B"), registered("C")];
    let recorded = write(&log, organisation_stream(1), events, command(1)).await.unwrap();
    let mut subscription = log.subscribe(0);
    assert_eq!(subscription.next_chunk(1).await.unwrap(), recorded[..1]);
    memory.faults().reads_unavailable(true);
    assert!(subscription.next().await.is_err());
    memory.faults().reads_unavailable(false);
    assert_eq!(subscription.next().await.unwrap(), recorded[1]);
    assert_eq!(subscription.next_chunk(10).await.unwrap(), recorded[2..]);
}

#[tokio::test]
async fn a_single_event_is_found_by_position_and_by_identity() {
    for store in everywhere() {
        let log = store.log();
        for number in 0..5 {
            let stream = organisation_stream(number % 2);
            write(&log, stream, vec![registered("A")], command(number)).await.unwrap();
        }
        let all = log.read_all(0, 10).await.unwrap();
        for recorded in &all {
            let position = recorded.stamp.position;
            assert_eq!(log.find_event(recorded.stamp.id).await.unwrap(), Some(position));
            assert_eq!(log.open_event(position).await.unwrap().as_ref(), Some(recorded));
            let header = log.header_at(position).await.unwrap().unwrap();
            assert_eq!(
                (header.stamp, header.name.as_str()),
                (recorded.stamp.clone(), "organisation.registered/1")
            );
        }
        let nobody = domain::identity::EventId::new(id(9));
        assert_eq!(log.find_event(nobody).await.unwrap(), None);
        assert_eq!(log.open_event(5).await.unwrap(), None);
    }
}
