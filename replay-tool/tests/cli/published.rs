//! A published log: verified, tampered with, exported, proved, witnessed.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use event_log::{
    EventLog, Keys,
    log_keys::LogKeys,
    transparency::{Checkpoint, Policy, Receipt, Signed},
    transparency_log::{Publish, TransparencyLog},
};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::demonstration::{Ran, replay, told};

pub(crate) const ORIGIN: &str = "demonstration.example/audit";
const NOW: u64 = 1_245_664_800;

/// The demonstration's log, published at 100, 200 and 300 events and at its end.
pub(super) fn published() -> &'static TempDir {
    static PUBLISHED: OnceLock<TempDir> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("log")).unwrap();
        let from = Connection::open(told().folder.path().join("log/events.sqlite")).unwrap();
        let to = folder.path().join("log/events.sqlite");
        from.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(publish(folder.path()));
        folder
    })
}

async fn publish(folder: &Path) {
    let keys = LogKeys::init(&folder.join("keys"), ORIGIN).unwrap();
    let log = EventLog::open_read_only(folder, Keys::Absent).unwrap();
    let log = TransparencyLog::open(&log, folder, keys).unwrap();
    log.step(NOW, Publish::Never).await.unwrap();
    for size in [100, 200, 300] {
        let root = log.tree().root_at(size).unwrap();
        log.checkpoints().publish(&sign(folder, size, root)).unwrap();
    }
    log.step(NOW, Publish::WhenGrown).await.unwrap();
}

pub(crate) fn sign(folder: &Path, size: u64, root: [u8; 32]) -> Signed {
    let keys = LogKeys::open(&folder.join("keys"), ORIGIN).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root };
    Signed::sign(checkpoint, keys.signing(), NOW).unwrap()
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let (file, to) =
            (file.as_ref().unwrap().path(), to.join(file.as_ref().unwrap().file_name()));
        if file.is_dir() {
            copy_all(&file, &to);
        } else {
            fs::copy(&file, &to).unwrap();
        }
    }
}

pub(crate) fn copy() -> TempDir {
    let folder = TempDir::new().unwrap();
    copy_all(published().path(), folder.path());
    folder
}

/// Changes a database as somebody would who can write the file.
fn change(database: PathBuf, changes: &[&str]) {
    let db = Connection::open(database).unwrap();
    let triggers: Vec<(String, String)> = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    for change in changes {
        assert!(db.execute(change, []).unwrap() > 0, "{change}");
    }
    for (_, definition) in &triggers {
        db.execute_batch(definition).unwrap();
    }
}

fn tampered(changes: &[&str]) -> TempDir {
    let folder = copy();
    change(folder.path().join("log/events.sqlite"), changes);
    folder
}

/// The verification of a folder that is not as claimed: the first position, if one was named, and everything
/// that was found.
fn found(folder: &Path, more: &[&str]) -> (Option<u64>, String) {
    let ran = replay(folder, &[&["verify", "--format", "json"], more].concat());
    assert_eq!(ran.code, 4, "{}\n{}", ran.out, ran.said);
    let report: Value = serde_json::from_str(&ran.out).map_err(|_| &ran.said).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let texts: Vec<&str> =
        findings.iter().map(|finding| finding["finding"].as_str().unwrap()).collect();
    assert!(ran.said.contains(texts[0]), "the first is said: {}", ran.said);
    (findings[0]["position"].as_u64(), texts.join("\n"))
}

fn length() -> u64 {
    let db = Connection::open(published().path().join("log/events.sqlite")).unwrap();
    db.query_row("SELECT count(*) FROM event", [], |row| row.get::<_, i64>(0))
        .unwrap()
        .unsigned_abs()
}

#[test]
fn a_whole_folder_is_as_claimed_and_says_by_what() {
    let folder = copy();
    let report: Value =
        serde_json::from_str(&replay(folder.path(), &["verify", "--format", "json"]).good().out)
            .unwrap();
    assert_eq!(report["tree"], report["events"]);
    assert_eq!((&report["log_signatures"], &report["checkpoints"]), (&json!(2), &json!(5)));
    // Without the tree, which follows from the entries.
    fs::remove_dir_all(folder.path().join("tree")).unwrap();
    let ran = replay(folder.path(), &["verify", "--format", "json"]).good();
    assert!(ran.said.contains("no kept tree"), "{}", ran.said);
}

#[test]
fn an_altered_entry_is_named_and_called_altered() {
    let change = "UPDATE event SET entry = replace(entry, '2009', '2010') WHERE position = 150";
    let (position, found) = found(tampered(&[change]).path(), &[]);
    assert_eq!(position, Some(150), "{found}");
    assert!(found.contains("position 150: the entry was altered after it was signed"), "{found}");
}

#[test]
fn a_removed_row_is_named_though_the_others_moved_up() {
    let changes = [
        "DELETE FROM event WHERE position = 150",
        "UPDATE event SET position = position - 1 WHERE position > 150",
    ];
    let (position, found) = found(tampered(&changes).path(), &[]);
    assert!(found.contains("position 150: 1 signed entries were removed from here"), "{found}");
    assert_eq!(position, Some(150), "{found}");
}

#[test]
fn swapped_rows_are_called_reordered() {
    let changes = [
        "UPDATE event SET position = 900000 WHERE position = 150",
        "UPDATE event SET position = 150 WHERE position = 151",
        "UPDATE event SET position = 151 WHERE position = 900000",
    ];
    let (_, found) = found(tampered(&changes).path(), &[]);
    assert!(found.contains("position 150: entries were reordered"), "{found}");
}

#[test]
fn a_cut_tail_and_an_older_copy_are_told_by_what_was_signed() {
    let last = length() - 1;
    let folder = tampered(&[&format!("DELETE FROM event WHERE position = {last}")]);
    let (position, text) = found(folder.path(), &[]);
    assert_eq!(position, Some(last));
    assert!(text.contains("the tail was cut, or an older copy put in place"), "{text}");
    // An older copy of the whole folder but for the keys: what was last signed is known there.
    let folder = tampered(&["DELETE FROM event WHERE position >= 300"]);
    fs::remove_dir_all(folder.path().join("tree")).unwrap();
    let old = fs::read(folder.path().join("checkpoints/300.note")).unwrap();
    fs::write(folder.path().join("checkpoints/checkpoint"), old).unwrap();
    fs::remove_file(folder.path().join(format!("checkpoints/{}.note", length()))).unwrap();
    let (position, text) = found(folder.path(), &[]);
    assert_eq!(position, None, "{text}");
    assert!(text.contains("what was last signed: it covers"), "{text}");
    // With the keys as well, only somebody else's memory helps.
    fs::remove_dir_all(folder.path().join("keys")).unwrap();
    let policy = policy_file(folder.path());
    replay(folder.path(), &["verify", "--policy", &policy]).good();
    let kept = published().path().join("checkpoints/checkpoint");
    let kept = kept.to_str().unwrap();
    let (_, text) = found(folder.path(), &["--policy", &policy, "--compare", kept]);
    assert!(text.contains(kept) && text.contains("the log has 300"), "{text}");
}

#[test]
fn another_history_under_the_same_keys_is_found_by_comparing() {
    let folder = copy();
    let forked = folder.path().join("kept.note");
    fs::write(&forked, sign(folder.path(), 250, [7; 32]).to_string()).unwrap();
    let (_, text) = found(folder.path(), &["--compare", forked.to_str().unwrap()]);
    assert!(text.starts_with(forked.to_str().unwrap()), "{text}");
    assert!(text.contains("the log was forked"), "{text}");
}

#[test]
fn an_altered_tile_is_not_taken_for_an_altered_entry() {
    let folder = copy();
    let change_tile =
        "UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE place = 0";
    change(folder.path().join("tree/tree.sqlite"), &[change_tile]);
    let (position, text) = found(folder.path(), &[]);
    assert_eq!(position, Some(0));
    assert!(text.contains("the stored tree was altered; the entry is as it was signed"), "{text}");
}

#[test]
fn every_file_among_the_checkpoints_is_checked() {
    let size = length().to_string();
    let cases = [
        ("200.note", "\n200\n", "\n201\n", "not of the size"),
        ("200.note", "demonstration", "demonstratiom", "of the log"),
        ("checkpoint", "\u{2014} ", "- ", "overwritten"),
        ("checkpoint", size.as_str(), "300", "forged"),
    ];
    for (name, from, to, expected) in cases {
        let folder = copy();
        let file = folder.path().join("checkpoints").join(name);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let (_, text) = found(folder.path(), &[]);
        assert!(text.contains(name) && text.contains(expected), "{name}: {text}");
    }
    let folder = copy();
    fs::write(folder.path().join("checkpoints/notes.txt"), "x").unwrap();
    assert!(found(folder.path(), &[]).1.contains("notes.txt"));
}

/// A policy that believes the published log's keys, in a file apart from it.
fn policy_file(folder: &Path) -> String {
    let keys = LogKeys::verifiers_in(&published().path().join("keys")).unwrap();
    let lines: Vec<String> = keys.iter().map(|key| format!("log {key}\n")).collect();
    let file = folder.join("had-from-elsewhere");
    fs::write(&file, format!("{}quorum none\n", lines.concat())).unwrap();
    file.to_str().unwrap().to_owned()
}

fn verify(path: &Path, more: &[&str]) -> Ran {
    // Of a folder or a file of its own; the data folder is of no account.
    replay(Path::new("/nonexistent"), &[&["verify", path.to_str().unwrap()], more].concat())
}

#[test]
fn an_exported_folder_is_complete_checked_by_itself_and_every_change_is_named() {
    let work = TempDir::new().unwrap();
    let out = work.path().join("export");
    let export = ["export", "--format", "tiles", "--out", out.to_str().unwrap()];
    replay(published().path(), &export).good();
    replay(published().path(), &export).good();
    for file in ["checkpoint", "checkpoints/200.note", "keys/ed25519.pem", "policy", "CHECKING.md"]
    {
        assert!(out.join(file).try_exists().unwrap(), "{file}");
    }
    let policy = policy_file(work.path());
    let good = verify(&out, &["--policy", &policy, "--format", "csv"]).good();
    assert!(good.out.contains("signatures of the log,2"), "{}", good.out);
    assert!(verify(&out, &[]).good().said.contains("it agrees with itself"));

    let bundle = out.join("tile/entries/000");
    let mut bytes = fs::read(&bundle).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    let ran = verify(&out, &["--policy", &policy]);
    assert_eq!(ran.code, 4);
    assert!(ran.said.contains("tile/entries/000, position "), "{}", ran.said);
    // A folder that was tampered with is never mended by exporting over it.
    let again = replay(published().path(), &export);
    assert_eq!(again.code, 1);
    assert!(again.said.contains("is not overwritten"), "{}", again.said);
}

#[test]
fn a_part_of_the_log_is_exported_as_of_an_older_checkpoint() {
    let work = TempDir::new().unwrap();
    let out = work.path().join("export");
    let to = ["export", "--out", out.to_str().unwrap(), "--to", "250"];
    replay(published().path(), &to).good();
    let signed = Signed::parse(&fs::read(out.join("checkpoint")).unwrap()).unwrap();
    assert_eq!(signed.checkpoint().size, 300, "the first checkpoint that covers position 250");
    verify(&out, &[]).good();
    // The same folder is not made into another part.
    let other = ["export", "--out", out.to_str().unwrap(), "--from", "256", "--to", "250"];
    let refused = replay(published().path(), &other);
    assert_eq!(refused.code, 2, "{}", refused.said);
    assert!(refused.said.contains("holds an export of entries 0 to 299"), "{}", refused.said);
    let beyond = ["export", "--out", work.path().to_str().unwrap(), "--to", "900000"];
    assert_eq!(replay(published().path(), &beyond).code, 5);
}

#[test]
fn nothing_is_exported_into_a_data_folder() {
    let folder = copy();
    let before = fs::read_dir(folder.path()).unwrap().count();
    for form in ["tiles", "bundle"] {
        let out = folder.path().to_str().unwrap();
        let refused =
            replay(folder.path(), &["export", "--format", form, "--out", out, "--event", "5"]);
        assert_eq!(refused.code, 2, "{}", refused.said);
        assert!(refused.said.contains("is a data folder"), "{}", refused.said);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
}

#[test]
fn the_end_of_the_log_is_exported_without_its_beginning() {
    let work = TempDir::new().unwrap();
    let out = work.path().join("export");
    let export = ["export", "--out", out.to_str().unwrap(), "--from", "300"];
    let done = replay(published().path(), &export).good();
    assert!(done.out.contains("256"), "whole bundles: {}", done.out);
    replay(published().path(), &export).good();
    assert!(
        !out.join("tile/entries/000").try_exists().unwrap()
            && out.join("tile/0/000").try_exists().unwrap()
    );
    let policy = policy_file(work.path());
    let good = verify(&out, &["--policy", &policy, "--format", "csv"]).good();
    assert!(
        good.out.contains("first entry,256") && good.out.contains("checkpoints,5"),
        "{}",
        good.out
    );
    assert!(
        good.said.contains("Of the entries before 256 the folder has the hashes only"),
        "{}",
        good.said
    );
    let beyond = ["export", "--out", work.path().to_str().unwrap(), "--from", "900000"];
    let none = replay(published().path(), &beyond);
    assert_eq!(none.code, 5, "{}", none.said);
    assert!(!work.path().join("checkpoint").try_exists().unwrap());
}

#[test]
fn a_receipt_convinces_with_nothing_but_a_policy_and_no_change_to_it_passes() {
    let work = TempDir::new().unwrap();
    let out = work.path().join("event.tlog-proof");
    let file = out.to_str().unwrap();
    replay(published().path(), &["prove", "123", "--out", file]).good();
    let receipt = Receipt::parse(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(receipt.index, 123);
    let keys = LogKeys::verifiers_in(&published().path().join("keys")).unwrap();
    let entry = receipt.extra.clone().unwrap();
    receipt.verify(&entry, &Policy::of_log(keys)).unwrap();

    let policy = policy_file(work.path());
    let good = verify(&out, &["--policy", &policy]).good();
    assert!(good.out.contains("123") && good.out.contains("\"v\":1"), "{}", good.out);
    let without = verify(&out, &[]);
    assert_eq!(without.code, 5, "whose signature it is was not checked");
    let text = fs::read_to_string(&out).unwrap();
    for (from, to) in [("index 123", "index 124"), ("extra ey", "extra eX"), (ORIGIN, "b.example")]
    {
        fs::write(&out, text.replacen(from, to, 1)).unwrap();
        let ran = verify(&out, &["--policy", &policy]);
        assert_eq!(ran.code, 4, "{from}: {}", ran.said);
    }
    // As the server gives it, with the hash of the entry alone; the entry is shown by somebody else.
    let mut short = receipt.clone();
    short.extra = Some(event_log::transparency::leaf(&entry).to_vec());
    fs::write(&out, short.to_string()).unwrap();
    verify(&out, &["--policy", &policy]).good();
    let shown = work.path().join("entry.json");
    fs::write(&shown, &entry).unwrap();
    verify(&out, &["--policy", &policy, "--entry", shown.to_str().unwrap()]).good();
    fs::write(&shown, "{}").unwrap();
    let other = verify(&out, &["--policy", &policy, "--entry", shown.to_str().unwrap()]);
    assert_eq!(other.code, 4);
}

#[test]
fn what_no_checkpoint_covers_has_no_receipt() {
    let work = TempDir::new().unwrap();
    let file = work.path().join("x.tlog-proof");
    let unpublished = told().replay(&["prove", "123", "--out", file.to_str().unwrap()]);
    assert_eq!(unpublished.code, 5, "{}", unpublished.said);
    assert!(!file.try_exists().unwrap());
    assert_eq!(replay(published().path(), &["prove", "900000"]).code, 5);
}
