//! What a restart leaves as it was.

use event_log::append::{AppendError, NewEvent};

use crate::store::{Store, append, child, event, guarded, practitioner, shield};

/// More than one bulk of heads, so that some are in the file and some were in memory only.
async fn fill(store: &Store) {
    for round in 0..5 {
        for number in 0..100 {
            store.add(child(number), &[&format!("{{\"round\":{round}}}")]).await;
        }
    }
    store.add(shield(1), &["{}"]).await;
}

pub(crate) async fn everything_is_there_after_a_restart(store: Store) {
    fill(&store).await;
    let before = store.everything().await;
    let store = store.restarted().await;
    assert_eq!(store.everything().await, before);
    assert_eq!(*store.watch().borrow(), 501);
    for number in 0..100 {
        let read = store.read_stream(child(number), 0, None).await.unwrap();
        assert_eq!(read.len(), 5, "child {number}");
    }
}

pub(crate) async fn revisions_go_on_after_a_restart(store: Store) {
    fill(&store).await;
    let mut store = store;
    for restart in 0..4 {
        store = store.restarted().await;
        let stale = store.append(append(child(7), Some(3), &["{}"])).await;
        assert!(matches!(stale, Err(AppendError::Conflict { .. })), "{stale:?}");
        let appended = store.append(append(child(7), Some(4 + restart), &["{}"])).await.unwrap();
        assert_eq!(appended.first_position, 501 + restart);
        assert_eq!(appended.first_revision, 5 + restart);
    }
}

pub(crate) async fn guards_hold_after_a_restart(store: Store) {
    fill(&store).await;
    let store = store.restarted().await;
    let guards = [(child(3), Some(4)), (shield(1), Some(0)), (shield(2), None)];
    store.append(guarded(append(practitioner(1), None, &["{}"]), &guards)).await.unwrap();
    for guard in [(child(3), Some(3)), (shield(1), None), (shield(2), Some(0))] {
        let asked = guarded(append(practitioner(1), Some(0), &["{}"]), &[guard]);
        let refused = store.append(asked).await;
        assert!(matches!(refused, Err(AppendError::GuardMoved { .. })), "{refused:?}");
    }
}

pub(crate) async fn erased_stays_erased_after_a_restart(store: Store) {
    let mut asked = append(child(1), None, &[]);
    asked.events.push(NewEvent { sealed: Some(vec![1, 2, 3]), ..event("{}") });
    store.append(asked).await.unwrap();
    store.erase_sealed(child(1)).await.unwrap();
    let store = store.restarted().await;
    let kept = (!store.removes()).then(|| vec![1, 2, 3]);
    assert_eq!(store.everything().await[0].sealed, kept);
}
