//! A ring that is stopped anywhere in a destruction finishes it when it is opened again.

use std::{fs, path::Path};

use event_log::keyring::State;

use crate::world::{World, id, keys, states};

/// What a folder may hold when the machine stops, from what it held before and after.
type Stopped = fn(before: &Path, after: &Path, folder: &Path);

fn take(from: &Path, names: &[&str], to: &Path) {
    for name in names {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[test]
fn stopped_at_any_step_of_a_destruction_it_is_carried_out_when_the_ring_opens_again() {
    let cases: [(&str, Stopped); 7] = [
        ("before anything", |before, _, folder| {
            take(before, &["epoch-1.key", "transport-1.key", "keyring.sqlite"], folder);
        }),
        ("while the transport key was written", |before, after, folder| {
            take(before, &["epoch-1.key", "transport-1.key", "keyring.sqlite"], folder);
            fs::copy(after.join("transport-2.key"), folder.join("transport-2.unfinished")).unwrap();
        }),
        ("after the transport key", |before, after, folder| {
            take(before, &["epoch-1.key", "transport-1.key", "keyring.sqlite"], folder);
            take(after, &["transport-2.key"], folder);
        }),
        ("after the epoch's key, which nothing depends on yet", |before, after, folder| {
            take(before, &["epoch-1.key", "transport-1.key", "keyring.sqlite"], folder);
            take(after, &["transport-2.key"], folder);
            fs::write(folder.join("epoch-2.key"), [5; 32]).unwrap();
        }),
        ("after the commit", |before, after, folder| {
            take(after, &["epoch-2.key", "transport-2.key", "keyring.sqlite"], folder);
            take(before, &["epoch-1.key", "transport-1.key"], folder);
        }),
        ("after one of the old keys was overwritten", |before, after, folder| {
            take(after, &["epoch-2.key", "transport-2.key", "keyring.sqlite"], folder);
            take(before, &["transport-1.key"], folder);
            fs::write(folder.join("epoch-1.key"), [0; 32]).unwrap();
        }),
        ("before it was said to the others", |_, after, folder| {
            take(after, &["epoch-2.key", "transport-2.key", "keyring.sqlite"], folder);
        }),
    ];
    for (case, stopped) in cases {
        let (world, [one, two]) = World::with_rings();
        one.create(&[id(1), id(2)]).unwrap();
        two.follow().unwrap();
        let kept = keys(&two, &[2]);
        world.copy_by_hand("1", "before");
        one.destroy(&[id(1)]).unwrap_err();
        // As it is when all is done but the acknowledgement, which cannot be sent.
        world.stream.next_append(event_log::keyring::replicated::memory::Fault::NotWritten);
        two.follow().unwrap_err();
        world.copy_by_hand("1", "after");
        drop(two);
        let folder = world.dir("1");
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        take(&world.dir("before"), &["root.key"], &folder);
        stopped(&world.dir("before"), &world.dir("after"), &folder);

        let two = world.open("1").unwrap();
        assert_eq!(keys(&two, &[1, 2]), [None, kept[0]], "{case}");
        assert_eq!(states(&two, &[1]), [Some(State::Tombstoned)], "{case}");
        assert_eq!(one.destroy(&[id(1)]).unwrap(), 2, "{case}: it is acknowledged");
        assert_eq!(world.transport("1", 2), world.transport("0", 2), "{case}");
        for old in ["epoch-1.key", "transport-1.key", "transport-2.unfinished"] {
            assert!(!folder.join(old).try_exists().unwrap(), "{case}: {old} is there");
        }
        one.create(&[id(3)]).unwrap();
        assert_eq!(keys(&two, &[3]), keys(&one, &[3]), "{case}");
    }
}

/// A folder stands where a file is to be written: not even root can write it.
#[test]
fn a_step_that_fails_before_the_commit_changes_nothing_and_is_done_again() {
    for name in ["transport-2.unfinished", "epoch-2.unfinished"] {
        let (world, [one, two]) = World::with_rings();
        one.create(&[id(1), id(2)]).unwrap();
        two.follow().unwrap();
        let before = keys(&two, &[1, 2]);
        one.destroy(&[id(1)]).unwrap_err();
        let obstacle = world.dir("1").join(name);
        fs::create_dir(&obstacle).unwrap();
        two.follow().unwrap_err();
        assert_eq!(keys(&two, &[1, 2]), before, "{name}");
        one.destroy(&[id(1)]).unwrap_err();
        fs::remove_dir(&obstacle).unwrap();
        two.follow().unwrap();
        assert_eq!(keys(&two, &[1, 2]), [None, before[1]], "{name}");
        one.destroy(&[id(1)]).unwrap();
    }
}

#[test]
fn a_key_of_an_old_epoch_that_cannot_be_destroyed_is_not_acknowledged() {
    let (world, [one, two]) = World::with_rings();
    one.create(&[id(1), id(2)]).unwrap();
    two.follow().unwrap();
    one.destroy(&[id(1)]).unwrap_err();
    // Nobody can overwrite what is a folder by now.
    let old = world.dir("1").join("epoch-1.key");
    fs::remove_file(&old).unwrap();
    fs::create_dir(&old).unwrap();
    let failed = two.follow().unwrap_err();
    assert!(failed.to_string().contains("destroying the key of an epoch"), "{failed}");
    assert_eq!(keys(&two, &[1]), [None], "it is gone from the ring all the same");
    one.destroy(&[id(1)]).unwrap_err();
    fs::remove_dir(&old).unwrap();
    two.follow().unwrap();
    one.destroy(&[id(1)]).unwrap();
}
