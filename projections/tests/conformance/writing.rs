use projections::store::{ApplyError, Ask, Built, Checkpoint, Range, Row, Stage};

use crate::{
    on_every_store,
    stores::{at, batch, build, delete, put, ready},
};

fn row(key: &str, value: &str) -> Row {
    Row { key: key.to_owned(), value: value.as_bytes().to_vec() }
}

fn everything() -> Vec<Ask> {
    vec![Ask::Rows(Range::everything(1_000))]
}

#[tokio::test]
async fn a_batch_and_its_checkpoint_are_there_together() {
    on_every_store(async |it| {
        let store = &*it.store;
        let build = ready(store).await;
        let writes = vec![put("d/a", "1"), put("d/b", "2"), put("i/x/1|a", "")];
        store.apply(batch(&build, 0, 10, writes)).await.unwrap();
        store.apply(batch(&build, 10, 12, vec![put("d/a", "3"), delete("i/x/1|a")])).await.unwrap();
        let reply = store.read(&build, everything()).await.unwrap().unwrap();
        assert_eq!(reply.checkpoint, at(12));
        assert_eq!(reply.answers, [[row("d/a", "3"), row("d/b", "2")]]);
    })
    .await;
}

#[tokio::test]
async fn a_batch_from_elsewhere_is_refused_whole() {
    on_every_store(async |it| {
        let store = &*it.store;
        let build = ready(store).await;
        store.apply(batch(&build, 0, 10, vec![put("d/a", "1")])).await.unwrap();
        for expected in [0, 9, 11] {
            let again = store.apply(batch(&build, expected, 20, vec![put("d/a", "2")])).await;
            assert!(
                matches!(again, Err(ApplyError::Stale { at: 10, expected: e }) if e == expected),
                "{again:?}"
            );
        }
        let reply = store.read(&build, everything()).await.unwrap().unwrap();
        assert_eq!((reply.checkpoint, reply.answers), (at(10), vec![vec![row("d/a", "1")]]));
    })
    .await;
}

#[tokio::test]
async fn a_large_batch_is_written_whole() {
    on_every_store(async |it| {
        let store = &*it.store;
        let build = ready(store).await;
        let writes = (0..9_001).map(|n| put(&format!("d/{n:05}"), "x")).collect();
        store.apply(batch(&build, 0, 1, writes)).await.unwrap();
        let gone = (0..9_000).map(|n| delete(&format!("d/{n:05}"))).collect();
        store.apply(batch(&build, 1, 2, gone)).await.unwrap();
        let reply = store.read(&build, everything()).await.unwrap().unwrap();
        assert_eq!(reply.answers, [[row("d/09000", "x")]]);
    })
    .await;
}

#[tokio::test]
async fn a_batch_for_no_build_is_refused() {
    on_every_store(async |it| {
        let store = &*it.store;
        ready(store).await;
        let other = build("things", 2, 1);
        let refused = store.apply(batch(&other, 0, 1, vec![])).await;
        assert!(matches!(refused, Err(ApplyError::NoSuchBuild)), "{refused:?}");
        assert_eq!(store.read(&other, everything()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn builds_are_listed_completed_switched_and_dropped() {
    on_every_store(async |it| {
        let store = &*it.store;
        let one = ready(store).await;
        let two = build("things", 2, 1);
        store.create(&two).await.unwrap();
        store.create(&two).await.unwrap();
        store.apply(batch(&two, 0, 5, vec![put("d/a", "two")])).await.unwrap();
        assert_eq!(store.serving("things").await.unwrap(), None);
        assert_eq!(store.read_serving("things", everything()).await.unwrap(), None);
        assert!(store.complete(&two).await.unwrap());
        assert!(store.serve(&one).await.unwrap());
        assert!(store.serve(&two).await.unwrap());
        let listed = store.builds().await.unwrap();
        let (stage, serving) = (Stage::Building, false);
        let expected = [
            Built { build: one.clone(), checkpoint: Checkpoint::default(), stage, serving },
            Built { build: two.clone(), checkpoint: at(5), stage: Stage::Complete, serving: true },
        ];
        assert_eq!(listed, expected);
        assert_eq!(store.serving("things").await.unwrap(), Some(two.clone()));
        let reply = store.read(&two, everything()).await.unwrap().unwrap();
        assert_eq!(reply.checkpoint, at(5));
        let spoken = store.read_serving("things", everything()).await.unwrap();
        assert_eq!(
            spoken,
            Some((two.clone(), reply)),
            "of the one that serves, and at one instant"
        );
        assert_eq!(store.read_serving("others", everything()).await.unwrap(), None);
        assert!(!store.drop_build(&two).await.unwrap(), "it serves");
        assert!(!store.switch(&one).await.unwrap(), "it has not come as far");
        assert_eq!(store.serving("things").await.unwrap(), Some(two.clone()));
        store.apply(batch(&one, 0, 5, vec![])).await.unwrap();
        for other in [&one, &two] {
            assert!(store.switch(other).await.unwrap());
            let spoken = store.read_serving("things", everything()).await.unwrap().unwrap();
            let reply = store.read(other, everything()).await.unwrap().unwrap();
            assert_eq!(spoken, (other.clone(), reply), "of the one that serves now");
        }
        assert!(!store.switch(&build("things", 3, 1)).await.unwrap(), "there is none");
        assert!(store.serve(&one).await.unwrap());
        assert!(store.drop_build(&two).await.unwrap());
        assert!(store.drop_build(&two).await.unwrap(), "gone is gone");
        assert_eq!(store.read(&two, everything()).await.unwrap(), None);
        assert!(!store.serve(&two).await.unwrap());
        assert!(!store.complete(&two).await.unwrap());
        store.create(&two).await.unwrap();
        let anew = store.read(&two, everything()).await.unwrap().unwrap();
        assert_eq!((anew.checkpoint, anew.answers), (Checkpoint::default(), vec![vec![]]));
    })
    .await;
}
