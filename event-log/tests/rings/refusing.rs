//! Which ring is not let in, and what it is told.

use event_log::keyring::{Keyring, KeyringError, Refusal, replicated::memory::Fault};
use tempfile::TempDir;

use crate::world::{ORIGIN, World, id, keys, refusal};

#[test]
fn a_ring_that_is_no_copy_of_one_that_takes_part_is_refused() {
    let world = World::new();
    drop(Keyring::open(&world.dir("stranger"), ORIGIN).unwrap());
    drop(world.open("0").unwrap());
    assert_eq!(refusal(world.open("stranger")), Refusal::NotACopy);
    assert_eq!(refusal(world.open("nothing there")), Refusal::NotACopy);
    assert!(!world.dir("nothing there").try_exists().unwrap(), "nothing is made in passing");
    // Nor may a ring be copied that takes no part.
    assert_eq!(refusal(world.copy("stranger", "another")), Refusal::Alone);
    assert!(refusal(world.open("stranger")).to_string().contains("contactpoint keys copy"));
}

#[test]
fn a_ring_that_was_alone_founds_the_stream_with_the_keys_it_has() {
    let world = World::new();
    let alone = Keyring::open(&world.dir("0"), ORIGIN).unwrap();
    alone.create(&[id(1), id(2), id(3)]).unwrap();
    alone.destroy(&[id(3)]).unwrap();
    let (before, digests) = (keys(&alone, &[1, 2]), alone.secret("digests").unwrap());
    drop(alone);
    drop(world.open("0").unwrap());
    world.copy("0", "1").unwrap();
    let copy = world.open("1").unwrap();
    assert_eq!(keys(&copy, &[1, 2]), before);
    assert_eq!(copy.secret("digests").unwrap(), digests, "the servers' other secrets are the same");
    // It was destroyed before there were two: nobody is waited for.
    assert_eq!(copy.destroy(&[id(3)]).unwrap(), 2);
}

#[test]
fn a_ring_that_takes_part_is_not_opened_alone_and_a_copy_that_has_not_joined_is() {
    let (world, [ring]) = World::with_rings();
    ring.create(&[id(1)]).unwrap();
    let before = keys(&ring, &[1]);
    drop(ring);
    let alone = |name: &str| Keyring::open(&world.dir(name), ORIGIN);
    assert_eq!(refusal(alone("0")), Refusal::TakesPart);
    world.copy("0", "taken back").unwrap();
    let back = alone("taken back").unwrap();
    assert_eq!(keys(&back, &[1]), before);
    back.create(&[id(2)]).unwrap();
    drop(back);
    assert!(!world.dir("taken back").join("transport-1.key").try_exists().unwrap());
    assert_eq!(refusal(world.open("taken back")), Refusal::NotACopy);
}

#[test]
fn a_ring_in_use_is_neither_opened_nor_copied() {
    let (world, [_ring]) = World::with_rings();
    for refused in [world.open("0").map(drop), world.copy("0", "1").map(drop)] {
        assert!(matches!(refused, Err(KeyringError::InUse(_))), "{refused:?}");
    }
}

#[test]
fn a_copy_goes_into_a_folder_that_has_no_ring() {
    let (world, [ring]) = World::with_rings();
    drop(ring);
    world.copy("0", "1").unwrap();
    let refused = world.copy("0", "1");
    assert!(matches!(refused, Err(KeyringError::AlreadyThere(_))), "{refused:?}");
    let refused = world.copy("2", "3");
    assert!(matches!(refused, Err(KeyringError::NotThere(_))), "{refused:?}");
    // What an interrupted one left is no ring, and does not stand in the way.
    std::fs::create_dir_all(world.dir("4")).unwrap();
    std::fs::write(world.dir("4").join("keyring.unfinished"), "half").unwrap();
    world.copy("0", "4").unwrap();
    drop(world.open("4").unwrap());
}

#[test]
fn a_folder_copied_by_hand_stops_the_one_that_was_opened_before() {
    let (world, [ring]) = World::with_rings();
    ring.create(&[id(1)]).unwrap();
    drop(ring);
    world.copy_by_hand("0", "by hand");
    let first = world.open("0").unwrap();
    let name = first.name().unwrap();
    // The copy does not know of the session that was begun since.
    assert!(
        matches!(refusal(world.open("by hand")), Refusal::OlderCopy { ring, .. } if ring == name)
    );
    drop(first);
    // Made anew, it opens; whoever had the ring open is stopped, and is the older copy from then on.
    std::fs::remove_dir_all(world.dir("by hand")).unwrap();
    world.copy_by_hand("0", "by hand");
    world.copy_by_hand("0", "kept");
    let (stream, second) = (world.open("by hand").unwrap(), world.open("0"));
    assert!(matches!(refusal(second), Refusal::OlderCopy { .. }));
    drop(stream);
}

#[test]
fn of_two_processes_with_one_ring_the_older_stops() {
    let (world, [ring]) = World::with_rings();
    ring.create(&[id(1)]).unwrap();
    let name = ring.name().unwrap();
    // Copied while it runs, after it last said something.
    world.copy_by_hand("0", "by hand");
    let copy = world.open("by hand").unwrap();
    assert_eq!(copy.name(), Some(name));
    assert_eq!(refusal(ring.follow()), Refusal::OpenedElsewhere(name));
    assert_eq!(
        refusal(ring.key(id(1))),
        Refusal::OpenedElsewhere(name),
        "not even what is at hand"
    );
    assert_eq!(refusal(ring.create(&[id(2)])), Refusal::OpenedElsewhere(name));
    copy.create(&[id(2)]).unwrap();
    drop(ring);
    assert!(matches!(refusal(world.open("0")), Refusal::OlderCopy { .. }));
}

#[test]
fn a_backup_from_before_something_the_ring_said_is_refused_and_serves_as_the_source_of_a_new_ring()
{
    let (world, [one, two]) = World::with_rings();
    one.create(&[id(1), id(2)]).unwrap();
    two.follow().unwrap();
    drop(two);
    world.copy_by_hand("1", "backup");
    let two = world.open("1").unwrap();
    one.destroy(&[id(1)]).unwrap_err();
    two.follow().unwrap();
    one.destroy(&[id(1)]).unwrap();
    let name = two.name().unwrap();
    drop(two);
    std::fs::remove_dir_all(world.dir("1")).unwrap();
    world.copy_by_hand("backup", "1");
    let refused = refusal(world.open("1"));
    assert!(matches!(refused, Refusal::OlderCopy { ring, .. } if ring == name), "{refused}");
    assert!(refused.to_string().contains(&format!("strike-off {name}")), "{refused}");
    // A new ring from the backup takes in what was destroyed since.
    let new = world.copy("1", "2").unwrap();
    let ring = world.open("2").unwrap();
    assert_eq!(ring.name(), Some(new));
    assert_eq!(keys(&ring, &[1, 2]), keys(&one, &[1, 2]));
    assert_eq!(keys(&ring, &[1]), [None]);
    world.strike_off(name).unwrap();
    assert_eq!(
        one.destroy(&[id(2)]).map_err(|error| error.to_string().contains(&new.to_string())),
        Err(true)
    );
    ring.follow().unwrap();
    one.destroy(&[id(2)]).unwrap();
}

#[test]
fn a_ring_that_was_struck_off_stops_and_is_never_let_in_again() {
    let (world, [one, two]) = World::with_rings();
    let name = two.name().unwrap();
    world.strike_off(name).unwrap();
    assert_eq!(refusal(two.follow()), Refusal::StruckOff(name));
    assert_eq!(refusal(two.create(&[id(1)])), Refusal::StruckOff(name));
    drop(two);
    assert_eq!(refusal(world.open("1")), Refusal::StruckOff(name));
    // Once more changes nothing; the last one stays; a stranger is none.
    let events = world.events().len();
    world.strike_off(name).unwrap();
    let last = one.name().unwrap();
    assert_eq!(refusal(world.strike_off(last)), Refusal::LastRing(last));
    assert_eq!(refusal(world.strike_off(id(7))), Refusal::NoSuchRing(id(7)));
    assert_eq!(world.events().len(), events);
    one.follow().unwrap();
}

#[test]
fn keys_of_another_log_are_refused() {
    let (world, [ring]) = World::with_rings();
    drop(ring);
    let stream = std::sync::Arc::clone(&world.stream);
    let elsewhere = TempDir::new().unwrap();
    let wait = std::time::Duration::ZERO;
    let refused = Keyring::open_among_others(elsewhere.path(), "another/log", stream, wait);
    assert!(matches!(refused, Err(KeyringError::OtherLog { .. })), "{refused:?}");
}

#[test]
fn a_ring_opens_again_whatever_became_of_the_event_that_said_it_was_opened() {
    for fault in [Fault::AnswerLost, Fault::NotWritten] {
        let world = World::new();
        for again in 0..3 {
            world.stream.next_append(fault);
            let refused = world.open("0");
            assert!(
                matches!(refused, Err(KeyringError::Unavailable { .. })),
                "{fault:?}: {refused:?}"
            );
            let ring = world.open("0").unwrap();
            ring.create(&[id(again)]).unwrap();
        }
        world.copy("0", "1").unwrap();
        world.stream.next_append(fault);
        world.open("1").unwrap_err();
        let joined = world.open("1").unwrap();
        assert!(keys(&joined, &[0, 1, 2]).iter().all(Option::is_some));
        let founded = world.kinds().iter().filter(|kind| *kind == "founded").count();
        let joined = world.kinds().iter().filter(|kind| *kind == "joined").count();
        assert_eq!((founded, joined), (1, 1), "{fault:?}");
    }
}
