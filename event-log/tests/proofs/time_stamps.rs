//! Time-stamps by an authority that `openssl` plays, and what is no time-stamp.

use chrono::{Duration, Utc};
use event_log::{
    checkpoints::Checkpoints,
    time_stamps::{Authority, Flaw, NotAnAuthority, TimeStamps, request},
};
use fixtures::time_stamping;
use tempfile::TempDir;

use crate::keys::signed;

/// An authority in a folder of its own.
fn authority() -> (TempDir, time_stamping::Authority, Authority) {
    let folder = TempDir::new().unwrap();
    let made = time_stamping::Authority::make(folder.path()).unwrap();
    let certificates = std::fs::read_to_string(made.certificates()).unwrap();
    let known = Authority::parse(&certificates).unwrap();
    (folder, made, known)
}

#[test]
fn an_answer_is_for_one_text_by_one_authority() {
    let (_folder, made, known) = authority();
    let (_other_folder, _, other) = authority();
    let checkpoint = signed(70_000, [9; 32]);
    let text = checkpoint.note().text();
    let before = Utc::now() - Duration::seconds(2);
    let answer = made.answer(&request(text)).unwrap();
    let at = known.time_of(&answer, text).unwrap();
    assert!(before <= at && at <= Utc::now() + Duration::seconds(2), "{at}");
    // Cosignatures come later, and undo nothing.
    let grown = signed(70_001, [9; 32]);
    assert!(known.time_of(&answer, grown.note().text()).is_err(), "of another checkpoint");
    assert!(other.time_of(&answer, text).is_err(), "of another authority");
    for at in 0..answer.len() {
        let mut altered = answer.clone();
        altered[at] ^= 1;
        // What nobody signed, such as the words of the status, may change; the time that is read never does.
        let read = known.time_of(&altered, text);
        assert!(read.is_err() || read.unwrap() == known.time_of(&answer, text).unwrap(), "{at}");
    }
    for length in [0, 1, answer.len() - 1] {
        assert!(known.time_of(&answer[..length], text).is_err(), "cut to {length}");
    }
}

#[test]
fn certificates_begin_with_the_authority_and_end_with_the_root() {
    let (_folder, made, _) = authority();
    let chain = std::fs::read_to_string(made.certificates()).unwrap();
    let root = std::fs::read_to_string(made.root()).unwrap();
    assert_eq!(Authority::parse("").unwrap_err(), NotAnAuthority::TooFew(0));
    assert_eq!(Authority::parse(&root).unwrap_err(), NotAnAuthority::TooFew(1));
    let damaged = chain.replace("-----END", "-----FIN");
    let refused = Authority::parse(&damaged).unwrap_err();
    assert!(matches!(refused, NotAnAuthority::Certificate { number: 1, .. }), "{refused}");
    // The wrong way round it is an authority of which nothing comes.
    let leaf = chain.strip_suffix(&root).unwrap();
    let turned = Authority::parse(&format!("{root}{leaf}")).unwrap();
    let text = signed(3, [1; 32]).note().text().to_owned();
    let answer = made.answer(&request(&text)).unwrap();
    assert!(turned.time_of(&answer, &text).is_err());
}

#[test]
fn those_in_a_folder_are_each_of_their_checkpoint() {
    let (folder, made, known) = authority();
    let checkpoints = Checkpoints::at(folder.path().join("checkpoints"));
    let stamps = TimeStamps::at(folder.path().join("time-stamps"));
    assert_eq!(stamps.sizes().unwrap(), [0; 0]);
    for size in [3, 256, 1_000] {
        checkpoints.publish(&signed(size, [2; 32])).unwrap();
    }
    let answer = |size| made.answer(&request(signed(size, [2; 32]).note().text())).unwrap();
    let (of_3, of_256) = (answer(3), answer(256));
    stamps.keep(3, &of_3).unwrap();
    stamps.keep(3, &of_3).unwrap();
    assert!(stamps.keep(3, &of_256).is_err(), "one that is there is not overwritten");
    assert_eq!(stamps.of_size(3).unwrap(), Some(of_3));
    assert_eq!(stamps.of_size(256).unwrap(), None);
    stamps.keep(1_000, &of_256).unwrap();
    stamps.keep(7, &of_256).unwrap();
    std::fs::write(folder.path().join("time-stamps/256.tsr.unfinished"), "").unwrap();
    assert_eq!(stamps.sizes().unwrap(), [3, 7, 1_000]);
    let checked = stamps.check(&checkpoints, &known).unwrap();
    assert!(checked[0].at.is_ok(), "{checked:?}");
    assert!(matches!(checked[1].at, Err(Flaw::OfNothing(7))), "{checked:?}");
    assert!(matches!(checked[2].at, Err(Flaw::NotStamped(_))), "{checked:?}");
    assert_eq!(checked.iter().map(|one| one.size).collect::<Vec<_>>(), [3, 7, 1_000]);
}
