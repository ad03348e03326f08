//! Is the log what it claims to be?

use std::{fs, path::Path};

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use super::demonstration::{replay, told};

/// A copy of the log, whole and by itself.
fn copy() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("log")).unwrap();
    let from = Connection::open(told().folder.path().join("log/events.sqlite")).unwrap();
    let to = folder.path().join("log/events.sqlite");
    from.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
    folder
}

/// Changes a copy as somebody would who can write the file, and does not shrink from triggers.
fn tampered(change: &str) -> TempDir {
    let folder = copy();
    let db = Connection::open(folder.path().join("log/events.sqlite")).unwrap();
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
    assert!(db.execute(change, []).unwrap() > 0, "{change}");
    for (_, definition) in &triggers {
        db.execute_batch(definition).unwrap();
    }
    folder
}

fn verified(folder: &Path) -> (i32, Value) {
    let ran = replay(folder, &["verify", "--format", "json"]);
    let report = serde_json::from_str(&ran.out).unwrap_or(Value::String(ran.said));
    (ran.code, report)
}

#[test]
fn a_whole_log_is_as_claimed_and_names_its_root() {
    let (code, report) = verified(copy().path());
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["root"].as_str().unwrap().len(), 64);
    assert!(report["events"].as_u64().unwrap() > 400);
}

#[test]
fn every_change_is_found_at_its_position() {
    let cases = [
        ("UPDATE event SET entry = replace(entry, '2009', '2010') WHERE position = 100", 100),
        (
            "UPDATE event SET sealed = zeroblob(length(sealed)) WHERE position = (SELECT min(position) FROM event WHERE position > 200 AND sealed IS NOT NULL)",
            200,
        ),
        ("DELETE FROM event WHERE position = 300", 300),
    ];
    for (change, position) in cases {
        let (code, report) = verified(tampered(change).path());
        assert_eq!(code, 4, "{change}: {report}");
        let found = report["findings"][0]["position"].as_u64();
        assert!(found.is_none_or(|found| (position..position + 40).contains(&found)), "{report}");
    }
}
