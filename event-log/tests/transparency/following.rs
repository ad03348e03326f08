//! The tree follows the log: across restarts, after being dropped, and never against it.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::{
    transparency_log::{Pace, Publish, TransparencyError, TransparencyLog},
    tree_store::TreeStore,
};

use crate::world::{NOW, World, entry};

fn other(position: u64) -> String {
    if position == 590 { "{\"entry\":\"rewritten\"}".to_owned() } else { entry(position) }
}

fn early(position: u64) -> String {
    if position == 3 { "{\"entry\":\"rewritten\"}".to_owned() } else { entry(position) }
}

#[tokio::test]
async fn restarts_do_not_show_and_a_dropped_tree_comes_back() {
    let restarted = World::new();
    let straight = World::new();
    for size in [1, 255, 256, 300, 511, 513, 5_000, 66_000] {
        restarted.grow(size).await;
        let step = restarted.open().step(NOW, Publish::Never).await.unwrap();
        assert!(step.integrated > 0);
    }
    straight.grow(66_000).await;
    let log = straight.open();
    log.step(NOW, Publish::Never).await.unwrap();
    assert_eq!(restarted.open().tree().head(), log.tree().head());
    assert_eq!(restarted.open().step(NOW, Publish::Never).await.unwrap().integrated, 0);
    fs::remove_dir_all(restarted.path().join("tree")).unwrap();
    let again = restarted.open();
    assert_eq!(again.step(NOW, Publish::Never).await.unwrap().integrated, 66_000);
    assert_eq!(again.tree().head(), log.tree().head());
    assert_eq!(again.check(|_| ()).await.unwrap(), 66_000);
}

#[tokio::test]
async fn an_entry_altered_near_the_end_stops_at_its_position() {
    let mut world = World::new();
    world.publish(600).await;
    world.replaced_by(other, 601).await;
    let log = world.open();
    let found = log.step(NOW, Publish::WhenGrown).await.unwrap_err();
    assert!(matches!(found, TransparencyError::Disagreement { position: 590, .. }), "{found}");
    assert!(log.stopped().unwrap().contains("position 590"));
}

#[tokio::test]
async fn an_entry_altered_long_ago_is_found_by_the_whole_check_and_never_served() {
    let mut world = World::new();
    world.publish(1_000).await;
    world.replaced_by(early, 1_001).await;
    let log = world.open();
    log.step(NOW, Publish::WhenGrown).await.unwrap();
    let found = log.check(|_| ()).await.unwrap_err();
    assert!(matches!(found, TransparencyError::Disagreement { position: 3, .. }), "{found}");
    let bundle = "tile/entries/000";
    let bundle = event_log::transparency::tile::Tile::from_path(bundle).unwrap();
    let refused = log.entry_bundle(&bundle).await.unwrap_err();
    assert!(matches!(refused, TransparencyError::Disagreement { position: 3, .. }));
}

#[tokio::test]
async fn a_tile_altered_in_its_store_is_found() {
    let world = World::new();
    world.publish(1_000).await;
    let file = world.path().join("tree/tree.sqlite");
    let alter = |sql: &str| rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    let tile = |level: i64, index: i64| (level << 56) | index;
    let kept = fs::read(&file).unwrap();
    for (place, position) in [(tile(0, 1), 256), (tile(1, 0), 0)] {
        alter(&format!(
            "UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE place = {place}"
        ));
        let log = world.open();
        let found = log.check(|_| ()).await.unwrap_err();
        let TransparencyError::Disagreement { position: at, .. } = found else { panic!("{found}") };
        assert_eq!(at, position);
        drop(log);
        fs::write(&file, &kept).unwrap();
    }
    alter(&format!("UPDATE tile SET hashes = substr(hashes, 33) WHERE place = {}", tile(0, 3)));
    let refused = world.try_open().unwrap_err();
    assert!(refused.to_string().contains("tile 3 of level 0"), "{refused}");
    assert!(refused.stops());
    alter("PRAGMA user_version = 9");
    assert!(TreeStore::open(&world.path().join("tree")).is_err());
}

#[tokio::test]
async fn a_log_that_cannot_be_read_for_a_moment_is_read_later() {
    let world = World::new();
    world.grow(10).await;
    let log = world.open();
    world.memory.faults().reads_unavailable(true);
    let error = log.step(NOW, Publish::WhenGrown).await.unwrap_err();
    assert!(!error.stops());
    world.memory.faults().none();
    assert_eq!(log.step(NOW, Publish::WhenGrown).await.unwrap().integrated, 10);
}

#[tokio::test]
async fn running_publishes_at_its_pace_and_beats_when_nothing_happens() {
    let world = World::new();
    let log = Arc::new(world.open());
    let pace =
        Pace { at_most_every: Duration::from_millis(250), heartbeat: Duration::from_millis(1_500) };
    let running = Arc::clone(&log);
    let task = tokio::spawn(async move { running.run(pace, || NOW, |_| ()).await });
    let mut watch = log.watch();
    watch.changed().await.unwrap();
    assert_eq!(log.checkpoint().unwrap().checkpoint().size, 0);
    let started = Instant::now();
    for number in 1..=50 {
        world.grow(number).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let signed = log.published_beyond(49).await.unwrap();
    let most = started.elapsed().as_millis() / 250 + 2;
    assert_eq!(signed.checkpoint().size, 50);
    let sizes = log.checkpoints().sizes().unwrap();
    assert!(sizes.len() > 1 && sizes.len() as u128 <= most + 1, "not at every entry: {sizes:?}");
    watch.mark_unchanged();
    let waiting = Instant::now();
    watch.changed().await.unwrap();
    assert!(waiting.elapsed() > Duration::from_millis(500));
    assert_eq!(log.checkpoint().unwrap().checkpoint(), signed.checkpoint());
    assert!(log.checkpoint().unwrap() != signed, "it was signed anew");
    task.abort();
}

#[tokio::test]
async fn running_ends_where_the_log_contradicts_what_was_signed() {
    let mut world = World::new();
    world.publish(600).await;
    world.replaced_by(other, 700).await;
    fs::remove_dir_all(world.path().join("tree")).unwrap();
    let log: TransparencyLog = world.open();
    let error = log.run(Pace::default(), || NOW, |_| ()).await;
    assert!(matches!(error, TransparencyError::Refused(_)), "{error}");
}
