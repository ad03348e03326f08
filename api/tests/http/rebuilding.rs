//! A read model is rebuilt and switched while it is asked, under load.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
};

use projections::store::Stage;
use serde_json::json;

use crate::world::{Authority, World};

/// How often it is rebuilt and switched to.
const ROUNDS: u32 = 3;

/// Opens the record again and again, and asks each time whether the answer knows of it.
async fn load(
    (world, authority): (Arc<World>, Authority),
    child: uuid::Uuid,
    over: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
) {
    while !over.load(SeqCst) {
        let opened = world.open(&authority.user, child).await;
        let token = opened.headers["consistency-token"].to_str().unwrap().to_owned();
        let event = opened.good()["event"].clone();
        let body = json!({
            "reason": {"code": "audit", "text": "Weekly review."}, "what": ["opened"],
        });
        let path = format!("/practitioners/{}/sights/queries.jsonl?limit=10000", authority.user.id);
        let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
        let answer = world.post_with(&authority.team, &path, &headers, body).await;
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{text}");
        assert!(text.contains(event.as_str().unwrap()), "an answer did not know of {event}");
        asked.fetch_add(1, SeqCst);
    }
}

/// Waits until so many more have been answered.
async fn answered(asked: &AtomicU64, more: u64) {
    let wanted = asked.load(SeqCst).saturating_add(more);
    for _ in 0..12_000 {
        if asked.load(SeqCst) >= wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("nothing is answered any more");
}

#[tokio::test]
async fn no_query_fails_and_no_answer_is_stale_while_it_is_rebuilt_and_switched() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    for _ in 0..60 {
        world.open(&authority.user, child).await.good();
    }
    let (world, over) = (Arc::new(world), Arc::new(AtomicBool::new(false)));
    let asked = Arc::new(AtomicU64::new(0));
    let mut loads = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let who = (Arc::clone(&world), authority.clone());
        loads.spawn(load(who, child, Arc::clone(&over), Arc::clone(&asked)));
    }
    let oversight = world.directory.read_models().oversight().clone();
    for _ in 0..ROUNDS {
        let build = oversight.rebuild("seen").await.unwrap();
        loop {
            let builds = oversight.list().await.unwrap();
            let ours = builds.iter().find(|it| it.build == build).unwrap();
            if ours.stage == Stage::Complete {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert!(oversight.compare(&build).await.unwrap().same());
        answered(&asked, 4).await;
        oversight.switch(&build).await.unwrap();
        answered(&asked, 8).await;
        let serving = oversight.list().await.unwrap();
        let serving = serving.iter().find(|it| it.serving && it.build.name == "seen").unwrap();
        assert_eq!(serving.build, build);
        let old = oversight.list().await.unwrap();
        let old = old.iter().find(|it| !it.serving && it.build.name == "seen").unwrap();
        oversight.drop_build(&old.build).await.unwrap();
    }
    over.store(true, SeqCst);
    while let Some(ended) = loads.join_next().await {
        ended.unwrap();
    }
}
