//! The store in memory fails as it is told to, and not otherwise.

use event_log::{
    append::AppendError,
    backend::{Backend, ReadError},
    memory::{Memory, faults::AppendFault},
};

use crate::store::{append, child, guarded, shield};

async fn appended(log: &Memory) -> Result<u64, AppendError> {
    let expected = log.head(child(1)).await.unwrap().map(|head| head.revision);
    let asked = guarded(append(child(1), expected, &["{}"]), &[(shield(1), None)]);
    log.append(asked).await.map(|appended| appended.first_position)
}

#[tokio::test]
async fn each_fault_answers_and_writes_as_it_says() {
    let cases = [
        (AppendFault::Unavailable, "the log cannot be written to at present", 0),
        (AppendFault::UnknownBeforeWriting, "it is not known whether the append succeeded", 0),
        (AppendFault::UnknownAfterWriting, "it is not known whether the append succeeded", 1),
        (
            AppendFault::GuardMovedAfterWriting,
            "shield-00000000-0000-0000-0000-000000000001 is no longer at revision None",
            1,
        ),
    ];
    for (fault, says, written) in cases {
        let log = Memory::new();
        log.faults().next_append(fault);
        assert_eq!(appended(&log).await.unwrap_err().to_string(), says);
        assert_eq!(log.read_all(0, 9).await.unwrap().len(), written, "{fault:?}");
        assert_eq!(usize::try_from(*log.watch().borrow()).unwrap(), written, "{fault:?}");
        appended(&log).await.unwrap();
    }
}

#[tokio::test]
async fn a_guard_that_moved_after_writing_says_where_the_events_are() {
    let log = Memory::new();
    log.faults().next_append(AppendFault::GuardMovedAfterWriting);
    match appended(&log).await {
        Err(AppendError::GuardMoved { written: Some(written), .. }) => {
            assert_eq!((written.first_position, written.last_position), (0, 0));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_fault_comes_after_as_many_appends_as_asked() {
    let log = Memory::new();
    log.faults().append_after(2, AppendFault::Unavailable);
    let mut outcomes = Vec::new();
    for _ in 0..4 {
        outcomes.push(appended(&log).await.ok());
    }
    assert_eq!(outcomes, [Some(0), Some(1), None, Some(2)]);
}

#[tokio::test]
async fn poisoned_it_stays_so_and_is_still_read() {
    let log = Memory::new();
    appended(&log).await.unwrap();
    log.faults().next_append(AppendFault::Poisoned);
    for _ in 0..3 {
        assert!(matches!(appended(&log).await, Err(AppendError::Poisoned(_))));
    }
    assert_eq!(log.read_all(0, 9).await.unwrap().len(), 1);
    log.faults().none();
    appended(&log).await.unwrap();
}

#[tokio::test]
async fn reads_fail_for_as_long_as_asked() {
    let log = Memory::new();
    appended(&log).await.unwrap();
    log.faults().reads_unavailable(true);
    let unavailable = [
        log.head(child(1)).await.map(drop),
        log.read_stream(child(1), 0, None).await.map(drop),
        log.read_all(0, 9).await.map(drop),
        log.read_at(&[0]).await.map(drop),
    ];
    for answer in unavailable {
        assert!(matches!(answer, Err(ReadError::Unavailable { .. })), "{answer:?}");
    }
    log.faults().reads_unavailable(false);
    log.read_all(0, 9).await.unwrap();
}

#[tokio::test]
async fn what_was_done_to_an_entry_is_read_by_its_position_too() {
    let log = Memory::new();
    for _ in 0..3 {
        appended(&log).await.unwrap();
    }
    log.faults().altered_entry(1);
    log.faults().missing_entry(2);
    assert_eq!(log.read_at(&[1]).await.unwrap(), [log.read_all(1, 1).await.unwrap().pop()]);
    assert_ne!(log.read_at(&[1]).await.unwrap()[0].as_ref().unwrap().entry, b"{}");
    let missing = log.read_at(&[0, 2]).await;
    assert!(matches!(missing, Err(ReadError::Corrupt { position: 2, .. })), "{missing:?}");
}
