//! Old checkpoints in packs: nothing is lost, nothing is altered unseen, and whoever is killed goes on.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use event_log::{
    checkpoints::{Checkpoints, CheckpointsError, Packing},
    export::{Part, export_tiles},
    folder_check::check_folder,
    transparency_log::{Publish, TransparencyError, TransparencyLog},
};

use crate::world::{self, NOW, World};

const FEW: Packing = Packing { loose: 2, together: 3 };

/// A log with checkpoints at 1 to 9, a heartbeat at 4, and which files there are of them.
async fn published() -> (World, BTreeMap<String, Vec<u8>>) {
    let world = World::new();
    for size in 1..=9 {
        world.publish(size).await;
        if size == 4 {
            world.open().step(NOW + 60, Publish::Always).await.unwrap();
        }
    }
    let files = loose(&world);
    assert_eq!(files.len(), 11, "nine, a heartbeat, and the one that is published now");
    (world, files)
}

fn folder(world: &World) -> PathBuf {
    world.path().join("checkpoints")
}

fn loose(world: &World) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder(world)).unwrap().map(|file| file.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.filter(|path| path.is_file()).map(|path| (name(&path), fs::read(path).unwrap())).collect()
}

fn packs(world: &World) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder(world).join("packed")) else { return Vec::new() };
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn every(checkpoints: &Checkpoints) -> BTreeMap<String, Vec<u8>> {
    let kept = checkpoints.every().unwrap().map(Result::unwrap);
    kept.map(|kept| (kept.name, kept.bytes)).collect()
}

#[tokio::test]
async fn packed_checkpoints_are_the_same_checkpoints() {
    let (world, files) = published().await;
    let log = world.open();
    assert_eq!(log.pack_checkpoints(Packing { loose: 7, together: 3 }).await.unwrap(), 0);
    assert_eq!(loose(&world), files, "nine are fewer than ten");
    assert_eq!(log.pack_checkpoints(Packing { loose: 6, together: 3 }).await.unwrap(), 3);
    assert_eq!(packs(&world), ["1-3.tar"]);
    assert_eq!(log.pack_checkpoints(FEW).await.unwrap(), 3);
    assert_eq!(packs(&world), ["1-3.tar", "4-6.tar"]);
    let left: Vec<String> = loose(&world).into_keys().collect();
    assert_eq!(left, ["7.note", "8.note", "9.note", "checkpoint"]);
    assert_eq!(every(log.checkpoints()), files);
    assert_eq!(log.checkpoints().sizes().unwrap(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for size in 1..=9 {
        let signed = log.checkpoints().of_size(size).unwrap().unwrap();
        assert_eq!(signed.to_string().into_bytes(), files[&format!("{size}.note")]);
        assert_eq!(log.checkpoints().first_beyond(size - 1).unwrap(), Some(size));
    }
    assert_eq!(log.checkpoints().of_size(10).unwrap(), None);
    assert_eq!(log.checkpoints().first_beyond(9).unwrap(), None);
    // And it goes on.
    assert_eq!(world.publish(12).await.checkpoint().size, 12);
    assert_eq!(world.open().checkpoints().first_beyond(9).unwrap(), Some(12));
}

#[tokio::test]
async fn other_people_can_open_a_pack() {
    let (world, files) = published().await;
    world.open().pack_checkpoints(FEW).await.unwrap();
    let out = world::folder();
    let tar = std::process::Command::new("tar")
        .args(["-xf", folder(&world).join("packed/4-6.tar").to_str().unwrap(), "-C"])
        .arg(out.path())
        .status()
        .unwrap();
    assert!(tar.success());
    for name in ["4.note", "4.latest.note", "5.note", "6.note"] {
        assert_eq!(fs::read(out.path().join(name)).unwrap(), files[name]);
    }
}

#[tokio::test]
async fn an_export_does_not_show_what_is_packed() {
    let (world, _) = published().await;
    let (before, after) = (world::folder(), world::folder());
    let log = world.open();
    let export = |out| export_tiles(&log, out, Part::default(), &[], |_| ());
    let first = export(before.path()).await.unwrap();
    log.pack_checkpoints(FEW).await.unwrap();
    assert_eq!(export(after.path()).await.unwrap(), first);
    assert_eq!(first.checkpoints, 10);
    let names = |out: &Path| {
        let files = fs::read_dir(out.join("checkpoints")).unwrap().map(Result::unwrap);
        let mut files: Vec<_> =
            files.map(|file| (file.file_name(), fs::read(file.path()).unwrap())).collect();
        files.sort();
        files
    };
    assert_eq!(names(before.path()), names(after.path()));
    assert_eq!(check_folder(after.path(), &world.policy(), |_| ()).unwrap().checkpoints, 11);
}

#[tokio::test]
async fn whoever_was_killed_while_packing_goes_on() {
    let (world, files) = published().await;
    world.open().pack_checkpoints(FEW).await.unwrap();
    let whole = (loose(&world), packs(&world));
    // Killed after the pack had come, with any number of files removed; and with a pack half written.
    for back in 0..=4 {
        for name in ["6.note", "5.note", "4.latest.note", "4.note"].iter().take(back) {
            fs::write(folder(&world).join(name), &files[*name]).unwrap();
        }
        fs::write(folder(&world).join("packed/7-9.tar.unfinished"), "7.no").unwrap();
        let log = world.open();
        assert_eq!(every(log.checkpoints()), files, "{back} files are in both");
        assert_eq!(log.pack_checkpoints(FEW).await.unwrap(), 0);
        fs::remove_file(folder(&world).join("packed/7-9.tar.unfinished")).unwrap();
        assert_eq!((loose(&world), packs(&world)), whole);
    }
}

#[tokio::test]
async fn nothing_is_removed_that_does_not_stand_in_a_pack() {
    let (world, files) = published().await;
    world.open().pack_checkpoints(FEW).await.unwrap();
    let other = files["4.latest.note"].clone();
    fs::write(folder(&world).join("4.note"), &other).unwrap();
    let log = world.open();
    let refused = log.pack_checkpoints(FEW).await.unwrap_err();
    assert!(is_damage(&refused, "4.note"), "{refused}");
    assert_eq!(fs::read(folder(&world).join("4.note")).unwrap(), other);
    let stopped = log.step(NOW, Publish::Always).await.unwrap_err();
    assert!(matches!(stopped, TransparencyError::Stopped(_)), "nothing more is signed: {stopped}");
}

#[tokio::test]
async fn a_damaged_checkpoint_is_not_packed() {
    let (world, files) = published().await;
    let path = folder(&world).join("2.note");
    for bad in [&b"no note"[..], &files["3.note"]] {
        fs::write(&path, bad).unwrap();
        let refused = world.open().pack_checkpoints(FEW).await.unwrap_err();
        assert!(is_damage(&refused, "2.note"), "{refused}");
        assert!(packs(&world).is_empty());
    }
}

#[tokio::test]
async fn no_byte_of_a_pack_can_be_altered_unseen() {
    let (world, _) = published().await;
    world.open().pack_checkpoints(FEW).await.unwrap();
    let path = folder(&world).join("packed/4-6.tar");
    let whole = fs::read(&path).unwrap();
    let log: TransparencyLog = world.open();
    let readable = || log.checkpoints().every().unwrap().all(|kept| kept.is_ok());
    assert!(readable());
    // What a checkpoint says is for the audit to check; headers and zeros are the pack's own.
    let is_header = |at: usize| {
        let block = &whole[at / 512 * 512..];
        [b"4.", b"5.", b"6."].iter().any(|name| block.starts_with(*name))
    };
    let mut altered = 0;
    for at in (0..whole.len()).filter(|at| whole[*at] == 0 || is_header(*at)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(!readable(), "byte {at}");
        altered += 1;
    }
    assert!(altered > 3_000, "{altered}");
    for bytes in
        [&whole[..whole.len() - 1], &whole[..whole.len() / 2], b"", &[&whole[..], b"\0"].concat()]
    {
        fs::write(&path, bytes).unwrap();
        assert!(!readable(), "{} bytes", bytes.len());
    }
    fs::write(&path, &whole).unwrap();
    // Other names, and packs that overlap.
    for name in ["4-7.tar", "3-6.tar", "04-6.tar", "6-4.tar", "notes.tar", "2-5.tar"] {
        let other = folder(&world).join("packed").join(name);
        fs::copy(&path, &other).unwrap();
        let found = log.checkpoints().every().map(|mut every| every.all(|kept| kept.is_ok()));
        assert!(!matches!(found, Ok(true)), "{name}");
        fs::remove_file(other).unwrap();
    }
}

fn is_damage(error: &TransparencyError, name: &str) -> bool {
    let TransparencyError::Checkpoints(CheckpointsError::Damaged { path, .. }) = error else {
        return false;
    };
    path.file_name().is_some_and(|found| found == name)
}
