//! Whatever is done to an exported folder, the check names where.

use std::{
    fs,
    path::{Path, PathBuf},
};

use event_log::{
    export::{Part, export_tiles},
    folder_check::{Came, Flaw, FolderCheck, FolderError, Found, NotSaved, check_folder},
    transparency::{Policy, leaf, note::Unverified, policy::NotAccepted},
};
use tempfile::TempDir;

use crate::world::{self, ORIGIN, World};

struct Folder {
    dir: TempDir,
    policy: Policy,
}

/// A log of 600 entries with checkpoints at 3, 100, 256, 400 and 600.
async fn exported() -> Folder {
    exported_at(&[3, 100, 256, 400, 600]).await
}

async fn exported_at(sizes: &[u64]) -> Folder {
    exported_part(sizes, Part::default()).await
}

async fn exported_part(sizes: &[u64], part: Part) -> Folder {
    let world = World::new();
    for size in sizes {
        world.publish(*size).await;
    }
    let dir = crate::world::folder();
    let log = world.open();
    export_tiles(&log, dir.path(), part, &log.verifiers(), |_| ()).await.unwrap();
    Folder { dir, policy: world.policy() }
}

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// What is found after something was done to a file; then it is undone.
    fn after(&self, name: &str, alter: impl FnOnce(&mut Vec<u8>)) -> Option<Found> {
        let kept = self.read(name);
        let mut bytes = kept.clone();
        alter(&mut bytes);
        assert_ne!(bytes, kept, "{name} is not altered");
        fs::write(self.path(name), bytes).unwrap();
        let found = self.check();
        fs::write(self.path(name), kept).unwrap();
        found
    }

    /// The state of a check that was interrupted at once.
    fn saved(&self) -> String {
        FolderCheck::begin(self.dir.path(), &self.policy).unwrap().save()
    }

    fn check(&self) -> Option<Found> {
        match check_folder(self.dir.path(), &self.policy, |_| ()) {
            Ok(_) => None,
            Err(FolderError::Found(found)) => Some(found),
            Err(error @ (FolderError::Unreadable { .. } | FolderError::NotSaved(_))) => {
                panic!("{error}")
            }
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "compared with what a check answers")]
fn found(file: &str, position: Option<u64>, flaw: Flaw) -> Option<Found> {
    Some(Found { file: file.to_owned(), position, flaw })
}

/// Where the entry with this place in a bundle begins, with its length before it.
fn begins(bundle: &[u8], place: usize) -> usize {
    (0..place)
        .fold(0, |at, _| at + 2 + usize::from(u16::from_be_bytes([bundle[at], bundle[at + 1]])))
}

#[tokio::test]
async fn entries_and_hashes_cannot_be_altered() {
    let folder = exported().await;
    assert_eq!(folder.check(), None);
    let bundle = folder.read("tile/entries/001");
    let at = begins(&bundle, 44);
    let flipped = folder.after("tile/entries/001", |bytes| bytes[at + 5] ^= 1);
    assert_eq!(flipped, found("tile/entries/001", Some(300), Flaw::OtherHash));
    let longer = folder.after("tile/entries/001", |bytes| bytes[at + 1] += 1);
    // The length of the next entry is then read from a wrong place; at one of the two it breaks.
    let longer = longer.unwrap();
    assert_eq!(longer.file, "tile/entries/001");
    assert!(matches!(longer.position, Some(300 | 301)), "{longer}");
    let short = folder.after("tile/entries/001", |bytes| bytes.truncate(bytes.len() - 1));
    assert_eq!(short, found("tile/entries/001", Some(511), Flaw::WrongLength));
    let fewer = folder.after("tile/entries/001", |bytes| bytes.truncate(begins(&bundle, 255)));
    assert_eq!(fewer, found("tile/entries/001", Some(511), Flaw::WrongLength));
    let more = folder.after("tile/entries/002.p/88", |bytes| bytes.extend([0, 1, b'x']));
    assert_eq!(more, found("tile/entries/002.p/88", Some(600), Flaw::WrongLength));
    let leaf_flipped = folder.after("tile/0/001", |bytes| bytes[32 * 44] ^= 1);
    assert_eq!(leaf_flipped, found("tile/entries/001", Some(300), Flaw::OtherHash));
    let upper = folder.after("tile/1/000.p/2", |bytes| bytes[32] ^= 1);
    assert_eq!(upper, found("tile/1/000.p/2", Some(256), Flaw::OtherHash));
    let cut = folder.after("tile/0/001", |bytes| bytes.truncate(8_191));
    assert_eq!(cut, found("tile/0/001", Some(256), Flaw::WrongLength));
    assert_eq!(folder.check(), None);
}

#[tokio::test]
async fn of_a_part_the_hashes_of_what_was_left_out_cannot_be_altered_either() {
    let part = Part { from: 300, size: None };
    let folder = exported_part(&[3, 100, 256, 400, 600], part).await;
    assert_eq!(folder.check(), None);
    let early = folder.after("tile/0/000", |bytes| bytes[32 * 50] ^= 1);
    assert_eq!(early, found("checkpoints/100.note", None, Flaw::OtherRoot));
    let entry = folder.after("tile/entries/001", |bytes| bytes[7] ^= 1);
    assert_eq!(entry, found("tile/entries/001", Some(256), Flaw::OtherHash));
    for (beginning, expected) in [
        ("512\n", found("tile/entries/001", None, Flaw::Unexpected)),
        ("300\n", found("first-entry", None, Flaw::NoBeginning)),
        ("768\n", found("first-entry", None, Flaw::NoBeginning)),
        ("x", found("first-entry", None, Flaw::NoBeginning)),
    ] {
        let altered = folder.after("first-entry", |bytes| *bytes = beginning.into());
        assert_eq!(altered, expected, "{beginning:?}");
    }
    fs::remove_file(folder.path("first-entry")).unwrap();
    assert_eq!(folder.check(), found("tile/entries/000", Some(0), Flaw::Missing));
}

#[tokio::test]
async fn a_check_goes_on_anywhere_and_comes_to_the_same() {
    let folder = exported().await;
    let whole = check_folder(folder.dir.path(), &folder.policy, |_| ()).unwrap();
    let begin = || FolderCheck::begin(folder.dir.path(), &folder.policy).unwrap();
    let (mut check, mut interruptions) = (begin(), 0);
    loop {
        let text = check.save();
        check = begin();
        check.resume(&text).unwrap();
        assert_eq!(check.save(), text);
        // The checkpoints are read again, without their signatures.
        let signed = check.signed() == check.older();
        let mut came = check.advance().unwrap();
        if signed {
            assert_eq!(came, Some(Came::Checkpoints(check.older())));
            assert_eq!(check.save(), text);
            came = check.advance().unwrap();
        }
        if came.is_none() {
            break;
        }
        interruptions += 1;
    }
    assert_eq!((interruptions, check.finish()), (7, whole));
    let mut half = begin();
    assert_eq!(half.advance().unwrap(), Some(Came::Checkpoints(half.older())));
    half.advance().unwrap();
    half.advance().unwrap();
    let text = half.save();
    for other in [
        String::new(),
        text.replace("check 2", "check 1"),
        text.replace("\"next\":100", "\"next\":101"),
        // Entries come after all checkpoints.
        text.replace(&format!("\"signed\":{}", half.older()), "\"signed\":1"),
        text.replace(&format!("\"signed\":{}", half.older()), "\"signed\":1000"),
        exported_at(&[100, 300]).await.saved(),
    ] {
        let mut check = begin();
        assert_ne!(other, text);
        assert_eq!((check.resume(&other), check.next()), (Err(NotSaved), 0), "{other}");
    }
    // What was checked before the interruption is not looked at again; what comes after it is.
    let altered = |file: &str| {
        let kept = folder.read(file);
        fs::write(
            folder.path(file),
            [&kept[..kept.len() - 1], &[kept[kept.len() - 1] ^ 1]].concat(),
        )
        .unwrap();
        let mut check = begin();
        check.resume(&text).unwrap();
        let refused = loop {
            match check.advance() {
                Ok(Some(_)) => {}
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        fs::write(folder.path(file), kept).unwrap();
        refused
    };
    assert!(altered("tile/entries/001") && altered("tile/0/001") && altered("tile/1/000.p/2"));
}

#[tokio::test]
async fn signatures_checked_before_an_interruption_are_not_looked_at_again() {
    let folder = exported().await;
    let begin = || FolderCheck::begin(folder.dir.path(), &folder.policy).unwrap();
    let mut names: Vec<String> = fs::read_dir(folder.path("checkpoints"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let text = begin().save();
    assert!(names.len() >= 3 && text.contains("\"signed\":0"), "{text}");
    for signed in 0..=names.len() {
        let text = text.replace("\"signed\":0", &format!("\"signed\":{signed}"));
        for (place, name) in names.iter().enumerate() {
            let file = format!("checkpoints/{name}");
            let kept = folder.read(&file);
            // The last signature, and nothing else.
            let mut forged = kept.clone();
            let at = forged.len() - 8;
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            fs::write(folder.path(&file), forged).unwrap();
            let mut check = begin();
            check.resume(&text).unwrap();
            assert_eq!(check.signed(), signed as u64);
            let came = check.advance();
            fs::write(folder.path(&file), kept).unwrap();
            match came {
                Ok(came) => {
                    assert!(place < signed, "{name} of {signed}");
                    assert_eq!(came, Some(Came::Checkpoints(names.len() as u64)));
                }
                Err(FolderError::Found(found)) => {
                    assert!(place >= signed && found.file == file, "{found} {signed}");
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[tokio::test]
async fn a_text_to_go_on_from_that_was_altered_is_not_called_tampering() {
    let folder = exported().await;
    let mut check = FolderCheck::begin(folder.dir.path(), &folder.policy).unwrap();
    while check.next() < 100 {
        check.advance().unwrap().unwrap();
    }
    let text = check.save();
    let place = text.find("\"unfinished\":[[\"").unwrap() + "\"unfinished\":[[\"".len();
    let digit = if text[place..].starts_with('0') { "1" } else { "0" };
    let altered = format!("{}{digit}{}", &text[..place], &text[place + 1..]);
    let mut check = FolderCheck::begin(folder.dir.path(), &folder.policy).unwrap();
    check.resume(&altered).unwrap();
    check.advance().unwrap();
    assert!(matches!(check.advance(), Err(FolderError::NotSaved(NotSaved))));
}

#[tokio::test]
async fn an_entry_rewritten_together_with_its_hash_is_found() {
    let folder = exported().await;
    for (tile, place, file, position) in [
        ("000", 50, "checkpoints/100.note", None),
        ("001", 50, "checkpoints/400.note", None),
        ("001", 200, "tile/1/000.p/2", Some(256)),
        ("002.p/88", 50, "checkpoints/600.note", None),
    ] {
        let (entries, hashes) = (format!("tile/entries/{tile}"), format!("tile/0/{tile}"));
        let kept = (folder.read(&entries), folder.read(&hashes));
        let (mut bundle, mut leaves) = kept.clone();
        let (from, to) = (begins(&bundle, place) + 2, begins(&bundle, place + 1));
        bundle[from + 4] ^= 1;
        let rewritten = leaf(&bundle[from..to]);
        leaves[32 * place..32 * place + 32].copy_from_slice(&rewritten);
        fs::write(folder.path(&entries), bundle).unwrap();
        fs::write(folder.path(&hashes), leaves).unwrap();
        let flaw = if position.is_some() { Flaw::OtherHash } else { Flaw::OtherRoot };
        assert_eq!(folder.check(), found(file, position, flaw), "{tile} {place}");
        fs::write(folder.path(&entries), kept.0).unwrap();
        fs::write(folder.path(&hashes), kept.1).unwrap();
    }
}

#[tokio::test]
async fn files_cannot_be_taken_out_or_put_in() {
    let folder = exported().await;
    for (file, position) in [
        ("checkpoint", None),
        ("tile/0/000", Some(0)),
        ("tile/0/002.p/88", Some(512)),
        ("tile/entries/001", Some(256)),
        ("tile/entries/002.p/88", Some(512)),
        ("tile/1/000.p/2", Some(0)),
    ] {
        let kept = folder.read(file);
        fs::remove_file(folder.path(file)).unwrap();
        assert_eq!(folder.check(), found(file, position, Flaw::Missing));
        fs::write(folder.path(file), kept).unwrap();
    }
    for file in ["tile/0/003", "tile/0/002.p/89", "tile/2/000.p/1", "checkpoints/x.note"] {
        fs::create_dir_all(folder.path(file).parent().unwrap()).unwrap();
        fs::write(folder.path(file), [0; 32]).unwrap();
        assert_eq!(folder.check(), found(file, None, Flaw::Unexpected));
        fs::remove_file(folder.path(file)).unwrap();
    }
    assert_eq!(folder.check(), None);
}

fn replace(bytes: &mut Vec<u8>, from: &str, to: &str) {
    *bytes = String::from_utf8(bytes.clone()).unwrap().replacen(from, to, 1).into_bytes();
}

#[tokio::test]
async fn checkpoints_cannot_be_altered() {
    let folder = exported().await;
    let forged = |name: &str| Unverified::Forged(name.to_owned());
    let refused = |why: Unverified| Flaw::NotAccepted(NotAccepted::Signature(why));
    for file in ["checkpoint", "checkpoints/600.note"] {
        let size = folder.after(file, |bytes| replace(bytes, "\n600\n", "\n599\n"));
        let flaw =
            if file == "checkpoint" { refused(forged(ORIGIN)) } else { Flaw::OtherCheckpoint };
        assert_eq!(size, found(file, None, flaw));
        let origin = folder.after(file, |bytes| replace(bytes, "audit\n600", "audio\n600"));
        let flaw =
            if file == "checkpoint" { refused(forged(ORIGIN)) } else { Flaw::OtherCheckpoint };
        assert_eq!(origin, found(file, None, flaw));
    }
    let text = String::from_utf8(folder.read("checkpoints/256.note")).unwrap();
    let root = text.lines().nth(2).unwrap().to_owned();
    let other = String::from_utf8(folder.read("checkpoints/400.note")).unwrap();
    let other = other.lines().nth(2).unwrap().to_owned();
    let altered = folder.after("checkpoints/256.note", |bytes| replace(bytes, &root, &other));
    assert_eq!(altered, found("checkpoints/256.note", None, refused(forged(ORIGIN))));
    // Under each of the two keys alone the same forgery is found.
    let keys: Vec<_> = folder.policy.logs().iter().map(|log| log.key.clone()).collect();
    for key in keys {
        let alone = Folder { dir: world::folder(), policy: Policy::of_log([key]) };
        copy(folder.dir.path(), alone.dir.path());
        assert_eq!(alone.check(), None);
        let size = alone.after("checkpoint", |bytes| replace(bytes, "\n600\n", "\n601\n"));
        assert_eq!(size, found("checkpoint", None, refused(forged(ORIGIN))));
    }
    let line = text.lines().last().unwrap().to_owned() + "\n";
    let unsigned = folder.after("checkpoints/256.note", |bytes| replace(bytes, &line, ""));
    assert!(matches!(unsigned.unwrap().flaw, Flaw::NotSignedBy(_)));
    let older = folder.read("checkpoints/400.note");
    let cut = folder.after("checkpoint", |bytes| *bytes = older);
    assert_eq!(cut, found("checkpoints/600.note", None, Flaw::OtherCheckpoint));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &target);
        } else {
            fs::copy(file.path(), target).unwrap();
        }
    }
}

/// A plain generator of numbers, so that a failure can be had again.
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 33).unwrap()
}

#[tokio::test]
async fn no_flipped_bit_of_any_proof_or_entry_goes_unseen() {
    let folder = exported_at(&[2, 256, 300]).await;
    let files = [
        "checkpoint",
        "checkpoints/2.note",
        "checkpoints/256.note",
        "checkpoints/300.note",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d;
    for number in 0..2_000 {
        let file = files[number % files.len()];
        let (place, bit) = (next(&mut state), next(&mut state) % 8);
        let at = place % folder.read(file).len();
        let found = folder.after(file, |bytes| bytes[at] ^= 1 << bit);
        let found = found.unwrap_or_else(|| panic!("bit {bit} of byte {at} of {file}"));
        let near = found.file == file
            || file.replacen("/0/", "/entries/", 1) == found.file
            || found.file.starts_with("checkpoint");
        assert!(near, "{file} byte {at}: {found}");
    }
}
