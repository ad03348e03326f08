//! What is destroyed is destroyed everywhere, and answered when it is.

use event_log::keyring::{KeyringError, State};

use crate::world::{World, id, keys, ratchet, states, unpack};

#[test]
fn a_destruction_is_answered_when_every_ring_has_followed() {
    let (world, [one, two, three]) = World::with_rings();
    one.create(&[id(1), id(2)]).unwrap();
    assert!(keys(&two, &[1])[0].is_some(), "it is at hand there");
    let waits = |rings: &[&event_log::keyring::Keyring]| match one.destroy(&[id(1)]) {
        Err(KeyringError::Awaiting(behind)) => {
            let mut names: Vec<_> = rings.iter().map(|ring| ring.name().unwrap()).collect();
            names.sort();
            assert_eq!(behind, names);
        }
        other => panic!("{other:?}"),
    };
    waits(&[&two, &three]);
    assert_eq!(keys(&one, &[1]), [None], "here it is gone at once");
    two.follow().unwrap();
    assert_eq!((keys(&two, &[1]), states(&two, &[1])), (vec![None], vec![Some(State::Tombstoned)]));
    waits(&[&three]);
    // Asked for on another server it is the same one.
    let waiting = two.destroy(&[id(1)]).unwrap_err().to_string();
    assert!(waiting.contains(&three.name().unwrap().to_string()), "{waiting}");
    three.follow().unwrap();
    assert_eq!(one.destroy(&[id(1)]).unwrap(), 2);
    assert_eq!(world.kinds().iter().filter(|kind| *kind == "destroyed").count(), 1);
    for ring in [&one, &two, &three] {
        assert_eq!(ring.tombstone(id(1)).unwrap().unwrap().successor, 2);
        assert_eq!(keys(ring, &[2]), keys(&one, &[2]));
    }
}

#[test]
fn whoever_holds_something_of_it_is_told_before_the_others_are() {
    let (world, [one, two]) = World::with_rings();
    one.create(&[id(1)]).unwrap();
    let (told, stream) =
        (std::sync::Arc::new(std::sync::Mutex::new(Vec::new())), world.stream.clone());
    let tell = std::sync::Arc::clone(&told);
    two.when_gone(move |subjects| {
        tell.lock().unwrap().push((subjects.to_vec(), stream.everything().len()));
    });
    one.destroy(&[id(1)]).unwrap_err();
    let said = world.stream.everything().len();
    two.follow().unwrap();
    assert_eq!(*told.lock().unwrap(), [(vec![id(1)], said)]);
    assert_eq!(world.stream.everything().len(), said + 1, "and then it is acknowledged");
}

#[test]
fn a_ring_that_is_away_holds_it_up_until_it_is_back() {
    let (world, [one, two]) = World::with_rings();
    one.create(&[id(1), id(2)]).unwrap();
    drop(two);
    one.destroy(&[id(1)]).unwrap_err();
    one.destroy(&[id(1)]).unwrap_err();
    one.create(&[id(3)]).unwrap();
    let two = world.open("1").unwrap();
    assert_eq!(one.destroy(&[id(1)]).unwrap(), 2);
    assert_eq!(keys(&two, &[1, 2, 3]), keys(&one, &[1, 2, 3]));
}

#[test]
fn or_until_it_is_struck_off() {
    let (world, [one, two]) = World::with_rings();
    one.create(&[id(1)]).unwrap();
    let name = two.name().unwrap();
    drop(two);
    one.destroy(&[id(1)]).unwrap_err();
    world.strike_off(name).unwrap();
    assert_eq!(one.destroy(&[id(1)]).unwrap(), 2);
}

#[test]
fn a_copy_that_joins_later_is_not_waited_for_and_has_nothing_of_it() {
    let (world, [one]) = World::with_rings();
    one.create(&[id(1), id(2)]).unwrap();
    drop(one);
    world.copy("0", "old").unwrap();
    let one = world.open("0").unwrap();
    for number in 10..20 {
        one.create(&[id(number)]).unwrap();
        one.destroy(&[id(number)]).unwrap();
    }
    one.destroy(&[id(1)]).unwrap();
    one.create(&[id(3)]).unwrap();
    let old = world.open("old").unwrap();
    assert_eq!(keys(&old, &[1, 2, 3, 10, 19]), keys(&one, &[1, 2, 3, 10, 19]));
    assert_eq!(keys(&old, &[1]), [None]);
    one.destroy(&[id(1)]).unwrap();
}

#[test]
fn what_the_stream_carried_before_a_destruction_is_opened_by_nothing_that_is_left() {
    let (world, [one, two]) = World::with_rings();
    one.create(&[id(1), id(2)]).unwrap();
    two.follow().unwrap();
    let before = world.transport("0", 1);
    let carried: Vec<_> = world
        .events()
        .into_iter()
        .filter_map(|event| event["what"]["keys"].as_array().cloned())
        .flatten()
        .collect();
    assert!(carried.iter().all(|key| unpack(&before, 1, key).is_some()), "the test can open it");
    one.destroy(&[id(1)]).unwrap_err();
    two.follow().unwrap();
    one.destroy(&[id(1)]).unwrap();
    for name in ["0", "1"] {
        let mut files: Vec<_> = std::fs::read_dir(world.dir(name))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with("keyring.sqlite"))
            .collect();
        files.sort();
        assert_eq!(files, ["epoch-2.key", "root.key", "transport-2.key"]);
        let after = world.transport(name, 2);
        assert_eq!(after, ratchet(&before, 2), "the way forward is the one written down");
        for key in &carried {
            for epoch in 0..4 {
                assert_eq!(unpack(&after, epoch, key), None);
                assert_eq!(unpack(&ratchet(&after, epoch), epoch, key), None);
            }
        }
    }
    // Each ring has an epoch's key of its own.
    let own = |name| crate::world::secret(&world.dir(name).join("epoch-2.key"));
    assert_ne!(own("0"), own("1"));
}
