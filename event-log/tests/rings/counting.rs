//! Which event counts: it follows from those before it, and is the same for every ring.

use event_log::keyring::{Keyring, KeyringError, State, replicated::memory::Fault};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{
    World, carried, commitment, contradicts, id, keys, ratchet, refusal, sha256, states,
};

/// Two rings that are open, and one that joined and is gone: in its name things are written.
fn rings() -> (World, [Keyring; 2], Uuid) {
    let (world, [one, two, gone]) = World::with_rings();
    let name = gone.name().unwrap();
    drop(gone);
    (world, [one, two], name)
}

fn follow(rings: &[Keyring]) {
    for ring in rings {
        ring.follow().unwrap();
    }
}

fn made(epoch: u32, keys: &[Value]) -> Value {
    json!({ "type": "keys-made", "epoch": epoch, "keys": keys })
}

fn destroyed(world: &World, epoch: u32, subjects: &[u128]) -> Value {
    let next = hex::encode(commitment(&ratchet(&world.transport("0", epoch), epoch + 1)));
    let subjects: Vec<_> = subjects.iter().map(|subject| id(*subject)).collect();
    json!({ "type": "destroyed", "epoch": epoch, "next": next, "subjects": subjects })
}

#[test]
fn a_key_made_by_one_ring_is_the_key_of_all() {
    let (world, rings, _) = rings();
    let made = rings[0].create(&[id(1), id(2), id(1)]).unwrap();
    assert_eq!(made[0], made[2]);
    assert_eq!(rings[1].create(&[id(2), id(1)]).unwrap(), [made[1], made[0]]);
    assert_eq!(keys(&rings[1], &[1, 2]), [Some(made[0].commitment), Some(made[1].commitment)]);
    assert_eq!(world.kinds().iter().filter(|kind| *kind == "keys-made").count(), 1);
    // A third one joins later, from a copy that was made before.
    drop(rings);
    let third = world.open("2").unwrap();
    assert_eq!(keys(&third, &[1, 2]), [Some(made[0].commitment), Some(made[1].commitment)]);
}

#[test]
fn a_key_that_one_ring_has_made_is_found_by_another_that_has_not_followed_yet() {
    let (_world, rings, _) = rings();
    let made = rings[0].create(&[id(1)]).unwrap();
    assert_eq!(rings[1].state(id(1)).unwrap(), None);
    assert_eq!(keys(&rings[1], &[1, 2]), [Some(made[0].commitment), None]);
}

#[test]
fn a_thousand_keys_are_carried_in_one_event_and_one_more_in_two() {
    let (world, rings, _) = rings();
    let subjects: Vec<_> = (0..1_001).map(id).collect();
    let made = rings[0].create(&subjects).unwrap();
    let sizes: Vec<_> = world
        .events()
        .into_iter()
        .filter_map(|event| event["what"]["keys"].as_array().map(Vec::len))
        .collect();
    assert_eq!(sizes, [1_000, 1]);
    assert_eq!(rings[1].create(&subjects).unwrap(), made);
    let longest = world.stream.everything().iter().map(Vec::len).max().unwrap();
    assert!(longest < 400_000, "{longest} bytes: it must fit into one append");
}

#[test]
fn the_first_key_of_a_subject_is_its_key_and_a_later_one_is_void() {
    let (world, rings, gone) = rings();
    let before = rings[0].create(&[id(1)]).unwrap()[0].commitment;
    let transport = world.transport("0", 1);
    world.write(
        gone,
        &made(
            1,
            &[
                carried(&transport, 1, id(1), &[9; 32]),
                carried(&transport, 1, id(2), &[8; 32]),
                carried(&transport, 1, id(2), &[7; 32]),
            ],
        ),
    );
    follow(&rings);
    for ring in &rings {
        assert_eq!(keys(ring, &[1, 2]), [Some(before), Some(commitment(&[8; 32]))]);
    }
}

#[test]
fn a_key_wrapped_under_the_transport_key_of_another_epoch_is_void() {
    let (world, rings, gone) = rings();
    let transport = world.transport("0", 1);
    for epoch in [0, 2] {
        world.write(gone, &made(epoch, &[carried(&transport, epoch, id(1), &[9; 32])]));
    }
    follow(&rings);
    assert_eq!(states(&rings[0], &[1]), [None]);
    world.write(gone, &made(1, &[carried(&transport, 1, id(1), &[9; 32])]));
    follow(&rings);
    assert_eq!(keys(&rings[1], &[1]), [Some(commitment(&[9; 32]))]);
}

#[test]
fn a_key_for_a_subject_that_was_erased_is_void() {
    let (world, rings, gone) = rings();
    world.write(gone, &destroyed(&world, 1, &[1]));
    follow(&rings);
    let transport = world.transport("0", 2);
    world.write(gone, &made(2, &[carried(&transport, 2, id(1), &[9; 32])]));
    follow(&rings);
    for ring in &rings {
        assert_eq!(
            (states(ring, &[1]), keys(ring, &[1])),
            (vec![Some(State::Tombstoned)], vec![None])
        );
        assert!(matches!(ring.create(&[id(1)]), Err(KeyringError::Tombstoned(_))));
    }
}

#[test]
fn a_key_that_does_not_open_though_its_epoch_is_right_stops_every_ring() {
    for other in [carried(&[1; 32], 1, id(1), &[9; 32]), {
        let (world, _, _) = rings();
        let mut other = carried(&world.transport("0", 1), 1, id(1), &[9; 32]);
        other["commitment"] = json!(hex::encode([0; 32]));
        other
    }] {
        let (world, rings, gone) = rings();
        rings[0].create(&[id(5)]).unwrap();
        world.write(gone, &made(1, &[other]));
        let at = world.events().len() as u64 - 1;
        contradicts(rings[0].follow(), at);
        // Not even what is at hand is answered any more.
        contradicts(rings[0].key(id(5)), at);
        assert!(rings[0].trouble().unwrap().contains("contradicts itself"));
        contradicts(rings[1].create(&[id(2)]), at);
    }
}

#[test]
fn what_is_held_is_held_by_every_ring_and_no_ring_destroys_it() {
    let (world, rings, gone) = rings();
    rings[0].create(&[id(1), id(2)]).unwrap();
    rings[0].hold(id(1), true).unwrap();
    let refused = rings[1].destroy(&[id(2), id(1)]);
    assert!(matches!(refused, Err(KeyringError::Held(held)) if held == id(1)), "{refused:?}");
    // Somebody says so all the same: void for all, the one that was not held included.
    world.write(gone, &destroyed(&world, 1, &[2, 1]));
    follow(&rings);
    for ring in &rings {
        assert_eq!(states(ring, &[1, 2]), [Some(State::Held), Some(State::Live)]);
        assert!(keys(ring, &[1, 2]).iter().all(Option::is_some));
    }
    rings[1].hold(id(1), false).unwrap();
    assert_eq!(states(&rings[1], &[1]), [Some(State::Live)]);
    rings[1].hold(id(1), false).unwrap();
    let kinds = world.kinds();
    let said = |kind: &str| kinds.iter().filter(|it| *it == kind).count();
    assert_eq!((said("held"), said("lifted")), (1, 1), "what is so already is not said");
    assert!(matches!(rings[0].hold(id(7), true), Err(KeyringError::NoKey(_))));
}

#[test]
fn a_destruction_of_an_epoch_that_is_not_in_force_is_void_and_so_is_one_of_what_is_gone() {
    let (world, rings, gone) = rings();
    rings[0].create(&[id(1)]).unwrap();
    let right = destroyed(&world, 1, &[1]);
    for epoch in [0, 2] {
        let mut other = right.clone();
        other["epoch"] = json!(epoch);
        world.write(gone, &other);
    }
    follow(&rings);
    assert_eq!(states(&rings[0], &[1]), [Some(State::Live)]);
    world.write(gone, &right);
    follow(&rings);
    world.write(gone, &destroyed(&world, 2, &[1]));
    world.write(gone, &destroyed(&world, 2, &[]));
    follow(&rings);
    for ring in &rings {
        assert_eq!(ring.tombstone(id(1)).unwrap().unwrap().successor, 2);
    }
}

#[test]
fn a_destruction_that_names_another_next_transport_key_stops_every_ring() {
    let (world, rings, gone) = rings();
    let mut other = destroyed(&world, 1, &[1]);
    other["next"] = json!(hex::encode([3; 32]));
    world.write(gone, &other);
    contradicts(rings[0].follow(), world.events().len() as u64 - 1);
    assert_eq!(states(&rings[0], &[1]), [None]);
}

#[test]
fn what_a_ring_says_that_does_not_take_part_is_void() {
    let (world, rings, gone) = rings();
    rings[0].create(&[id(1)]).unwrap();
    world.strike_off(gone).unwrap();
    let transport = world.transport("0", 1);
    let last = world.events().len();
    for ring in [gone, id(0xbad)] {
        world.write(ring, &made(1, &[carried(&transport, 1, id(2), &[9; 32])]));
        world.write(ring, &json!({ "type": "held", "subject": id(1) }));
        world.write(ring, &destroyed(&world, 1, &[1]));
        world.write(ring, &json!({ "type": "followed", "revision": last }));
    }
    world.write(gone, &json!({ "type": "joined" }));
    world.write(gone, &made(1, &[carried(&transport, 1, id(2), &[9; 32])]));
    follow(&rings);
    for ring in &rings {
        assert_eq!(states(ring, &[1, 2]), [Some(State::Live), None]);
    }
}

#[test]
fn nobody_acknowledges_what_is_yet_to_come() {
    let (world, [one, two], gone) = rings();
    world.strike_off(gone).unwrap();
    one.create(&[id(1)]).unwrap();
    let name = two.name().unwrap();
    drop(two);
    world.write(name, &json!({ "type": "followed", "revision": 1_000 }));
    let waiting = one.destroy(&[id(1)]);
    assert!(
        matches!(&waiting, Err(KeyringError::Awaiting(rings)) if *rings == [name]),
        "{waiting:?}"
    );
}

#[test]
fn a_stream_that_was_cut_changed_or_written_by_others_stops_every_ring() {
    type Tampering = fn(&mut Vec<(Uuid, Vec<u8>)>);
    let cases: [(&str, Tampering); 5] = [
        ("cut", |events| drop(events.pop())),
        ("emptied", Vec::clear),
        ("the last one changed", |events| {
            let last = events.last_mut().unwrap();
            last.1 = String::from_utf8(last.1.clone()).unwrap().replace(":1,", ": 1,").into();
        }),
        ("an older one taken out", |events| drop(events.remove(1))),
        ("no event of ours", |events| events.push((id(1), b"{\"v\":2}".to_vec()))),
    ];
    for (case, tampering) in cases {
        let (world, [one, two], _) = rings();
        one.create(&[id(1)]).unwrap();
        two.follow().unwrap();
        one.create(&[id(2)]).unwrap();
        one.follow().unwrap();
        world.stream.tamper(tampering);
        let refused = refusal(one.follow());
        assert!(refused.is_contradiction(), "{case}: {refused}");
        drop(one);
        let refused = refusal(world.open("0"));
        assert!(refused.is_contradiction(), "{case}, opened again: {refused}");
    }
}

#[test]
fn an_event_that_does_not_follow_the_one_before_it_stops_every_ring() {
    let (world, rings, gone) = rings();
    let prev = hex::encode(sha256(b"another history"));
    let event = json!({ "v": 1, "prev": prev, "from": { "ring": gone, "session": id(1) },
                        "what": { "type": "held", "subject": id(1) } });
    world.write_bytes(event.to_string().into_bytes());
    contradicts(rings[0].follow(), world.events().len() as u64 - 1);
}

#[test]
fn a_stream_that_cannot_be_read_is_an_error_and_not_a_key_that_is_gone() {
    let (world, rings, _) = rings();
    rings[0].create(&[id(1)]).unwrap();
    rings[1].follow().unwrap();
    rings[0].create(&[id(2)]).unwrap();
    world.stream.unreadable(true);
    assert!(keys(&rings[1], &[1])[0].is_some(), "what is known is known");
    let unknown = rings[1].key(id(2));
    assert!(matches!(unknown, Err(KeyringError::Unavailable { .. })), "{unknown:?}");
    assert!(rings[1].follow().is_err() && rings[1].trouble().is_some());
    world.stream.unreadable(false);
    rings[1].follow().unwrap();
    assert_eq!(rings[1].trouble(), None);
    assert!(keys(&rings[1], &[2])[0].is_some());
}

#[test]
fn what_was_said_once_counts_once_whatever_becomes_of_the_answer() {
    let (world, rings, _) = rings();
    for (number, fault) in [(1, Fault::AnswerLost), (2, Fault::NotWritten)] {
        world.stream.next_append(fault);
        let unknown = rings[0].create(&[id(number)]);
        assert!(matches!(unknown, Err(KeyringError::Unavailable { .. })), "{fault:?}: {unknown:?}");
        let made = rings[0].create(&[id(number)]).unwrap();
        assert_eq!(rings[1].create(&[id(number)]).unwrap(), made);
        world.stream.next_append(fault);
        rings[0].hold(id(number), true).unwrap_err();
        rings[0].hold(id(number), true).unwrap();
    }
    let kinds = world.kinds();
    let said = |kind: &str| kinds.iter().filter(|it| *it == kind).count();
    assert_eq!((said("keys-made"), said("held")), (2, 2));
}
