//! Writing what was decided.

use std::sync::Arc;

use chrono::Duration;
use domain::recorded::ReliedOn;
use event_log::{
    AsOf, CommitError, EventLog,
    append::AppendError,
    event_log::event_id,
    memory::{Memory, faults::AppendFault},
};
use fixtures::scenario::id;

use crate::world::{
    Count, Names, child_stream, command, everywhere, organisation_stream, record_created,
    registered, write, write_after,
};

#[tokio::test]
async fn what_was_committed_is_what_is_read() {
    for store in everywhere() {
        let log = store.log();
        log.create_subject(id(1), command(0)).await.unwrap();
        let events = vec![record_created("Harker"), record_created("Murray")];
        let recorded = write(&log, child_stream(1), events, command(1)).await.unwrap();
        assert_eq!(log.history(child_stream(1), AsOf::Now).await.unwrap(), recorded);
        assert_eq!(log.read_all(1, 10).await.unwrap(), recorded);
        assert_eq!(log.fold_at::<Count>(child_stream(1), AsOf::Now).await.unwrap().0, 2);
        assert_eq!(recorded[1].stamp.id, event_id(command(1).command, 1));
        assert_eq!((recorded[1].stamp.position, recorded[1].stamp.revision), (2, 1));
    }
}

#[tokio::test]
async fn what_was_read_elsewhere_is_guarded_and_recorded() {
    for store in everywhere() {
        let log = store.log();
        write(&log, organisation_stream(2), vec![registered("A")], command(1)).await.unwrap();
        let (one, other) = (log.reading(), log.reading());
        for reading in [&one, &other] {
            reading.fold::<Names>(organisation_stream(2)).await.unwrap();
            reading.fold::<Names>(organisation_stream(3)).await.unwrap();
        }
        let recorded =
            write_after(one, organisation_stream(3), registered("B"), command(2)).await.unwrap();
        let relied = ReliedOn { stream: organisation_stream(2), revision: Some(0) };
        assert_eq!(recorded[0].stamp.relied_on, [relied]);

        write(&log, organisation_stream(2), vec![registered("C")], command(3)).await.unwrap();
        let refused = write_after(other, organisation_stream(4), registered("D"), command(4)).await;
        let refused = refused.unwrap_err();
        assert!(refused.is_outdated(), "{refused}");
        assert!(matches!(
            refused,
            CommitError::Append(AppendError::GuardMoved { guard, written: None }) if guard == relied
        ));
    }
}

#[tokio::test]
async fn the_written_stream_must_stand_where_it_was_read() {
    for store in everywhere() {
        let log = store.log();
        let reading = log.reading();
        reading.fold::<Names>(organisation_stream(2)).await.unwrap();
        write(&log, organisation_stream(2), vec![registered("A")], command(1)).await.unwrap();
        let refused =
            write_after(reading, organisation_stream(2), registered("B"), command(2)).await;
        assert!(matches!(
            refused.unwrap_err(),
            CommitError::Append(AppendError::Conflict { expected: None, actual: Some(0), .. })
        ));
    }
}

#[tokio::test]
async fn a_reading_reads_a_stream_to_the_same_event_again() {
    for store in everywhere() {
        let log = store.log();
        write(&log, organisation_stream(2), vec![registered("A")], command(1)).await.unwrap();
        let reading = log.reading();
        let first = reading.fold::<Names>(organisation_stream(2)).await.unwrap();
        write(&log, organisation_stream(2), vec![registered("B")], command(2)).await.unwrap();
        let now = log.fold_at::<Names>(organisation_stream(2), AsOf::Now).await.unwrap();
        assert_eq!(now.0, ["A", "B"]);
        let again = reading.fold::<Names>(organisation_stream(2)).await.unwrap();
        assert_eq!(again, first);
    }
}

#[tokio::test]
async fn recorded_time_never_goes_back_in_a_stream() {
    for store in everywhere() {
        let log = store.log();
        let late = command(100);
        write(&log, organisation_stream(2), vec![registered("A")], late).await.unwrap();
        let mut early = command(101);
        early.at = late.at - Duration::hours(1);
        let recorded =
            write(&log, organisation_stream(2), vec![registered("B")], early).await.unwrap();
        assert_eq!(recorded[0].stamp.at, late.at);
        let elsewhere =
            write(&log, organisation_stream(3), vec![registered("C")], early).await.unwrap();
        assert_eq!(elsewhere[0].stamp.at, early.at);
    }
}

#[tokio::test]
async fn a_command_that_is_given_twice_at_once_is_carried_out_once() {
    for store in everywhere() {
        let log = store.log();
        let stream = organisation_stream(2);
        write(&log, stream, vec![registered("A")], command(1)).await.unwrap();
        let given = command(2).command;
        let (one, other) = (log.reading(), log.reading());
        for reading in [&one, &other] {
            assert_eq!(reading.written_by(given, stream).await.unwrap(), []);
        }
        let written = write_after(one, stream, registered("B"), command(2)).await.unwrap();
        let refused = write_after(other, stream, registered("B"), command(2)).await.unwrap_err();
        assert!(refused.is_outdated(), "{refused}");
        assert_eq!(log.reading().written_by(given, stream).await.unwrap(), written);
    }
}

#[tokio::test]
async fn a_command_is_looked_for_no_further_than_its_stream_was_read() {
    let log = EventLog::memory().unwrap();
    let (stream, empty) = (organisation_stream(2), organisation_stream(3));
    write(&log, stream, vec![registered("A")], command(1)).await.unwrap();
    let reading = log.reading();
    for stream in [stream, empty] {
        reading.fold::<Names>(stream).await.unwrap();
        write(&log, stream, vec![registered("B")], command(2)).await.unwrap();
        assert_eq!(reading.written_by(command(2).command, stream).await.unwrap(), []);
    }
    assert_eq!(reading.written_by(command(1).command, stream).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_event_of_another_subject_is_refused() {
    for store in everywhere() {
        let log = store.log();
        let refused = write(&log, child_stream(2), vec![registered("A")], command(1)).await;
        assert!(matches!(refused.unwrap_err(), CommitError::WrongStream { .. }));
        assert_eq!(log.length(), 0);
    }
}

#[tokio::test]
async fn an_outcome_that_the_store_does_not_know_is_found_out() {
    for fault in [AppendFault::UnknownAfterWriting, AppendFault::UnknownBeforeWriting] {
        let memory = Arc::new(Memory::new());
        let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
        memory.faults().next_append(fault);
        let events = vec![registered("A"), registered("B")];
        let recorded = write(&log, organisation_stream(2), events, command(1)).await.unwrap();
        assert_eq!(log.read_all(0, 10).await.unwrap(), recorded, "{fault:?}: once, and only once");
        let written = log.written_by(command(1).command, organisation_stream(2)).await.unwrap();
        assert_eq!(written, recorded);
    }
}

#[tokio::test]
async fn an_outcome_that_stays_unknown_is_called_so() {
    let memory = Arc::new(Memory::new());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    for after in 0..10 {
        memory.faults().append_after(after, AppendFault::UnknownBeforeWriting);
    }
    let outcome = write(&log, organisation_stream(2), vec![registered("A")], command(1)).await;
    assert!(matches!(outcome.unwrap_err(), CommitError::Append(AppendError::Unknown(_))));
}

#[tokio::test]
async fn a_log_opened_for_reading_writes_nothing() {
    let log = EventLog::memory().unwrap().without_keys();
    let refused = write(&log, organisation_stream(2), vec![registered("A")], command(1)).await;
    assert!(matches!(refused.unwrap_err(), CommitError::ReadOnly));
}
