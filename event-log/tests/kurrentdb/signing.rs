//! The tree over a cluster: leaves are positions without gap, one server signs, and the others give out
//! what it signed once their own tree says the same.

use std::{path::Path, sync::Arc};

use event_log::{
    EventLog, Keys,
    backend::Backend,
    kurrent::Kurrent,
    log_keys::LogKeys,
    memory::Memory,
    transparency::{Policy, Signed},
    transparency_log::{Publish, TransparencyError, TransparencyLog},
};
use kurrentdb_double::Double;
use serde_json::json;
use tempfile::TempDir;

use crate::world::{World, append, child, settings};

const ORIGIN: &str = "test.example/log";
const NOW: u64 = 1_245_664_800;

/// Events of three streams between events that are none of ours.
async fn grow(world: &World, log: &dyn Backend, rounds: std::ops::Range<u64>) {
    for round in rounds {
        world.double.write("somebody-elses", "noise", &json!({"round": round}));
        for number in 1..=3 {
            let command = u128::from(round) * 10 + number;
            let entry = format!("{{\"type\":\"a/1\",\"n\":{command}}}");
            log.append(append(child(number), round.checked_sub(1), command, &entry)).await.unwrap();
        }
    }
}

fn over(log: &Arc<Kurrent>) -> EventLog {
    EventLog::over(log.clone(), Keys::Absent)
}

fn signing(log: &Arc<Kurrent>, dir: &Path) -> TransparencyLog {
    let keys = dir.join("keys");
    let keys = if LogKeys::exist(&keys).unwrap() {
        LogKeys::open(&keys, ORIGIN).unwrap()
    } else {
        LogKeys::init(&keys, ORIGIN).unwrap()
    };
    TransparencyLog::open(&over(log), dir, keys).unwrap()
}

async fn sign(tree: &TransparencyLog) -> Result<Signed, TransparencyError> {
    let step = tree.step(NOW, Publish::Always).await?;
    Ok(Signed::clone(&step.published.unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn leaves_are_positions_without_gap_and_the_tree_is_that_of_any_other_store() {
    let (world, memory, dir) =
        (World::new(Double::start()), Memory::new(), TempDir::new().unwrap());
    let log = world.open().await.unwrap();
    grow(&world, &*log, 0..40).await;
    grow(&world, &memory, 0..100).await;
    let first = sign(&signing(&log, dir.path())).await.unwrap();
    assert_eq!(first.checkpoint().size, 120);
    drop(log);
    // Whether the index is still there or is built anew: it goes on with the same leaves.
    for (rounds, removed) in [(40..70, false), (70..100, true)] {
        if removed {
            std::fs::remove_dir_all(world.index.path()).unwrap();
        }
        let log = world.open().await.unwrap();
        grow(&world, &*log, rounds).await;
        let tree = signing(&log, dir.path());
        let signed = sign(&tree).await.unwrap();
        assert_eq!(signed.checkpoint().size, *log.watch().borrow());
        assert_eq!(tree.check(|_| ()).await.unwrap(), signed.checkpoint().size);
        let receipt = tree.receipt(7).unwrap().unwrap();
        let entry = log.read_all(7, 1).await.unwrap().remove(0).entry;
        receipt.verify(&entry, &Policy::of_log(tree.verifiers())).unwrap();
    }
    let plain = TransparencyLog::open_read_only(
        &EventLog::over(Arc::new(memory), Keys::Absent),
        TempDir::new().unwrap().path(),
    )
    .unwrap();
    plain.step(NOW, Publish::Never).await.unwrap();
    let log = world.open().await.unwrap();
    let last = sign(&signing(&log, dir.path())).await.unwrap();
    assert_eq!((last.checkpoint().size, last.checkpoint().root), plain.tree().head());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_was_changed_stops_the_signing_and_is_named() {
    let (world, dir) = (World::new(Double::start()), TempDir::new().unwrap());
    let log = world.open().await.unwrap();
    grow(&world, &*log, 0..3).await;
    let tree = signing(&log, dir.path());
    sign(&tree).await.unwrap();
    let name = "cp-child-00000000-0000-0000-0000-000000000002";
    let all = world.double.log().everything();
    let at = all.iter().find(|event| event.stream == name).unwrap().position;
    world.double.log().tamper(at, |event| event.event.data = b"{\"type\":\"a/1\"}".to_vec());
    // With the index as it was, and with one that was built over the changed entry.
    drop((tree, log));
    for removed in [false, true] {
        if removed {
            std::fs::remove_dir_all(world.index.path()).unwrap();
        }
        let log = world.open().await;
        let Ok(log) = log else { continue };
        let stopped = sign(&signing(&log, dir.path())).await.unwrap_err();
        assert!(stopped.stops() && stopped.is_contradiction(), "{stopped:?}");
        assert!(stopped.to_string().contains("at position 1:"), "{stopped}, removed: {removed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_servers_with_the_keys_one_signs() {
    let world = World::new(Double::start());
    let [one, two] = [(); 2].map(|()| TempDir::new().unwrap());
    let here = world.open().await.unwrap();
    grow(&world, &*here, 0..2).await;
    let other = TempDir::new().unwrap();
    let there = Arc::new(Kurrent::open(&settings(&world.double, other.path())).await.unwrap());
    let first = signing(&here, one.path());
    sign(&first).await.unwrap();
    copy_keys(one.path(), two.path());
    let refused = sign(&signing(&there, two.path())).await.unwrap_err();
    assert!(matches!(refused, TransparencyError::SignedElsewhere), "{refused:?}");
    assert!(refused.stops() && !refused.is_contradiction());
    assert!(refused.to_string().contains("--take-over-signing"));
    sign(&first).await.unwrap();
    // The same server, started again, signs on; what was left of it before does not.
    let again = signing(&here, one.path());
    sign(&again).await.unwrap();
    assert!(matches!(sign(&first).await, Err(TransparencyError::SignedElsewhere)));
    // It is moved to the other one, with the keys.
    copy_keys(one.path(), two.path());
    let moved = signing(&there, two.path()).taking_over();
    sign(&moved).await.unwrap();
    assert!(matches!(sign(&again).await, Err(TransparencyError::SignedElsewhere)));
    assert!(matches!(sign(&again).await, Err(TransparencyError::Stopped(_))));
    sign(&moved).await.unwrap();
    drop(moved);
    sign(&signing(&there, two.path())).await.unwrap();
    assert_eq!(*here.watch().borrow(), 6, "who signs is no event of the log");
}

fn copy_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("keys")).unwrap();
    for file in std::fs::read_dir(from.join("keys")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join("keys").join(file.file_name())).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_signs_another_gives_out_if_its_tree_says_the_same() {
    let world = World::new(Double::start());
    let [one, two] = [(); 2].map(|()| TempDir::new().unwrap());
    let log = world.open().await.unwrap();
    grow(&world, &*log, 0..5).await;
    let signs = signing(&log, one.path());
    let signed = sign(&signs).await.unwrap();
    let keys = signs.verifiers();
    let (events, dir) = (over(&log), two.path());
    let follower = TransparencyLog::open_following(&events, dir, keys.clone()).await.unwrap();
    assert!(follower.receipt(3).unwrap().is_none());
    assert!(follower.adopt(signed.clone()).await.unwrap());
    assert!(!follower.adopt(signed.clone()).await.unwrap(), "it is given out already");
    let receipt = follower.receipt(3).unwrap().unwrap();
    let entry = log.read_all(3, 1).await.unwrap().remove(0).entry;
    receipt.verify(&entry, &Policy::of_log(keys.clone())).unwrap();
    // Somebody else's signature changes nothing.
    let strangers = TempDir::new().unwrap();
    let strangers = LogKeys::init(strangers.path(), ORIGIN).unwrap();
    let forged = Signed::sign(signed.checkpoint().clone(), strangers.signing(), NOW).unwrap();
    let refused = follower.adopt(forged).await.unwrap_err();
    assert!(matches!(refused, TransparencyError::Foreign(_)) && !refused.stops());
    // One ahead of this server's log waits.
    let own = LogKeys::open(&one.path().join("keys"), ORIGIN).unwrap();
    let mut ahead = signed.checkpoint().clone();
    ahead.size += 1;
    let ahead = Signed::sign(ahead, own.signing(), NOW).unwrap();
    assert!(!follower.adopt(ahead).await.unwrap());
    // What was adopted is given out after a restart, too, without the signer.
    drop(follower);
    let follower = TransparencyLog::open_following(&events, dir, keys).await.unwrap();
    assert_eq!(follower.checkpoint().as_deref(), Some(&signed));
    // The signer's own signature under another history stops it.
    let mut other = signed.checkpoint().clone();
    other.root = [7; 32];
    let other = Signed::sign(other, own.signing(), NOW).unwrap();
    let stopped = follower.adopt(other).await.unwrap_err();
    assert!(matches!(stopped, TransparencyError::Disagreement { position: 15, .. }), "{stopped:?}");
    assert!(matches!(follower.adopt(signed).await, Err(TransparencyError::Stopped(_))));
}
