//! What is signed, and what never is.

use std::fs;

use event_log::{
    last_signed::{LastSignedError, Refused},
    log_keys::{LogKeys, LogKeysError},
    transparency::{Checkpoint, EMPTY_ROOT},
    transparency_log::{Publish, TransparencyError},
};

use crate::world::{NOW, ORIGIN, World, entry};

fn other(position: u64) -> String {
    if position == 40 { "{\"entry\":\"rewritten\"}".to_owned() } else { entry(position) }
}

#[tokio::test]
async fn a_checkpoint_is_signed_when_the_log_has_grown_and_as_a_heartbeat() {
    let world = World::new();
    let log = world.open();
    assert!(log.checkpoint().is_none());
    let empty = log.step(1, Publish::WhenGrown).await.unwrap().published.unwrap();
    assert_eq!((empty.checkpoint().size, empty.checkpoint().root), (0, EMPTY_ROOT));
    assert_eq!(log.step(2, Publish::WhenGrown).await.unwrap().published, None);
    world.grow(5).await;
    assert_eq!(log.step(3, Publish::Never).await.unwrap().published, None);
    let first = log.step(3, Publish::WhenGrown).await.unwrap().published.unwrap();
    let beat = log.step(9, Publish::Always).await.unwrap().published.unwrap();
    let later = log.step(12, Publish::Always).await.unwrap().published.unwrap();
    assert_eq!(first.checkpoint(), beat.checkpoint());
    let keys = world.keys().verifiers();
    assert_eq!(later.signed_by(&keys).unwrap()[1].time, Some(12));
    assert_eq!(log.checkpoints().of_size(5).unwrap().as_ref(), Some(&*first));
    assert_eq!(log.checkpoints().current().unwrap().as_ref(), Some(&*later));
    assert_eq!(log.checkpoints().sizes().unwrap(), [0, 5]);
    let kept = fs::read_to_string(world.path().join("checkpoints/5.latest.note")).unwrap();
    assert_eq!(kept, later.to_string());
}

#[tokio::test]
async fn a_restored_backup_is_not_signed() {
    let mut world = World::new();
    let signed = world.publish(50).await;
    world.replaced_by(entry, 45).await;
    // With the tree of the longer log at hand the end is compared first.
    let found = world.step().await.unwrap_err();
    assert!(matches!(found, TransparencyError::Disagreement { position: 45, .. }), "{found}");
    fs::remove_dir_all(world.path().join("tree")).unwrap();
    let TransparencyError::Refused(refused) = world.step().await.unwrap_err() else { panic!() };
    let Refused::RolledBack { signed: last, size, .. } = &refused else { panic!("{refused}") };
    assert_eq!((last, *size), (signed.checkpoint(), 45));
    let text = refused.to_string();
    assert!(text.contains("45 entries, and 50 were signed"), "{text}");
    // Once it has grown beyond, with the same beginning, it is the same log again.
    world.grow(60).await;
    assert_eq!(world.step().await.unwrap().published.unwrap().checkpoint().size, 60);
}

#[tokio::test]
async fn of_two_histories_the_second_is_not_signed() {
    let mut world = World::new();
    let signed = world.publish(50).await;
    world.replaced_by(other, 80).await;
    fs::remove_dir_all(world.path().join("tree")).unwrap();
    let log = world.open();
    let TransparencyError::Refused(refused) = log.step(NOW, Publish::WhenGrown).await.unwrap_err()
    else {
        panic!()
    };
    let root = log.tree().root_at(50).unwrap();
    assert_eq!(refused, Refused::Forked { signed: signed.checkpoint().clone(), root });
    assert!(refused.to_string().contains(&hex::encode(root)), "{refused}");
    // It stays so, and what was published stays published.
    let again = log.step(NOW, Publish::Always).await.unwrap_err();
    assert!(matches!(again, TransparencyError::Stopped(why) if why.contains("two histories")));
    assert!(log.published_beyond(60).await.is_err());
    assert_eq!(log.checkpoint().as_ref(), Some(&signed));
    assert_eq!(world.keys().last_signed().read().unwrap(), *signed.checkpoint());
}

#[tokio::test]
async fn two_writers_on_one_key_cannot_both_sign() {
    let one = World::new();
    one.publish(30).await;
    let mut two = World::new();
    two.replaced_by(other, 60).await;
    let keys = LogKeys::open(&one.keys_dir(), ORIGIN).unwrap();
    let log =
        event_log::transparency_log::TransparencyLog::open(&two.log(), two.path(), keys).unwrap();
    // Up to 30 both are the same; the second is the first to sign beyond.
    log.step(NOW, Publish::WhenGrown).await.unwrap();
    one.grow(70).await;
    let refused = one.step().await.unwrap_err();
    assert!(
        matches!(&refused, TransparencyError::Refused(Refused::Forked { signed, .. }) if signed.size == 60),
        "{refused}"
    );
}

#[tokio::test]
async fn without_knowing_what_was_signed_last_nothing_is_signed() {
    let world = World::new();
    world.publish(3).await;
    let log = world.open();
    let last = world.keys().last_signed().path().to_owned();
    fs::rename(&last, world.path().join("kept")).unwrap();
    world.grow(4).await;
    let missing = log.step(NOW, Publish::WhenGrown).await.unwrap_err();
    assert!(matches!(missing, TransparencyError::LastSigned(LastSignedError::Missing(_))));
    assert!(LogKeys::open(&world.keys_dir(), ORIGIN).is_err());
    fs::remove_file(world.keys_dir().join("log-signing.pub")).unwrap();
    assert!(LogKeys::init(&world.keys_dir(), ORIGIN).is_err(), "it cannot be made to forget");
    fs::write(&last, "nonsense").unwrap();
    assert!(matches!(
        LogKeys::open(&world.keys_dir(), ORIGIN),
        Err(LogKeysError::LastSigned(LastSignedError::Damaged(_)))
    ));
}

#[tokio::test]
async fn an_old_copy_of_what_was_last_signed_is_noticed() {
    let world = World::new();
    world.publish(3).await;
    let last = world.keys().last_signed().path().to_owned();
    let old = fs::read(&last).unwrap();
    world.publish(9).await;
    fs::write(&last, old).unwrap();
    assert!(matches!(
        world.try_open(),
        Err(TransparencyError::LastSignedBehind { published: 9, last: 3 })
    ));
}

#[tokio::test]
async fn a_crash_between_saying_and_signing_is_gone_over() {
    let world = World::new();
    world.publish(3).await;
    world.grow(7).await;
    let log = world.open();
    log.step(NOW, Publish::Never).await.unwrap();
    let (size, root) = log.tree().head();
    let keys = world.keys();
    let next = Checkpoint { origin: ORIGIN.to_owned(), size, root };
    keys.last_signed().hold().unwrap().move_on(&next).unwrap();
    drop(log);
    assert_eq!(world.open().checkpoint().unwrap().checkpoint().size, 3);
    let published = world.step().await.unwrap().published.unwrap();
    assert_eq!(published.checkpoint(), &next);
}

#[tokio::test]
async fn keys_are_made_once_and_belong_to_one_log() {
    let world = World::new();
    let keys = LogKeys::init(&world.keys_dir(), ORIGIN).unwrap();
    let again = LogKeys::open(&world.keys_dir(), ORIGIN).unwrap();
    assert_eq!(keys.verifiers(), again.verifiers());
    assert_eq!(LogKeys::verifiers_in(&world.keys_dir()).unwrap(), keys.verifiers());
    let refused = LogKeys::init(&world.keys_dir(), ORIGIN);
    assert!(matches!(refused, Err(LogKeysError::AlreadyThere(_))));
    let other = LogKeys::open(&world.keys_dir(), "other.example/audit");
    assert!(matches!(other, Err(LogKeysError::Damaged { .. })));
    assert!(matches!(LogKeys::init(world.path(), "a b"), Err(LogKeysError::Origin { .. })));
    #[cfg(unix)]
    for name in ["log-signing.ed25519", "log-signing.ml-dsa-44"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(world.keys_dir().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let secret = fs::read_to_string(world.keys_dir().join("log-signing.ed25519")).unwrap();
    assert!(!format!("{keys:?}").contains(secret.trim_end().rsplit('+').next().unwrap()));
}

#[tokio::test]
async fn keys_that_were_half_made_are_completed_and_used_ones_never_replaced() {
    let world = World::new();
    let keys = LogKeys::init(&world.keys_dir(), ORIGIN).unwrap();
    fs::remove_file(world.keys_dir().join("log-signing.ml-dsa-44")).unwrap();
    fs::remove_file(world.keys_dir().join("log-signing.pub")).unwrap();
    let lost = LogKeys::open(&world.keys_dir(), ORIGIN);
    assert!(matches!(lost, Err(LogKeysError::Lost(_))));
    let completed = LogKeys::init(&world.keys_dir(), ORIGIN).unwrap();
    assert_eq!(completed.verifiers()[0], keys.verifiers()[0]);
    assert_ne!(completed.verifiers()[1], keys.verifiers()[1]);
    world.publish(1).await;
    fs::remove_file(world.keys_dir().join("log-signing.ml-dsa-44")).unwrap();
    fs::remove_file(world.keys_dir().join("log-signing.pub")).unwrap();
    let refused = LogKeys::init(&world.keys_dir(), ORIGIN);
    assert!(matches!(refused, Err(LogKeysError::AlreadyThere(_))));
}

#[tokio::test]
async fn a_checkpoint_of_other_keys_is_not_gone_on_from() {
    let world = World::new();
    world.publish(3).await;
    fs::remove_dir_all(world.keys_dir()).unwrap();
    assert!(matches!(world.try_open(), Err(TransparencyError::Published(_))));
}
