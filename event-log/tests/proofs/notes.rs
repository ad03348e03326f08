//! Signed notes, against another implementation and against forgers.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use event_log::transparency::{
    Checkpoint, Signed,
    checkpoint::NotACheckpoint,
    note::{BadKey, Kind, Malformed, Note, SigningKey, Unverified, VerifierKey},
};
use signed_note::{StandardVerifier, VerifierList};

use crate::keys::{ORIGIN, key, log_keys, signed, verifiers};

/// An example of the specification, signed by somebody else's code.
const EXAMPLE: &str = "\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
";
const EXAMPLE_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

#[test]
fn a_note_of_another_author_is_read_and_believed() {
    let key: VerifierKey = EXAMPLE_KEY.parse().unwrap();
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(note.to_string(), EXAMPLE);
    assert_eq!(note.verified_by([&key]).unwrap()[0].key, &key);
}

#[test]
fn another_implementation_believes_our_first_line_and_skips_the_second() {
    let [ed25519, _] = log_keys();
    let note = signed(7, [9; 32]).to_string();
    let theirs = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&ed25519.verifier().to_string()).unwrap();
    let (good, others) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((good.len(), others.len()), (1, 1));
    assert_eq!(theirs.to_bytes(), note.as_bytes());
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(theirs.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size(), checkpoint.hash().0), (ORIGIN, 7, [9; 32]));
}

#[test]
fn another_implementation_believes_our_second_line_too() {
    let [_, ours] = log_keys();
    let checkpoint = signed(70_000, [9; 32]);
    let line = checkpoint.to_string().lines().last().unwrap().to_owned();
    let line = STANDARD.decode(line.rsplit(' ').next().unwrap()).unwrap();
    let (id, time, signature) = (&line[..4], &line[4..12], &line[12..]);
    assert_eq!((id, line.len()), (ours.verifier().id().as_slice(), 4 + 8 + 2_420));
    // The message as tlog-cosignature writes it down, put together here once more.
    let name = ORIGIN.as_bytes();
    let length = [u8::try_from(name.len()).unwrap()];
    let size = 70_000_u64.to_be_bytes();
    let message =
        [b"subtree/v1\n\0", &length[..], name, time, &length, name, &[0; 8], &size, &[9; 32]];
    let key = ours.verifier().public().try_into().unwrap();
    let key = ml_dsa::VerifyingKey::<ml_dsa::MlDsa44>::decode(&key);
    let signature = ml_dsa::Signature::decode(&signature.try_into().unwrap()).unwrap();
    assert!(key.verify_with_context(&message.concat(), b"", &signature));
    let other = message.concat().into_iter().chain([0]).collect::<Vec<_>>();
    assert!(!key.verify_with_context(&other, b"", &signature));
}

#[test]
fn every_kind_of_key_signs_and_is_checked() {
    for kind in [Kind::Ed25519, Kind::CosignatureEd25519, Kind::CosignatureMlDsa44] {
        let key = key(ORIGIN, kind, 5);
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 3, root: [4; 32] };
        let signed = Signed::sign(checkpoint, [&key], 1_245_000_000).unwrap();
        let read = Signed::parse(signed.to_string().as_bytes()).unwrap();
        assert_eq!(read, signed);
        let time = (kind != Kind::Ed25519).then_some(1_245_000_000);
        assert_eq!(read.signed_by([key.verifier()]).unwrap()[0].time, time);
        let text = key.verifier().to_string();
        assert_eq!(&text.parse::<VerifierKey>().unwrap(), key.verifier());
        let secret = SigningKey::secret_text(ORIGIN, kind, &[5; 32]).unwrap();
        let again = SigningKey::from_secret_text(&secret).unwrap();
        assert_eq!(again.verifier(), key.verifier());
    }
}

#[test]
fn a_change_of_any_part_is_noticed_under_each_kind_of_key() {
    let note = signed(70_000, [4; 32]).to_string();
    let root = note.lines().nth(2).unwrap();
    let other_root = root.replacen('E', "F", 1);
    assert_ne!(root, other_root);
    for key in log_keys() {
        for (from, to) in
            [("70000\n", "70001\n"), ("example/audit\n7", "example/audix\n7"), (root, &other_root)]
        {
            let forged = note.replacen(from, to, 1);
            assert_ne!(forged, note);
            let forged = Signed::parse(forged.as_bytes()).unwrap();
            let known = [key.verifier()];
            assert_eq!(forged.signed_by(known), Err(Unverified::Forged(ORIGIN.to_owned())));
        }
    }
}

#[test]
fn every_flipped_character_of_a_checkpoint_is_noticed() {
    let keys = verifiers(&log_keys());
    let note = signed(70_000, [4; 32]).to_string().into_bytes();
    for place in 0..note.len() {
        let mut forged = note.clone();
        forged[place] ^= 1;
        let believed = Signed::parse(&forged).ok().and_then(|signed| {
            let by = signed.signed_by(&keys).ok()?;
            (by.len() == 2).then_some(())
        });
        assert_eq!(believed, None, "byte {place}");
    }
}

#[test]
fn signatures_of_unknown_keys_count_for_nothing() {
    let stranger = key(ORIGIN, Kind::Ed25519, 77);
    let signed = signed(1, [1; 32]);
    assert_eq!(signed.signed_by([stranger.verifier()]), Err(Unverified::Unknown));
    let other = key("other.example/log", Kind::Ed25519, 1);
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 1, root: [1; 32] };
    let by_another = Signed::sign(checkpoint, [&other], 0).unwrap();
    assert_eq!(by_another.signed_by([other.verifier()]), Err(Unverified::Unknown));
}

#[test]
fn a_cosignature_carries_the_time_it_was_made_for() {
    let witness = key("witness.example/w1", Kind::CosignatureMlDsa44, 9);
    let mut note = Note::unsigned(signed(3, [1; 32]).note().text().to_owned()).unwrap();
    let signature = witness.sign(note.text(), 50).unwrap();
    note.add(signature);
    assert_eq!(note.verified_by([witness.verifier()]).unwrap()[0].time, Some(50));
    let elsewhere = key("witness.example/w2", Kind::CosignatureMlDsa44, 9);
    let renamed = note.to_string().replace("/w1 ", "/w2 ");
    let renamed = Note::parse(renamed.as_bytes()).unwrap();
    assert_eq!(renamed.verified_by([elsewhere.verifier()]), Err(Unverified::Unknown));
}

#[test]
fn what_is_no_note_is_refused() {
    let line = "\u{2014} a AAAAAAA=\n";
    for (note, expected) in [
        (String::new(), Malformed::NoSignatures),
        ("text\n".to_owned(), Malformed::NoSignatures),
        ("text\n\n".to_owned(), Malformed::NoSignatures),
        (format!("text\n{line}"), Malformed::NoSignatures),
        (format!("te\rxt\n\n{line}"), Malformed::NotText),
        (format!("text\n\n{}", line.trim_end()), Malformed::NotASignature(0)),
        (format!("text\n\n{line}- a AAAAAAA=\n"), Malformed::NotASignature(1)),
        ("text\n\n\u{2014} a AAAA\n".to_owned(), Malformed::NotASignature(0)),
        ("text\n\n\u{2014} a AAAAAAA\n".to_owned(), Malformed::NotASignature(0)),
        ("text\n\n\u{2014} a+b AAAAAAA=\n".to_owned(), Malformed::NotASignature(0)),
        ("text\n\n\u{2014}  AAAAAAA=\n".to_owned(), Malformed::NotASignature(0)),
        (format!("text\n\n{}", line.repeat(65)), Malformed::TooLong),
        ("x".repeat(300_000), Malformed::TooLong),
    ] {
        assert_eq!(Note::parse(note.as_bytes()), Err(expected), "{note:.60}");
    }
    assert!(Note::parse(format!("text\n\n{}", line.repeat(64)).as_bytes()).is_ok());
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    assert!(Checkpoint::parse(&format!("a.example\n0\n{root}\n")).is_ok());
    for (text, expected) in [
        (String::new(), NotACheckpoint::Origin),
        (format!("\n1\n{root}\n"), NotACheckpoint::Origin),
        (format!("a b\n1\n{root}\n"), NotACheckpoint::Origin),
        (format!("a\n01\n{root}\n"), NotACheckpoint::Size),
        (format!("a\n+1\n{root}\n"), NotACheckpoint::Size),
        (format!("a\n18446744073709551616\n{root}\n"), NotACheckpoint::Size),
        (format!("a\n1\n{root}"), NotACheckpoint::Root),
        ("a\n1\nAAAA\n".to_owned(), NotACheckpoint::Root),
        (format!("a\n1\n{root}\nmore\n"), NotACheckpoint::Extension),
    ] {
        assert_eq!(Checkpoint::parse(&text), Err(expected), "{text}");
    }
}

#[test]
fn what_is_no_key_is_refused() {
    for (text, expected) in [
        ("", BadKey::Text),
        ("a+b", BadKey::Text),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", BadKey::Id),
        ("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", BadKey::Id),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10S", BadKey::Text),
        ("PeterNeumann+c74f20a3+AhpcAA==", BadKey::Type),
        ("PeterNeumann+c74f20a3+ARpcAA==", BadKey::Length),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", BadKey::Name),
    ] {
        assert_eq!(text.parse::<VerifierKey>(), Err(expected), "{text}");
    }
}
