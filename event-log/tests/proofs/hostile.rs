//! Whatever bytes come in, the readers answer; they do not panic, and what they read they write again.

use event_log::transparency::{
    Policy, Receipt, Signed, bundle,
    note::{Note, SigningKey, VerifierKey},
    tile::Tile,
    witness::AddCheckpoint,
};
use proptest::prelude::*;

use std::sync::LazyLock;

use crate::keys::signed;

static NOTE: LazyLock<String> = LazyLock::new(|| signed(70_000, [4; 32]).to_string());

fn read_all_ways(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
    }
    if let Ok(signed) = Signed::parse(bytes) {
        assert_eq!(signed.to_string().as_bytes(), bytes);
    }
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.to_string().as_bytes(), bytes);
    }
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
    }
    if let Ok(entries) = bundle::read(bytes) {
        assert_eq!(bundle::write(entries).as_deref(), Some(bytes));
    }
    drop(Policy::parse(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(key) = text.parse::<VerifierKey>() {
            assert_eq!(key.to_string(), text);
        }
        drop(SigningKey::from_secret_text(text));
        if let Some(tile) = Tile::from_path(text) {
            assert_eq!(tile.path(), text);
        }
    }
}

/// Lines that look like those of the formats.
fn lines() -> impl Strategy<Value = String> {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let line = prop_oneof![
        Just(String::new()),
        Just("c2sp.org/tlog-proof@v1".to_owned()),
        Just(root.to_owned()),
        Just("contactpoint.example/audit".to_owned()),
        Just("\u{2014} contactpoint.example/audit AAAAAAAAAA==".to_owned()),
        "(old|index|extra|quorum|log|witness|group) [a-z0-9+/= ]{0,30}",
        "[0-9]{1,22}",
        "tile/(entries|[0-9]{1,3})/x?[0-9]{3}(/[0-9]{3})?(\\.p/[0-9]{1,3})?",
        "\\PC{0,20}",
    ];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n") + "\n")
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read_all_ways(&bytes);
    }

    #[test]
    fn any_lines_can_be_read(text in lines()) {
        read_all_ways(text.as_bytes());
        read_all_ways(text.trim_end().as_bytes());
    }

    #[test]
    fn a_note_with_anything_done_to_it_can_be_read(
        from in 0..3_500_usize, length in 0..50_usize, put in "\\PC{0,6}",
    ) {
        let mut note = NOTE.clone();
        let boundary = |mut at: usize| { while !note.is_char_boundary(at) { at += 1; } at };
        let from = boundary(from.min(note.len()));
        let to = boundary((from + length).min(note.len()));
        note.replace_range(from..to, &put);
        read_all_ways(note.as_bytes());
    }
}
