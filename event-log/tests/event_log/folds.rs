//! States as of now and of any time before, and what reading them costs.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::stream::Stream;
use event_log::{
    AsOf, EventLog, Keys,
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Stored},
    codec::Upcasts,
    keyring::Keyring,
    memory::Memory,
};
use tokio::sync::watch;

use crate::world::{Names, command, everywhere, organisation_stream, registered, write};

#[tokio::test]
async fn a_state_as_of_then_is_what_it_was_then() {
    for store in everywhere() {
        let log = store.log();
        for (number, name) in [(0, "A"), (10, "B"), (20, "C")] {
            write(&log, organisation_stream(1), vec![registered(name)], command(number))
                .await
                .unwrap();
            let other = command(number + 1);
            write(&log, organisation_stream(2), vec![registered("other")], other).await.unwrap();
        }
        let stream = organisation_stream(1);
        let names = async |as_of| log.fold_at::<Names>(stream, as_of).await.unwrap().0.join("");
        assert_eq!(names(AsOf::Now).await, "ABC");
        assert_eq!(names(AsOf::Revision(1)).await, "AB");
        assert_eq!(names(AsOf::Revision(9)).await, "ABC");
        assert_eq!(names(AsOf::Position(1)).await, "A");
        assert_eq!(names(AsOf::Position(2)).await, "AB");
        assert_eq!(names(AsOf::Time(command(10).at)).await, "AB");
        let before = command(10).at - chrono::Duration::nanoseconds(1);
        assert_eq!(names(AsOf::Time(before)).await, "A");
        let nothing = log.history(organisation_stream(3), AsOf::Now).await.unwrap();
        assert_eq!(nothing, []);
    }
}

/// Counts the events that were read of streams.
#[derive(Default)]
struct Counting(Memory, AtomicUsize);

impl Backend for Counting {
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        self.0.append(append)
    }
    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        self.0.head(stream)
    }
    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let read = self.0.read_stream(stream, first, last).await?;
            self.1.fetch_add(read.len(), Ordering::Relaxed);
            Ok(read)
        })
    }
    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        self.0.read_all(from, limit)
    }
    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        self.0.erase_sealed(stream)
    }
    fn watch(&self) -> watch::Receiver<u64> {
        self.0.watch()
    }
}

#[tokio::test]
async fn whoever_only_writes_to_a_stream_reads_its_last_event_once() {
    let store = Arc::new(Counting::default());
    let ring = Arc::new(Keyring::memory("example").unwrap());
    let log = || {
        let store = Arc::clone(&store) as Arc<dyn Backend>;
        EventLog::over(store, Keys::Ring(Arc::clone(&ring)))
    };
    let (ours, other, stream) = (log(), log(), organisation_stream(1));
    let read = || store.1.swap(0, Ordering::Relaxed);
    for (number, expected) in [(0, 0), (1, 1), (2, 0), (3, 0)] {
        write(&ours, stream, vec![registered("ours")], command(number)).await.unwrap();
        assert_eq!(read(), expected, "{number}");
    }
    write(&other, stream, vec![registered("other")], command(4)).await.unwrap();
    assert_eq!(read(), 1, "nothing of it was known there");
    write(&ours, stream, vec![registered("ours")], command(5)).await.unwrap();
    assert_eq!(read(), 1, "somebody else wrote meanwhile");
    let names = ours.reading().fold::<Names>(stream).await.unwrap();
    assert_eq!(names.0.len(), 6);
}

#[tokio::test]
async fn an_unchanged_stream_costs_no_read_and_a_changed_one_only_what_is_new() {
    let store = Arc::new(Counting::default());
    let ring = Keyring::memory("example").unwrap();
    let log = EventLog::over(Arc::clone(&store) as Arc<dyn Backend>, Keys::Ring(Arc::new(ring)));
    let stream = organisation_stream(1);
    let events = vec![registered("A"), registered("B"), registered("C")];
    write(&log, stream, events, command(0)).await.unwrap();
    let read = || store.1.swap(0, Ordering::Relaxed);
    assert_eq!(log.reading().fold::<Names>(stream).await.unwrap().0, ["A", "B", "C"]);
    assert_eq!(read(), 3);
    assert_eq!(log.reading().fold::<Names>(stream).await.unwrap().0, ["A", "B", "C"]);
    assert_eq!(read(), 0);
    let reading = log.reading();
    reading.fold::<Names>(stream).await.unwrap();
    crate::world::write_after(reading, stream, registered("D"), command(1)).await.unwrap();
    assert_eq!(read(), 0, "what was read for the decision is enough to write it");
    assert_eq!(log.reading().fold::<Names>(stream).await.unwrap().0, ["A", "B", "C", "D"]);
    assert_eq!(read(), 0, "what was written was taken into the state");
    let other = log.with_upcasts(Upcasts::current());
    write(&other, stream, vec![registered("E")], command(2)).await.unwrap();
    read();
    assert_eq!(log.reading().fold::<Names>(stream).await.unwrap().0, ["A", "B", "C", "D", "E"]);
    assert_eq!(read(), 1, "what somebody else wrote is read, and nothing before it");
}
