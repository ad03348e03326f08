//! Any subjects, in any order: those are unreadable, the others are as they were, and the log verifies.

use api::{configuration::ClockKind, directory::Directory};
use domain::{actor::Actor, erasure, event::Event, stream::Stream};
use event_log::{AsOf, CommitError, EventLog, verify::verify};
use proptest::prelude::*;

use crate::world::{CHILD, context, erase, fill, readable, subject};

const SUBJECTS: usize = 4;

fn any_order() -> impl Strategy<Value = Vec<usize>> {
    let all: Vec<usize> = (0..SUBJECTS).collect();
    (Just(all).prop_shuffle(), 0..=SUBJECTS).prop_map(|(mut order, some)| {
        order.truncate(some);
        order
    })
}

async fn erased_in(order: Vec<usize>) {
    let log = EventLog::memory().unwrap();
    let directory = Directory::over(log.clone(), ClockKind::System).await.unwrap();
    let mut before = Vec::new();
    for number in 0..SUBJECTS {
        fill(&log, subject(number as u128), &CHILD[..1]).await;
        before.push(readable(&log, subject(number as u128)).await);
    }
    for (done, number) in order.iter().enumerate() {
        erase(&directory, subject(*number as u128)).await;
        for (other, before) in before.iter().enumerate() {
            let now = readable(&log, subject(other as u128)).await;
            if order[..=done].contains(&other) {
                assert!(!now.contains("$personal"));
            } else {
                assert_eq!(&now, before);
            }
        }
    }
    assert!(verify(&log, |_| {}).await.unwrap().is_clean());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn any_of_them_in_any_order(order in any_order()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(erased_in(order));
    }
}

#[tokio::test]
async fn an_erased_subject_never_gets_a_key_again() {
    let log = EventLog::memory().unwrap();
    let directory = Directory::over(log.clone(), ClockKind::System).await.unwrap();
    let one = subject(1);
    fill(&log, one, CHILD).await;
    erase(&directory, one).await;
    erase_again(&directory).await;
    log.create_subject(one, context(Actor::SYSTEM)).await.unwrap_err();
    let stream = Stream::Erasure(one);
    let words = "Too late".to_owned().try_into().unwrap();
    let hold = erasure::Event::LegalHoldLifted {
        hold: domain::identity::HoldId::new(subject(9)),
        words: domain::personal::Personal::Known(words),
    };
    let commit = event_log::Commit {
        stream,
        events: vec![hold.into()],
        reading: log.reading(),
        context: context(Actor::SYSTEM),
    };
    assert!(matches!(log.commit(commit).await, Err(CommitError::Erased(_))));
}

/// Finishing what is finished changes nothing.
async fn erase_again(directory: &Directory) {
    let before = directory.log().length();
    directory.eraser().finish(subject(1), directory.clock()).await.unwrap();
    directory.resume_erasures().await;
    assert_eq!(directory.log().length(), before);
    let history = directory.log().history(Stream::Erasure(subject(1)), AsOf::Now).await.unwrap();
    assert!(matches!(
        history.last().unwrap().event,
        Event::Erasure(erasure::Event::SubjectErased { .. })
    ));
}
