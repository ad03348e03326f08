//! Any subjects, in any order: those are unreadable, the others are as they were, and the log verifies.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use api::{
    configuration::ClockKind,
    directory::Directory,
    erasure::{Eraser, Unfinished},
};
use domain::{
    actor::Actor,
    erasure::{self, PurgeMethod},
    event::Event,
    stream::Stream,
};
use event_log::{AsOf, CommitError, EventLog, verify::verify};
use projections::holder::{Answer, Holder, NotPurged, Purged};
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::{CHILD, begin_with, context, erase, fill, readable, subject};

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

/// Fails the first time it is asked.
struct Reluctant(AtomicBool);

impl Holder for Reluctant {
    fn name(&self) -> &'static str {
        "reluctant"
    }

    fn purge(&self, _: Uuid) -> Answer<'_> {
        let refuses = !self.0.swap(true, Ordering::SeqCst);
        Box::pin(async move {
            if refuses {
                return Err(NotPurged { holder: "reluctant", cause: "not yet".into() });
            }
            Ok(Purged { method: PurgeMethod::Deleted, count: 1, evidence: None })
        })
    }
}

#[tokio::test]
async fn a_holder_that_fails_or_is_missing_holds_the_end_up_and_not_the_beginning() {
    let log = EventLog::memory().unwrap();
    let directory = Directory::over(log.clone(), ClockKind::System).await.unwrap();
    let (one, stream) = (subject(1), Stream::Erasure(subject(1)));
    fill(&log, one, CHILD).await;
    let reluctant: Arc<dyn Holder> = Arc::new(Reluctant(AtomicBool::default()));
    let mut eraser = Eraser::new(log.clone(), Vec::new());
    eraser.register(reluctant);
    begin_with(&log, one, eraser.holders()).await;
    let missing = directory.eraser().finish(one, directory.clock()).await;
    assert!(matches!(missing, Err(Unfinished::HolderMissing(name)) if name == "reluctant"));
    assert!(!readable(&log, one).await.contains("$personal"), "the key is gone all the same");
    let failed = eraser.finish(one, directory.clock()).await;
    assert!(matches!(failed, Err(Unfinished::Holder(_))));
    let state = directory.state::<erasure::Erasure>(stream).await.unwrap();
    assert!(state.has_begun() && !state.is_erased());
    eraser.finish(one, directory.clock()).await.unwrap();
    assert!(directory.state::<erasure::Erasure>(stream).await.unwrap().is_erased());
}
