//! What is announced.

use crate::store::{Store, append, child};

pub(crate) async fn the_length_is_announced(store: Store) {
    let mut watch = store.watch();
    assert_eq!(*watch.borrow_and_update(), 0);
    store.add(child(1), &["{}", "{}"]).await;
    assert!(watch.has_changed().unwrap());
    assert_eq!(*watch.borrow_and_update(), 2);
    store.add(child(2), &["{}"]).await;
    watch.changed().await.unwrap();
    assert_eq!(*watch.borrow_and_update(), 3);
}

pub(crate) async fn a_refused_append_announces_nothing(store: Store) {
    store.add(child(1), &["{}"]).await;
    let mut watch = store.watch();
    watch.mark_unchanged();
    store.append(append(child(1), None, &["{}"])).await.unwrap_err();
    assert!(!watch.has_changed().unwrap());
    assert_eq!(*watch.borrow_and_update(), 1);
}

pub(crate) async fn what_is_announced_can_be_read(store: Store) {
    let mut watch = store.watch();
    let reader = store.handle();
    let reading = tokio::spawn(async move {
        let mut read = 0_u64;
        while read < 300 {
            watch.changed().await.unwrap();
            let announced = *watch.borrow_and_update();
            let piece = reader.read_all(read, usize::MAX).await.unwrap();
            read += u64::try_from(piece.len()).unwrap();
            assert!(read >= announced, "{announced} announced, {read} read");
        }
        read
    });
    for number in 0..100 {
        store.add(child(number), &["{}", "{}", "{}"]).await;
    }
    assert_eq!(reading.await.unwrap(), 300);
}
