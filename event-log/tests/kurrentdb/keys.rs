//! One folder of keys for several servers: what one destroys, no other knows any more.

use event_log::keyring::{Keyring, State};
use tempfile::TempDir;
use uuid::Uuid;

const ORIGIN: &str = "test.example/log";

#[test]
fn what_one_server_destroys_another_has_no_more_not_even_in_memory() {
    let dir = TempDir::new().unwrap();
    let here = Keyring::open_shared(dir.path(), ORIGIN).unwrap();
    let there = Keyring::open_shared(dir.path(), ORIGIN).unwrap();
    let [erased, kept, late] = [1, 2, 3].map(Uuid::from_u128);
    here.create(&[erased, kept]).unwrap();
    let key = |ring: &Keyring, subject| ring.key(subject).unwrap().map(|key| key.commitment());
    let before = key(&there, kept);
    assert!(before.is_some() && key(&there, erased).is_some());
    here.destroy(&[erased]).unwrap();
    assert_eq!((key(&there, erased), key(&there, kept)), (None, before));
    assert_eq!(there.state(erased).unwrap(), Some(State::Tombstoned));
    // What it makes now is made under the new epoch, and there after both were opened again.
    there.create(&[late]).unwrap();
    let made = key(&there, late);
    drop((here, there));
    let again = Keyring::open_shared(dir.path(), ORIGIN).unwrap();
    assert_eq!((key(&again, kept), key(&again, late)), (before, made));
    assert!(made.is_some());
}
