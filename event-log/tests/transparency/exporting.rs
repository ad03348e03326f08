//! Exports of every awkward size, checked by us and by others.

use std::{fs, path::Path, process::Command};

use event_log::{
    export::{ExportError, Part, export_tiles},
    folder_check::check_folder,
    transparency::{
        EMPTY_ROOT,
        note::{Kind, VerifierKey},
    },
    transparency_log::{Publish, TransparencyLog},
};

use crate::{
    others,
    world::{NOW, ORIGIN, World, entry},
};

const SIZES: [u64; 14] = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000];

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(next) = folders.pop() {
        for file in fs::read_dir(next).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                files.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn an_export_of_every_size_is_what_its_checkpoints_say() {
    let world = World::new();
    let log = world.open();
    let policy = world.policy();
    for (number, size) in (1..).zip(SIZES) {
        world.grow(size).await;
        log.step(NOW, Publish::WhenGrown).await.unwrap();
        let out = world.path().join(format!("out-{size}"));
        let keys = log.verifiers();
        let exported = export_tiles(&log, &out, Part::default(), &keys, |_| ()).await.unwrap();
        assert_eq!(exported.checkpoint.checkpoint().size, size);
        let report = check_folder(&out, &policy, |_| ()).unwrap();
        assert_eq!((report.checkpoints, report.log_signatures), (number + 1, 2));
        assert_eq!(report.tiles, exported.tiles + exported.bundles);
        let entries = others::agree(&out);
        let expected = (0..size).map(|position| entry(position).into_bytes());
        assert!(entries.into_iter().eq(expected), "size {size}");
    }
}

#[tokio::test]
async fn exporting_again_changes_nothing_and_overwrites_nothing() {
    let world = World::new();
    world.publish(300).await;
    let log = world.open();
    let keys = log.verifiers();
    let out = world.path().join("out");
    export_tiles(&log, &out, Part::default(), &keys, |_| ()).await.unwrap();
    let first = files(&out);
    export_tiles(&log, &out, Part::default(), &keys, |_| ()).await.unwrap();
    assert_eq!(files(&out), first);
    // Interrupted: the checkpoint is missing, and a tile was never finished.
    fs::remove_file(out.join("checkpoint")).unwrap();
    fs::remove_file(out.join("tile/entries/000")).unwrap();
    fs::write(out.join("tile/entries/000.unfinished"), "half").unwrap();
    export_tiles(&log, &out, Part::default(), &keys, |_| ()).await.unwrap();
    assert_eq!(files(&out), first);
    fs::write(out.join("tile/0/000"), "other").unwrap();
    let refused = export_tiles(&log, &out, Part::default(), &keys, |_| ()).await.unwrap_err();
    assert!(matches!(refused, ExportError::File { path, .. } if path == out.join("tile/0/000")));
    assert_eq!(fs::read(out.join("tile/0/000")).unwrap(), b"other");
}

#[tokio::test]
async fn an_export_can_stand_under_an_older_checkpoint() {
    let world = World::new();
    for size in [100, 256, 700] {
        world.publish(size).await;
    }
    let log = world.open();
    let out = world.path().join("out");
    export_tiles(&log, &out, Part::of_size(256), &log.verifiers(), |_| ()).await.unwrap();
    let report = check_folder(&out, &world.policy(), |_| ()).unwrap();
    assert_eq!((report.checkpoint.size, report.checkpoints), (256, 3));
    assert_eq!(others::agree(&out).len(), 256);
    let none = export_tiles(&log, &out, Part::of_size(257), &[], |_| ()).await;
    assert!(matches!(none, Err(ExportError::NoCheckpoint)));
}

#[tokio::test]
async fn an_export_can_begin_later_and_every_root_is_checked_all_the_same() {
    let world = World::new();
    for size in [100, 256, 700, 70_000] {
        world.publish(size).await;
    }
    let log = world.open();
    for (number, (from, first)) in
        [(255, 0), (256, 256), (511, 256), (65_536, 65_536), (69_999, 69_888)]
            .into_iter()
            .enumerate()
    {
        let out = world.path().join(number.to_string());
        let part = Part { from, size: None };
        let exported = export_tiles(&log, &out, part, &log.verifiers(), |_| ()).await.unwrap();
        let report = check_folder(&out, &world.policy(), |_| ()).unwrap();
        assert_eq!((report.from, report.checkpoints, report.checkpoint.size), (first, 5, 70_000));
        assert_eq!(exported.bundles, 274 - first / 256, "from {from}");
        assert_eq!(report.tiles, exported.tiles + exported.bundles);
        let Some((good, said)) = run(&out, "python3", &["check.py"]) else { continue };
        assert!(good, "{said}");
        assert_eq!(said.contains(&format!("before {first} their hashes alone")), first > 0);
        let (good, said) =
            run(&out, "python3", &["check.py", "entry", &first.to_string()]).unwrap();
        assert_eq!((good, said.trim_end()), (true, entry(first).as_str()));
        let page = fs::read_to_string(out.join("CHECKING.md")).unwrap();
        let by_hand: Vec<_> = page
            .lines()
            .filter(|line| line.contains("cut -c") || line.contains("head -c"))
            .collect();
        let (_, hashes) = run(&out, "sh", &["-c", &by_hand.join("\n")]).unwrap();
        let (computed, kept) = hashes.trim().split_once('\n').unwrap();
        assert_eq!((computed, computed.len()), (kept, 64), "{page}");
    }
    let nothing = Part { from: 70_000, size: None };
    let none = export_tiles(&log, &world.path().join("x"), nothing, &[], |_| ()).await;
    assert!(matches!(none, Err(ExportError::NothingFrom { from: 70_000, size: 70_000 })));
}

#[tokio::test]
async fn whoever_may_only_read_exports_the_same() {
    let world = World::new();
    world.publish(600).await;
    let log = world.open();
    let keys = log.verifiers();
    export_tiles(&log, &world.path().join("a"), Part::default(), &keys, |_| ()).await.unwrap();
    let reader = TransparencyLog::open_read_only(&world.log(), world.path()).unwrap();
    let step = reader.step(NOW, Publish::Always).await.unwrap();
    assert_eq!((step.integrated, step.published), (600, None));
    let receipt = reader.receipt(7).unwrap().unwrap();
    assert!(receipt.verify(entry(7).as_bytes(), &world.policy()).is_ok());
    export_tiles(&reader, &world.path().join("b"), Part::default(), &keys, |_| ()).await.unwrap();
    assert_eq!(files(&world.path().join("a")), files(&world.path().join("b")));
}

#[tokio::test]
async fn nothing_published_is_nothing_exported() {
    let world = World::new();
    let log = world.open();
    let none = export_tiles(&log, &world.path().join("out"), Part::default(), &[], |_| ()).await;
    assert!(matches!(none, Err(ExportError::NoCheckpoint)));
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let output = Command::new(program).args(arguments).current_dir(folder).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[tokio::test]
async fn the_page_in_the_folder_works_as_written() {
    let world = World::new();
    for size in [0, 3, 256, 600, 70_000] {
        world.publish(size).await;
    }
    let log = world.open();
    let out = world.path().join("out");
    export_tiles(&log, &out, Part::default(), &log.verifiers(), |_| ()).await.unwrap();
    let page = fs::read_to_string(out.join("CHECKING.md")).unwrap();
    assert!(page.contains(&format!("`{ORIGIN}` as it stood when it had 70000 entries")));
    let Some((good, said)) = run(&out, "python3", &["check.py"]) else {
        eprintln!("SKIPPED: there is no python3 to run the exported program with");
        return;
    };
    let expected = format!("{ORIGIN}: 70000 entries, every tile, and 5 checkpoints agree\n");
    assert_eq!((good, said), (true, expected));
    let (_, said) = run(&out, "python3", &["check.py", "entry", "69999"]).unwrap();
    assert_eq!(said.trim_end(), entry(69_999));
    let note = world.path().join("note").to_string_lossy().into_owned();
    run(&out, "python3", &["check.py", "note", "checkpoints/256.note", &note]).unwrap();
    let (text, signature) = (format!("{note}.text"), format!("{note}.sig"));
    let verify = ["pkeyutl", "-verify", "-pubin", "-inkey", "keys/ed25519.pem", "-rawin"];
    let arguments = [&verify[..], &["-in", &text, "-sigfile", &signature]].concat();
    let Some((good, said)) = run(&out, "openssl", &arguments) else {
        eprintln!("SKIPPED: there is no openssl to check the signature with");
        return;
    };
    assert!(good && said.contains("Verified Successfully"), "{said}");
    fs::write(&text, fs::read_to_string(&text).unwrap().replace("256", "257")).unwrap();
    assert!(!run(&out, "openssl", &arguments).unwrap().0);
    let keys = log.verifiers();
    let key = keys.iter().find(|key| key.kind() == Kind::CosignatureMlDsa44).unwrap();
    others_verify_ml_dsa(&out, &note, key);
    let tile = out.join("tile/0/x000/003");
    let tile = if tile.try_exists().unwrap() { tile } else { out.join("tile/0/003") };
    let mut bytes = fs::read(&tile).unwrap();
    bytes[32 * 7] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let (good, said) = run(&out, "python3", &["check.py"]).unwrap();
    assert!(
        !good && said.contains("tile/0/003: hash 7 is not that of the entries from 775"),
        "{said}"
    );
    // What is missing, or is something else, is named as well.
    fs::remove_file(&tile).unwrap();
    let (good, said) = run(&out, "python3", &["check.py"]).unwrap();
    assert!(!good && said.starts_with("tile/0/003 cannot be read: "), "{said}");
    fs::write(out.join("checkpoints/256.note"), "something else").unwrap();
    let (good, said) = run(&out, "python3", &["check.py"]).unwrap();
    assert_eq!((good, said.trim_end()), (false, "checkpoints/256.note is no checkpoint"));
}

/// The message that the exported program makes is the one that was signed, and no other.
fn others_verify_ml_dsa(out: &Path, note: &str, key: &VerifierKey) {
    let (message, signature) = (format!("{note}.message"), format!("{note}.ml-dsa-44.sig"));
    let bytes = fs::read(&message).unwrap();
    let key = key.public().try_into().unwrap();
    let key = ml_dsa::VerifyingKey::<ml_dsa::MlDsa44>::decode(&key);
    let signed = fs::read(&signature).unwrap();
    let signed = ml_dsa::Signature::decode(&signed.as_slice().try_into().unwrap()).unwrap();
    assert!(key.verify_with_context(&bytes, &[], &signed));
    let (_, version) = run(out, "openssl", &["version"]).unwrap();
    let number = version.split([' ', '.']).skip(1).take(2).map(|part| part.parse().unwrap());
    if number.collect::<Vec<u32>>() < vec![3, 5] {
        eprintln!("SKIPPED: {} knows no ML-DSA", version.trim());
        return;
    }
    let verify = ["pkeyutl", "-verify", "-pubin", "-inkey", "keys/ml-dsa-44.pem", "-rawin"];
    let arguments = [&verify[..], &["-in", &message, "-sigfile", &signature]].concat();
    let (good, said) = run(out, "openssl", &arguments).unwrap();
    assert!(good && said.contains("Verified Successfully"), "{said}");
    let mut altered = bytes;
    altered[40] ^= 1;
    fs::write(&message, altered).unwrap();
    assert!(!run(out, "openssl", &arguments).unwrap().0);
}

#[tokio::test]
async fn an_empty_log_has_the_root_of_nothing() {
    let world = World::new();
    assert_eq!(world.publish(0).await.checkpoint().root, EMPTY_ROOT);
}
