use std::time::Duration;

use projections::store::ApplyError;

use crate::{
    on_every_store,
    stores::{LONG, batch, put, ready},
};

#[tokio::test]
async fn one_holds_the_lease_until_it_is_given_back() {
    on_every_store(async |it| {
        let store = &*it.store;
        assert!(store.take_lease("one", LONG).await.unwrap());
        assert!(store.take_lease("one", LONG).await.unwrap(), "it is their own");
        assert!(!store.take_lease("two", LONG).await.unwrap());
        store.release_lease("two").await.unwrap();
        assert!(!store.take_lease("two", LONG).await.unwrap(), "it was not theirs to give back");
        store.release_lease("one").await.unwrap();
        assert!(store.take_lease("two", LONG).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_is_not_renewed_passes_to_another() {
    on_every_store(async |it| {
        let store = &*it.store;
        assert!(store.take_lease("one", Duration::from_millis(50)).await.unwrap());
        tokio::time::sleep(Duration::from_millis(120)).await;
        assert!(store.take_lease("two", LONG).await.unwrap());
        assert!(!store.take_lease("one", LONG).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_nothing() {
    on_every_store(async |it| {
        let store = &*it.store;
        let build = ready(store).await;
        store.release_lease("tester").await.unwrap();
        let nobody = store.apply(batch(&build, 0, 1, vec![put("d/a", "1")])).await;
        assert!(matches!(nobody, Err(ApplyError::NotHolder)), "{nobody:?}");
        assert!(store.take_lease("another", LONG).await.unwrap());
        let late = store.apply(batch(&build, 0, 1, vec![put("d/a", "1")])).await;
        assert!(matches!(late, Err(ApplyError::NotHolder)), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn a_lease_is_seized_from_whoever_holds_it() {
    on_every_store(async |it| {
        let store = &*it.store;
        let build = ready(store).await;
        store.seize_lease("operator", LONG).await.unwrap();
        assert!(!store.take_lease("tester", LONG).await.unwrap(), "it was taken from them");
        let late = store.apply(batch(&build, 0, 1, vec![put("d/a", "1")])).await;
        assert!(matches!(late, Err(ApplyError::NotHolder)), "{late:?}");
        store.release_lease("operator").await.unwrap();
        assert!(store.take_lease("tester", LONG).await.unwrap(), "it was given back");
    })
    .await;
}
