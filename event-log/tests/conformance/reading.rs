//! What reading promises.

use domain::stream::Stream;
use event_log::{
    append::NewEvent,
    backend::{Head, Stored},
};

use crate::store::{Store, append, child, event, shield};

fn revisions(read: &[Stored]) -> Vec<u64> {
    read.iter().map(|event| event.revision).collect()
}

pub(crate) async fn what_was_appended_is_read_byte_for_byte(store: Store) {
    let entry = "{\"b\": 1,  \"a\":\"\u{e9}\u{1F512}\" }";
    store.add(Stream::Policy, &[entry]).await;
    let stored = Stored {
        position: 0,
        stream: Stream::Policy,
        revision: 0,
        entry: entry.as_bytes().to_vec(),
        sealed: None,
    };
    assert_eq!(
        store.read_stream(Stream::Policy, 0, None).await.unwrap()[..],
        store.everything().await
    );
    assert_eq!(store.everything().await, [stored]);
}

/// Three events: sealed, not sealed, sealed with nothing.
async fn with_sealed(store: &Store, stream: Stream) {
    let mut asked = append(stream, None, &[]);
    for sealed in [Some(vec![0, 159, 146, 150]), None, Some(Vec::new())] {
        asked.events.push(NewEvent { sealed, ..event("{}") });
    }
    store.append(asked).await.unwrap();
}

pub(crate) async fn a_sealed_section_is_there_or_not_as_appended(store: Store) {
    with_sealed(&store, child(1)).await;
    let read: Vec<_> = store.everything().await.into_iter().map(|event| event.sealed).collect();
    assert_eq!(read, [Some(vec![0, 159, 146, 150]), None, Some(Vec::new())]);
}

pub(crate) async fn an_empty_stream_reads_as_empty_and_has_no_head(store: Store) {
    assert_eq!(store.head(child(1)).await.unwrap(), None);
    assert_eq!(store.read_stream(child(1), 0, None).await.unwrap(), []);
}

pub(crate) async fn the_head_is_the_last_event(store: Store) {
    store.add(child(1), &["{\"n\":0}", "{\"n\":1}"]).await;
    store.add(child(2), &["{}"]).await;
    let head = Head { position: 1, revision: 1 };
    assert_eq!(store.head(child(1)).await.unwrap(), Some(head));
}

pub(crate) async fn a_stream_is_read_from_a_revision_to_a_revision(store: Store) {
    for _ in 0..5 {
        store.add(child(1), &["{}"]).await;
        store.add(shield(1), &["{}"]).await;
    }
    let cases: [(u64, Option<u64>, &[u64]); 8] = [
        (0, None, &[0, 1, 2, 3, 4]),
        (2, None, &[2, 3, 4]),
        (4, None, &[4]),
        (5, None, &[]),
        (0, Some(2), &[0, 1, 2]),
        (1, Some(3), &[1, 2, 3]),
        (3, Some(99), &[3, 4]),
        (3, Some(2), &[]),
    ];
    for (first, last, expected) in cases {
        let read = store.read_stream(child(1), first, last).await.unwrap();
        assert_eq!(revisions(&read), expected, "from {first} to {last:?}");
        assert!(read.iter().all(|event| event.stream == child(1)));
    }
}

pub(crate) async fn a_long_stream_is_read_whole_and_in_order(store: Store) {
    for round in 0..10_u64 {
        store.add(child(1), &["{}"; 200]).await;
        store.add(child(2), &["{}"]).await;
        assert_eq!(store.head(child(1)).await.unwrap().unwrap().revision, round * 200 + 199);
    }
    let read = store.read_stream(child(1), 0, None).await.unwrap();
    assert_eq!(revisions(&read), (0..2_000).collect::<Vec<_>>());
    let read = store.read_stream(child(1), 700, Some(1_300)).await.unwrap();
    assert_eq!(revisions(&read), (700..=1_300).collect::<Vec<_>>());
}

pub(crate) async fn the_whole_log_is_read_in_pieces_without_gap(store: Store) {
    for number in 0..30 {
        store.add(child(number), &["{}"; 33]).await;
    }
    let mut positions = Vec::new();
    loop {
        let from = u64::try_from(positions.len()).unwrap();
        let piece = store.read_all(from, 307).await.unwrap();
        if piece.is_empty() {
            break;
        }
        assert!(piece.len() <= 307);
        positions.extend(piece.into_iter().map(|event| event.position));
    }
    assert_eq!(positions, (0..990).collect::<Vec<_>>());
}

pub(crate) async fn reading_at_or_beyond_the_end_is_empty(store: Store) {
    store.add(child(1), &["{}"; 3]).await;
    for (from, limit) in [(3, 10), (4, 10), (u64::MAX, usize::MAX), (0, 0)] {
        assert_eq!(store.read_all(from, limit).await.unwrap(), [], "from {from}, at most {limit}");
    }
}

/// What reading by position should come to, said by the whole log.
fn picked(everything: &[Stored], positions: &[u64]) -> Vec<Option<Stored>> {
    let at = |at: &u64| everything.iter().find(|stored| stored.position == *at).cloned();
    positions.iter().map(at).collect()
}

pub(crate) async fn events_are_read_by_their_positions_in_the_order_asked(store: Store) {
    assert_eq!(store.read_at(&[]).await.unwrap(), []);
    for number in 0..5 {
        store.add(child(number), &["{\"n\":0}", "{\"n\":1}"]).await;
        with_sealed(&store, shield(number)).await;
    }
    let everything = store.everything().await;
    let cases: [&[u64]; 5] =
        [&[0], &[24], &[3, 1, 2], &[7, 7, 0, 7], &[24, 12, 0, 6, 18, 5, 5, 24, 1]];
    for positions in cases {
        let read = store.read_at(positions).await.unwrap();
        assert!(read.iter().all(Option::is_some), "{positions:?}");
        assert_eq!(read, picked(&everything, positions), "{positions:?}");
    }
}

pub(crate) async fn many_scattered_events_are_read_by_their_positions(store: Store) {
    for number in 0..10 {
        store.add(child(number), &["{}"; 200]).await;
    }
    let everything = store.everything().await;
    // In no order; near each other, and far apart; some twice.
    let all = (0..2_000_u64).map(|number| number * 1_237 % 2_000);
    for apart in [1, 3, 41] {
        let positions: Vec<u64> = all.clone().filter(|at| at % apart == 0).chain([0, 0]).collect();
        let read = store.read_at(&positions).await.unwrap();
        assert_eq!(read, picked(&everything, &positions), "every {apart}");
    }
}

pub(crate) async fn a_position_at_or_beyond_the_end_has_no_event(store: Store) {
    assert_eq!(store.read_at(&[0, 7]).await.unwrap(), [None, None]);
    store.add(child(1), &["{}"; 3]).await;
    let there: Vec<bool> = store
        .read_at(&[3, 2, u64::MAX, 0, 4, i64::MAX.unsigned_abs()])
        .await
        .unwrap()
        .iter()
        .map(Option::is_some)
        .collect();
    assert_eq!(there, [false, true, false, true, false, false]);
}

pub(crate) async fn what_was_erased_is_read_without_its_section_by_position_too(store: Store) {
    with_sealed(&store, child(1)).await;
    with_sealed(&store, child(2)).await;
    store.erase_sealed(child(1)).await.unwrap();
    let read = store.read_at(&[5, 3, 2, 0]).await.unwrap();
    let sealed: Vec<bool> = read.iter().flatten().map(|stored| stored.sealed.is_some()).collect();
    let gone = !store.removes();
    assert_eq!(sealed, [true, true, gone, gone]);
    assert_eq!(read, picked(&store.everything().await, &[5, 3, 2, 0]));
}

pub(crate) async fn erasing_removes_sealed_sections_of_one_stream_only(store: Store) {
    with_sealed(&store, child(1)).await;
    with_sealed(&store, child(2)).await;
    if !store.removes() {
        return nothing_is_removed(store).await;
    }
    assert_eq!(store.erase_sealed(child(1)).await.unwrap(), 2);
    let read = store.everything().await;
    let sealed = |stream| {
        let of = read.iter().filter(move |event| event.stream == stream);
        of.map(|event| event.sealed.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(sealed(child(1)), [false, false, false]);
    assert_eq!(sealed(child(2)), [true, false, true]);
    assert!(read.iter().all(|event| event.entry == b"{}"));
}

/// A store that cannot take anything away says so, and leaves everything as it is.
async fn nothing_is_removed(store: Store) {
    let before = store.everything().await;
    assert_eq!(store.erase_sealed(child(1)).await.unwrap(), 0);
    assert_eq!(store.everything().await, before);
}

pub(crate) async fn erasing_twice_finds_nothing_the_second_time(store: Store) {
    with_sealed(&store, child(1)).await;
    let there = if store.removes() { 2 } else { 0 };
    assert_eq!(store.erase_sealed(child(1)).await.unwrap(), there);
    assert_eq!(store.erase_sealed(child(1)).await.unwrap(), 0);
    assert_eq!(store.erase_sealed(child(9)).await.unwrap(), 0);
}
