//! Personal values: under whose keys they lie, and what is left when a key is gone.

use std::sync::Arc;

use domain::{child, event::Event, personal::Personal, recorded::Recorded, stream::Stream};
use event_log::{
    AsOf, CommitError, EventLog, Keys, OpenError,
    event_log::SubjectError,
    keyring::{KeyringError, OfflineKeys, State},
};
use fixtures::scenario::id;

use crate::world::{
    Store, child_stream, command, everywhere, options, organisation_stream, record_created,
    registered, write,
};

/// The surname in a record, if it can be read.
fn surname(recorded: &Recorded<Event>) -> Option<&str> {
    let Event::Child(child::Event::RecordCreated { name, .. }) = &recorded.event else {
        panic!("not a record");
    };
    match name {
        Personal::Known(name) => Some(name.expose_surname()),
        Personal::Erased => None,
    }
}

async fn two_children(store: &Store) -> EventLog {
    let log = store.log();
    for (child, surname) in [(1, "Harker"), (2, "Westenra")] {
        log.create_subject(id(child), command(child)).await.unwrap();
        let events = vec![record_created(surname)];
        write(&log, child_stream(child), events, command(10 + child)).await.unwrap();
    }
    log
}

#[tokio::test]
async fn nothing_personal_stands_in_an_entry_or_in_the_clear() {
    for store in everywhere() {
        let log = two_children(&store).await;
        for stored in log.read_stored(0, 10).await.unwrap() {
            for bytes in [Some(stored.entry), stored.sealed].into_iter().flatten() {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                for word in ["Wilhelmina", "Harker", "Westenra", "2003-03-14", "female"] {
                    assert!(!text.contains(word), "{word}");
                }
            }
        }
    }
}

#[tokio::test]
async fn one_erased_and_the_other_still_opens() {
    for store in everywhere() {
        let log = two_children(&store).await;
        log.keyring().unwrap().destroy(&[id(1)]).unwrap();
        drop(log);
        let store = store.reopened();
        let log = store.log();
        let all = log.read_all(0, 10).await.unwrap();
        assert_eq!(surname(&all[2 - 1]), None, "erased, and no error");
        assert_eq!(surname(&all[4 - 1]), Some("Westenra"));
        let refused = write(&log, child_stream(1), vec![record_created("H")], command(30)).await;
        assert!(matches!(refused.unwrap_err(), CommitError::Erased(subject) if subject == id(1)));
        let refused = log.create_subject(id(1), command(31)).await;
        assert!(matches!(refused.unwrap_err(), SubjectError::Erased(subject) if subject == id(1)));
    }
}

#[tokio::test]
async fn sections_taken_away_read_as_erased() {
    for store in everywhere() {
        let log = two_children(&store).await;
        log.backend().erase_sealed(child_stream(1)).await.unwrap();
        let all = log.read_all(0, 10).await.unwrap();
        assert_eq!((surname(&all[1]), surname(&all[3])), (None, Some("Westenra")));
    }
}

#[tokio::test]
async fn without_keys_every_personal_value_reads_as_erased() {
    for store in everywhere() {
        let log = two_children(&store).await;
        let public = log.without_keys();
        let (opened, closed) =
            (log.read_all(0, 10).await.unwrap(), public.read_all(0, 10).await.unwrap());
        assert_eq!(surname(&opened[1]), Some("Harker"));
        assert_eq!(surname(&closed[1]), None);
        assert_eq!(opened[1].stamp, closed[1].stamp);
    }
}

#[tokio::test]
async fn the_key_of_one_event_opens_that_event_alone() {
    for store in everywhere() {
        let log = two_children(&store).await;
        let again = vec![record_created("Murray")];
        write(&log, child_stream(1), again, command(20)).await.unwrap();
        let key = log.event_key(1).await.unwrap().unwrap();
        assert_eq!(log.event_key(0).await.unwrap(), None, "nothing is sealed in it");
        let file = OfflineKeys::of_events(vec![key]).to_json();
        let keys = Keys::Offline(Arc::new(OfflineKeys::parse(&file).unwrap()));
        let outside = EventLog::over(Arc::clone(log.backend()), keys);
        let read = outside.read_all(0, 10).await.unwrap();
        assert_eq!(surname(&read[1]), Some("Harker"));
        assert_eq!((surname(&read[3]), surname(&read[4])), (None, None));
        let refused =
            write(&outside, organisation_stream(1), vec![registered("A")], command(40)).await;
        assert!(matches!(refused.unwrap_err(), CommitError::ReadOnly));
    }
}

#[tokio::test]
async fn a_key_that_the_entry_does_not_commit_to_is_refused() {
    for store in everywhere() {
        let log = two_children(&store).await;
        let wrong = event_log::seal::Secret::new([9; 32]);
        let origin = log.keyring().unwrap().origin();
        let keys = OfflineKeys::default().with_subject(origin, id(1), wrong);
        let outside = EventLog::over(Arc::clone(log.backend()), Keys::Offline(Arc::new(keys)));
        let refused = outside.open_event(1).await.unwrap_err();
        assert!(refused.to_string().contains("commits to"), "{refused}");
        assert!(surname(&outside.open_event(3).await.unwrap().unwrap()).is_none());
    }
}

#[tokio::test]
async fn nothing_personal_is_recorded_before_its_subject_has_a_key() {
    for store in everywhere() {
        let log = store.log();
        let refused = write(&log, child_stream(1), vec![record_created("H")], command(1)).await;
        assert!(matches!(refused.unwrap_err(), CommitError::NoKey(subject) if subject == id(1)));
    }
}

#[tokio::test]
async fn a_subject_made_known_twice_or_after_a_crash_has_one_key() {
    for store in everywhere() {
        let log = store.log();
        // The crash: the key is durable, the event was never written.
        let made = log.keyring().unwrap().create(&[id(1)]).unwrap();
        assert_eq!(log.length(), 0);
        for attempt in 0..3 {
            log.create_subject(id(1), command(attempt)).await.unwrap();
        }
        let history = log.history(Stream::Key(id(1)), AsOf::Now).await.unwrap();
        let [recorded] = history.as_slice() else { panic!("{} events", history.len()) };
        let Event::Key(domain::key::Event::SubjectKeyCreated { commitment, epoch: 1 }) =
            &recorded.event
        else {
            panic!("{:?}", recorded.event);
        };
        assert_eq!(*commitment, hex::encode(made[0].commitment));
    }
}

#[tokio::test]
async fn many_at_once_make_one_subject_known_once() {
    for store in everywhere() {
        let log = store.log();
        let attempts: Vec<_> = (0..8)
            .map(|number| {
                let log = log.clone();
                tokio::spawn(async move { log.create_subject(id(1), command(number)).await })
            })
            .collect();
        for attempt in attempts {
            attempt.await.unwrap().unwrap();
        }
        assert_eq!(log.length(), 1);
    }
}

#[tokio::test]
async fn many_made_known_together_are_announced_in_the_order_asked_and_none_twice() {
    for store in everywhere() {
        let log = store.log();
        let mut subjects: Vec<_> = (1..=300_u128).rev().map(id).collect();
        let announced: Vec<_> = subjects.iter().copied().map(Stream::Key).collect();
        subjects.push(id(7));
        log.create_subjects(&subjects, |subject| command(subject.as_u128())).await.unwrap();
        let events = log.read_all(0, 1_000).await.unwrap();
        let streams: Vec<_> = events.iter().map(|recorded| recorded.stamp.stream).collect();
        assert_eq!(streams, announced);
    }
}

#[tokio::test]
async fn a_log_without_the_keys_it_names_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let log = EventLog::open(dir.path(), &options()).unwrap();
    log.create_subject(id(1), command(1)).await.unwrap();
    drop(log);
    std::fs::remove_dir_all(dir.path().join("keys")).unwrap();
    let refused = EventLog::open(dir.path(), &options()).unwrap_err();
    assert!(matches!(refused, OpenError::KeysMissing(_)), "{refused}");
    let log = EventLog::open_read_only(dir.path(), Keys::Absent).unwrap();
    assert_eq!(log.length(), 1);
    drop(log);

    // Keys of the same name, made elsewhere: they do not have what the log says they have.
    event_log::keyring::Keyring::open(&dir.path().join("keys"), &options().origin).unwrap();
    let log = EventLog::open(dir.path(), &options()).unwrap();
    let refused = log.create_subject(id(1), command(2)).await.unwrap_err();
    assert!(matches!(refused, SubjectError::KeyLost(subject) if subject == id(1)));
}

#[test]
fn what_was_destroyed_stays_so_and_what_was_kept_opens_under_the_new_epoch() {
    let dir = tempfile::tempdir().unwrap();
    let open = || event_log::keyring::Keyring::open(dir.path(), "example").unwrap();
    let ring = open();
    ring.create(&[id(1), id(2), id(3)]).unwrap();
    let (kept, label) = (ring.key(id(2)).unwrap(), ring.secret("digests").unwrap());
    ring.hold(id(3), true).unwrap();
    assert!(
        matches!(ring.destroy(&[id(1), id(3)]), Err(KeyringError::Held(held)) if held == id(3))
    );
    assert!(ring.key(id(1)).unwrap().is_some(), "all or none");
    assert_eq!(ring.destroy(&[id(1), id(4)]).unwrap(), 2);
    assert!(ring.key(id(1)).unwrap().is_none());
    drop(ring);

    let ring = open();
    assert_eq!(ring.key(id(2)).unwrap(), kept);
    assert_eq!(ring.secret("digests").unwrap(), label);
    assert_ne!(ring.secret("tokens").unwrap(), label);
    let states = [1, 2, 3, 4, 5].map(|subject| ring.state(id(subject)).unwrap());
    let (dead, live, held) = (Some(State::Tombstoned), Some(State::Live), Some(State::Held));
    assert_eq!(states, [dead, live, held, dead, None]);
    for subject in [1, 4] {
        let refused = ring.create(&[id(subject)]);
        assert!(matches!(refused, Err(KeyringError::Tombstoned(_))), "{subject}");
    }
    let files: Vec<String> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("epoch"))
        .collect();
    assert_eq!(files, ["epoch-2.key"]);
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys");
    let ring = event_log::keyring::Keyring::open(&keys, "example").unwrap();
    ring.create(&[id(1)]).unwrap();
    for file in std::fs::read_dir(&keys).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn keys_of_another_log_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    event_log::keyring::Keyring::open(dir.path(), "one").unwrap();
    let refused = event_log::keyring::Keyring::open(dir.path(), "two").unwrap_err();
    assert!(matches!(refused, KeyringError::OtherLog { .. }));
}
