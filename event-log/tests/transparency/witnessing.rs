//! A witness with its own state: what it has seen it never goes back on.

use std::{collections::BTreeSet, sync::Arc, thread};

use event_log::{
    transparency::{
        Checkpoint, Signed,
        note::VerifierKey,
        witness::{AddCheckpoint, Refusal, read_answer},
    },
    transparency_log::TransparencyLog,
    witness::{NotCosigned, OpenError, Witness},
};

use crate::world::{NOW, ORIGIN, World, folder};

fn witness(dir: &std::path::Path, world: &World) -> Witness {
    Witness::open(dir, "witness.example", world.keys().verifiers()).unwrap()
}

/// The request to cosign the first `size` entries, from what was seen of them.
fn request(log: &TransparencyLog, world: &World, old: u64, size: u64) -> AddCheckpoint {
    let root = log.tree().root_at(size).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root };
    let checkpoint = Signed::sign(checkpoint, world.keys().signing(), NOW).unwrap();
    let proof = log.tree().prove_consistency(old, size).unwrap();
    AddCheckpoint { old, proof, checkpoint }
}

fn refused(result: Result<String, NotCosigned>) -> Refusal {
    let error = result.unwrap_err();
    let NotCosigned::Refused(refusal) = error else { panic!("{error}") };
    refusal
}

#[tokio::test]
async fn what_it_has_seen_survives_it_and_is_not_gone_back_on() {
    let (world, state) = (World::new(), folder());
    world.publish(40).await;
    let log = world.open();
    let first = witness(state.path(), &world);
    let answer =
        first.add_checkpoint(request(&log, &world, 0, 20).to_string().as_bytes(), NOW).unwrap();
    let keys: Vec<VerifierKey> = first.verifiers();
    let checkpoint = request(&log, &world, 0, 20).checkpoint;
    assert_eq!(read_answer(&answer, &checkpoint, &keys).unwrap().len(), 2, "of both kinds");
    drop(first);
    let again = witness(state.path(), &world);
    assert_eq!(again.verifiers(), keys, "the same keys");
    let back =
        refused(again.add_checkpoint(request(&log, &world, 0, 10).to_string().as_bytes(), NOW));
    assert_eq!(back, Refusal::OtherOld { size: 20 });
    again.add_checkpoint(request(&log, &world, 20, 40).to_string().as_bytes(), NOW).unwrap();
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(ORIGIN));
    let last = Signed::parse(again.last(&hash).unwrap().unwrap().as_bytes()).unwrap();
    assert_eq!(last.checkpoint().size, 40);
    assert_eq!(last.note().verified_by(&keys).unwrap().len(), 2);
    assert_eq!(again.last("00").unwrap(), None);
}

#[tokio::test]
async fn another_history_is_not_cosigned() {
    let (mut world, state) = (World::new(), folder());
    world.publish(20).await;
    let honest = world.open();
    let witness = witness(state.path(), &world);
    witness.add_checkpoint(request(&honest, &world, 0, 20).to_string().as_bytes(), NOW).unwrap();
    std::fs::remove_dir_all(world.path().join("tree")).unwrap();
    world.replaced_by(|position| format!("{{\"other\":{position}}}"), 30).await;
    let forked = TransparencyLog::open_read_only(&world.log(), folder().path()).unwrap();
    forked.step(NOW, event_log::transparency_log::Publish::Never).await.unwrap();
    let asked = request(&forked, &world, 20, 30);
    let refusal = refused(witness.add_checkpoint(asked.to_string().as_bytes(), NOW));
    assert_eq!(refusal.status(), 422, "{refusal}");
}

/// Many submit at once, some to each of two witnesses that share one state as two processes would. Whatever
/// is cosigned follows from what was cosigned before: each old size is granted once.
#[tokio::test]
async fn racing_submissions_cannot_roll_it_back() {
    let (world, state) = (World::new(), folder());
    world.publish(64).await;
    let log = Arc::new(world.open());
    let witnesses =
        [Arc::new(witness(state.path(), &world)), Arc::new(witness(state.path(), &world))];
    let requests: Vec<AddCheckpoint> = (0..64_u64)
        .flat_map(|old| [old + 1, (old + 7).min(64)].map(|size| request(&log, &world, old, size)))
        .collect();
    let granted: Vec<(u64, u64)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8_usize)
            .map(|number| {
                let (witness, requests) = (Arc::clone(&witnesses[number % 2]), &requests);
                scope.spawn(move || {
                    let mut granted = Vec::new();
                    // Each begins elsewhere, and goes on with what the witness says it has seen.
                    let mut at = number * 13;
                    for _ in 0..requests.len() {
                        let request = &requests[at % requests.len()];
                        match witness.add_checkpoint(request.to_string().as_bytes(), NOW) {
                            Ok(_) => {
                                granted.push((request.old, request.checkpoint.checkpoint().size));
                                at += 2;
                            }
                            Err(NotCosigned::Refused(Refusal::OtherOld { size })) => {
                                at = usize::try_from(size).unwrap() * 2 + number % 2;
                            }
                            Err(error) => panic!("{error}"),
                        }
                    }
                    granted
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut olds = BTreeSet::new();
    let mut steps = granted.clone();
    steps.sort_unstable();
    assert!(steps.iter().all(|(old, _)| olds.insert(*old)), "one step from each size: {steps:?}");
    let mut seen = 0;
    for (old, size) in steps {
        assert_eq!(old, seen, "each goes on from the one before");
        seen = size;
    }
    assert_eq!(seen, 64, "in the end it has seen all");
}

#[test]
fn keys_that_are_gone_are_not_made_anew() {
    let state = folder();
    drop(Witness::open(state.path(), "witness.example", []).unwrap());
    std::fs::remove_file(state.path().join("witness.ed25519")).unwrap();
    let refused = Witness::open(state.path(), "witness.example", []).unwrap_err();
    assert!(matches!(refused, OpenError::Keys(_)), "{refused}");
    assert!(Witness::open(folder().path(), "no name", []).is_err());
}
