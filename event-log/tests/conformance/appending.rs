//! What an append promises.

use event_log::append::{AppendError, LONGEST_ENTRY, NewEvent};

use crate::store::{Store, append, child, event, guarded, outcome, practitioner, shield};

pub(crate) async fn positions_and_revisions_count_from_zero(store: Store) {
    let outcomes = [
        outcome(store.append(append(child(1), None, &["{}"])).await),
        outcome(store.append(append(child(2), None, &["{}", "{}"])).await),
        outcome(store.append(append(child(1), Some(0), &["{}"])).await),
    ];
    assert_eq!(
        outcomes,
        ["0..=0 from revision 0", "1..=2 from revision 0", "3..=3 from revision 1"]
    );
}

pub(crate) async fn a_new_stream_is_expected_to_have_no_event(store: Store) {
    store.add(child(1), &["{}"]).await;
    let refused = store.append(append(child(1), None, &["{}"])).await;
    assert!(matches!(
        refused,
        Err(AppendError::Conflict { expected: None, actual: Some(0), stream }) if stream == child(1)
    ));
}

pub(crate) async fn a_stream_that_has_moved_on_is_a_conflict(store: Store) {
    store.add(child(1), &["{}", "{}", "{}"]).await;
    let refused = store.append(append(child(1), Some(1), &["{}"])).await;
    assert!(matches!(
        refused,
        Err(AppendError::Conflict { expected: Some(1), actual: Some(2), .. })
    ));
}

pub(crate) async fn a_stream_that_is_not_there_yet_is_a_conflict(store: Store) {
    let refused = store.append(append(child(1), Some(0), &["{}"])).await;
    assert!(matches!(refused, Err(AppendError::Conflict { expected: Some(0), actual: None, .. })));
}

pub(crate) async fn a_conflict_writes_nothing(store: Store) {
    store.add(child(1), &["{}"]).await;
    let before = store.everything().await;
    store.append(append(child(1), Some(7), &["{}", "{}"])).await.unwrap_err();
    assert_eq!(store.everything().await, before);
    assert_eq!(store.add(child(1), &["{}"]).await.first_position, 1);
}

pub(crate) async fn a_guard_that_holds_lets_the_append_through(store: Store) {
    store.add(shield(1), &["{}", "{}"]).await;
    let asked = guarded(append(child(1), None, &["{}"]), &[(shield(1), Some(1))]);
    assert_eq!(outcome(store.append(asked).await), "2..=2 from revision 0");
}

pub(crate) async fn a_guard_on_an_empty_stream_holds_until_its_first_event(store: Store) {
    let asked = guarded(append(child(1), None, &["{}"]), &[(shield(1), None)]);
    assert_eq!(outcome(store.append(asked).await), "0..=0 from revision 0");
    store.add(shield(1), &["{}"]).await;
    let asked = guarded(append(child(1), Some(0), &["{}"]), &[(shield(1), None)]);
    assert!(matches!(
        store.append(asked).await,
        Err(AppendError::GuardMoved { written: None, .. })
    ));
}

pub(crate) async fn a_guard_that_moved_refuses_and_writes_nothing(store: Store) {
    store.add(shield(1), &["{}", "{}"]).await;
    let before = store.everything().await;
    let asked = guarded(append(child(1), None, &["{}"]), &[(shield(1), Some(0))]);
    match store.append(asked).await {
        Err(AppendError::GuardMoved { guard, written: None }) => {
            assert_eq!((guard.stream, guard.revision), (shield(1), Some(0)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(store.everything().await, before);
}

pub(crate) async fn every_guard_counts_not_only_the_first(store: Store) {
    store.add(shield(1), &["{}"]).await;
    store.add(practitioner(1), &["{}", "{}"]).await;
    let guards = [(shield(1), Some(0)), (practitioner(1), Some(0))];
    let refused = store.append(guarded(append(child(1), None, &["{}"]), &guards)).await;
    assert!(matches!(
        refused,
        Err(AppendError::GuardMoved { guard, .. }) if guard.stream == practitioner(1)
    ));
}

pub(crate) async fn a_guard_on_the_written_stream_is_judged_before_the_append(store: Store) {
    store.add(child(1), &["{}"]).await;
    let asked = guarded(append(child(1), Some(0), &["{}"]), &[(child(1), Some(0))]);
    assert_eq!(outcome(store.append(asked).await), "1..=1 from revision 1");
}

pub(crate) async fn an_append_of_many_events_is_whole_and_in_order(store: Store) {
    let entries: Vec<String> = (0..1_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    let asked: Vec<&str> = entries.iter().map(String::as_str).collect();
    let appended = store.append(append(child(1), None, &asked)).await;
    assert_eq!(outcome(appended), "0..=999 from revision 0");
    let read = store.read_stream(child(1), 0, None).await.unwrap();
    let read: Vec<_> =
        read.into_iter().map(|event| String::from_utf8(event.entry).unwrap()).collect();
    assert_eq!(read, entries);
}

pub(crate) async fn an_append_without_events_is_unstorable(store: Store) {
    let refused = store.append(append(child(1), None, &[])).await;
    assert!(matches!(refused, Err(AppendError::Unstorable(_))));
}

pub(crate) async fn an_entry_may_be_as_long_as_the_limit_and_no_longer(store: Store) {
    let of_length = |length: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(length - 8));
    let (longest, longer) = (of_length(LONGEST_ENTRY), of_length(LONGEST_ENTRY + 1));
    store.append(append(child(1), None, &[&longest])).await.unwrap();
    let refused = store.append(append(child(2), None, &["{}", &longer])).await;
    assert!(matches!(refused, Err(AppendError::Unstorable(_))));
    let read = store.everything().await;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].entry, longest.as_bytes());
}

pub(crate) async fn an_entry_that_is_not_text_is_unstorable(store: Store) {
    for entry in [vec![0xFF_u8, 0xFE], b"{\"a\":\0}".to_vec()] {
        let mut asked = append(child(1), None, &[]);
        asked.events.push(NewEvent { entry, ..event("{}") });
        assert!(matches!(store.append(asked).await, Err(AppendError::Unstorable(_))));
    }
}

pub(crate) async fn streams_do_not_disturb_each_other(store: Store) {
    // The same handle in streams of other categories, and neighbours of it.
    for stream in [child(1), shield(1), practitioner(1), child(2), child(256)] {
        assert_eq!(store.append(append(stream, None, &["{}"])).await.unwrap().first_revision, 0);
    }
    store.add(shield(1), &["{}"]).await;
    assert_eq!(store.head(shield(1)).await.unwrap().unwrap().revision, 1);
    assert_eq!(store.head(child(1)).await.unwrap().unwrap().revision, 0);
}

pub(crate) async fn appends_in_order_stand_in_their_order(store: Store) {
    store.add(child(1), &["{}"]).await;
    let mut appends = Vec::new();
    let mut expected = Vec::new();
    for round in 0..60_u64 {
        for (number, revision) in [(1, Some(round)), (2, round.checked_sub(1))] {
            let entry = format!("{{\"stream\":{number},\"round\":{round}}}");
            appends.push(append(child(number), revision, &[&entry]));
            expected.push(entry);
        }
    }
    assert_eq!(store.append_in_order(appends).await.unwrap(), 121);
    let all = store.everything().await;
    let entries = all[1..].iter().map(|stored| String::from_utf8(stored.entry.clone()).unwrap());
    assert_eq!(entries.collect::<Vec<_>>(), expected);
    assert_eq!(store.append_in_order(Vec::new()).await.unwrap(), 121);
}

pub(crate) async fn of_appends_in_order_the_one_that_fails_is_named_and_those_before_it_are_written(
    store: Store,
) {
    let appends = vec![
        append(child(1), None, &["{\"n\":0}"]),
        append(child(1), Some(0), &["{\"n\":1}"]),
        append(child(1), Some(7), &["{\"n\":2}"]),
    ];
    let refused = store.append_in_order(appends).await.unwrap_err();
    assert!(matches!(refused, (2, AppendError::Conflict { actual: Some(1), .. })), "{refused:?}");
    assert_eq!(store.everything().await.len(), 2);
}
