//! Ctrl-C during long work: exit code 130, and the same command goes on where it was. A reader who has gone.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::{
    demonstration::replay,
    published::{copy, published},
};

fn run(program: &str, arguments: &[&str]) {
    assert!(Command::new(program).args(arguments).status().unwrap().success(), "{program}");
}

/// Interrupts a check while it reads this file, which afterwards is as it was; answers what it said.
fn interrupt_at(file: &Path, verify: &[&str]) -> String {
    let bytes = fs::read(file).unwrap();
    fs::remove_file(file).unwrap();
    run("mkfifo", &[file.to_str().unwrap()]);
    let interrupted = Command::new(env!("CARGO_BIN_EXE_replay"))
        .args(verify)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Opens when the check does.
    let mut pipe = File::options().write(true).open(file).unwrap();
    run("kill", &["-INT", &interrupted.id().to_string()]);
    // Whoever reads it again reads a file.
    fs::remove_file(file).unwrap();
    fs::write(file, &bytes).unwrap();
    pipe.write_all(&bytes).unwrap();
    drop(pipe);
    let ended = interrupted.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{said}");
    said
}

/// The check waits at a file that is a pipe until this test has sent the signal, so it is always interrupted at
/// the same place.
#[test]
fn the_check_of_a_folder_is_interrupted_and_goes_on() {
    let work = TempDir::new().unwrap();
    let out = work.path().join("export");
    replay(published().path(), &["export", "--out", out.to_str().unwrap()]).good();
    let bundle = out.join("tile/entries/001");
    let bundle = if bundle.try_exists().unwrap() {
        bundle
    } else {
        only_file(&out.join("tile/entries/001.p"))
    };
    let resume = work.path().join("resume");
    let verify = ["verify", out.to_str().unwrap(), "--resume", resume.to_str().unwrap()];
    let said = interrupt_at(&bundle, &verify);
    assert!(said.contains("The same command goes on there"), "{said}");

    let first = out.join("tile/entries/000");
    let kept = fs::read(&first).unwrap();
    // What was checked before is not read again.
    fs::remove_file(&first).unwrap();
    fs::write(&first, "").unwrap();
    let went_on = replay(Path::new("/nonexistent"), &verify).good();
    assert!(went_on.said.contains("going on at position 300"), "{}", went_on.said);
    assert!(
        !resume.try_exists().unwrap(),
        "it was finished, so the next one begins at the beginning"
    );
    assert_eq!(replay(Path::new("/nonexistent"), &verify).code, 4);
    fs::write(&first, kept).unwrap();
    replay(Path::new("/nonexistent"), &verify).good();
}

/// The same while the signatures of checkpoints are looked at, before the first entry.
#[test]
fn the_check_of_signatures_is_interrupted_and_goes_on() {
    let work = TempDir::new().unwrap();
    let out = work.path().join("export");
    replay(published().path(), &["export", "--out", out.to_str().unwrap()]).good();
    let slow = out.join("checkpoints/200.note");
    let resume = work.path().join("resume");
    let verify = ["verify", out.to_str().unwrap(), "--resume", resume.to_str().unwrap()];
    let said = interrupt_at(&slow, &verify);
    let number = fs::read_dir(out.join("checkpoints")).unwrap().count();
    let came_to = format!("after the signatures of {number} checkpoints");
    assert!(said.contains(&format!("interrupted {came_to}. The same command goes on")), "{said}");

    // A signature that was checked before is not looked at again.
    let first = out.join("checkpoints/100.note");
    let kept = forge(&first);
    let went_on = replay(Path::new("/nonexistent"), &verify).good();
    assert!(went_on.said.contains(&format!("going on {came_to}")), "{}", went_on.said);
    let refused = replay(Path::new("/nonexistent"), &verify);
    assert_eq!(refused.code, 4);
    assert!(refused.said.contains("checkpoints/100.note"), "{}", refused.said);
    fs::write(&first, kept).unwrap();
    replay(Path::new("/nonexistent"), &verify).good();

    // What was noted of another folder is no place to go on from.
    fs::write(&resume, "{}").unwrap();
    assert_eq!(replay(Path::new("/nonexistent"), &verify).code, 2);
}

/// The same of a data folder.
#[test]
fn the_check_of_a_data_folder_is_interrupted_at_its_checkpoints_and_goes_on() {
    let (data, work) = (copy(), TempDir::new().unwrap());
    let data = data.path();
    let resume = work.path().join("resume");
    let verify = ["verify", "--resume", resume.to_str().unwrap()];
    let slow = data.join("checkpoints/200.note");
    let of_data = ["--data", data.to_str().unwrap(), verify[0], verify[1], verify[2]];
    let said = interrupt_at(&slow, &of_data);
    assert!(said.contains("interrupted at the checkpoints of "), "{said}");
    assert!(said.contains(" events. The same command goes on there"), "{said}");

    let first = data.join("checkpoints/100.note");
    let kept = forge(&first);
    let went_on = replay(data, &verify).good();
    assert!(went_on.said.contains("going on at the checkpoints of "), "{}", went_on.said);
    let refused = replay(data, &verify);
    assert_eq!(refused.code, 4);
    assert!(refused.said.contains("checkpoints/100.note"), "{}", refused.said);
    fs::write(&first, kept).unwrap();
    replay(data, &verify).good();
}

/// Alters a letter of the last signature in a file, and answers what it was.
fn forge(file: &Path) -> Vec<u8> {
    let kept = fs::read(file).unwrap();
    let mut forged = kept.clone();
    let at = forged.len() - 8;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    fs::write(file, forged).unwrap();
    kept
}

#[test]
fn whoever_has_read_enough_ends_it_without_a_word() {
    for format in ["csv", "jsonl", "table", "json"] {
        let mut replay = Command::new(env!("CARGO_BIN_EXE_replay"))
            .args(["-q", "log", "--format", format])
            .env("CONTACTPOINT_DATA", published().path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // More than a pipe holds is never read.
        drop(replay.stdout.take());
        let ended = replay.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), said.as_str()), (Some(141), ""), "{format}");
    }
}

#[test]
fn nobody_need_listen_to_what_is_said() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = Command::new(env!("CARGO_BIN_EXE_replay"))
        .args(["log", "--format", "csv"])
        .env("CONTACTPOINT_DATA", published().path())
        .stderr(writer)
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.stdout.len() > 1_000);
}

fn only_file(folder: &Path) -> std::path::PathBuf {
    fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}
