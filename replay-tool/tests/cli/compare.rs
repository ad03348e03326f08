//! Do read models hold what the log makes of them?

use std::{path::Path, sync::Arc};

use event_log::{EventLog, keys::Keys};
use projections::{
    projector::{Projector, Settings},
    read_models,
    store::Embedded,
};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::demonstration::{replay, told};

/// Read models of the demonstration, as a server would have left them.
fn followed() -> TempDir {
    let folder = TempDir::new().unwrap();
    let log = EventLog::open_read_only(told().folder.path(), Keys::Absent).unwrap();
    let store = Arc::new(Embedded::open(folder.path()).unwrap());
    let settings = Settings { until: Some(500), ..Settings::default() };
    let mut projector =
        Projector::new(&log, store, read_models::all(), settings, Uuid::from_u128(1));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(projector.catch_up()).unwrap();
    folder
}

fn compare(store: &Path, more: &[&str]) -> (i32, String, String) {
    let store = store.to_str().unwrap();
    let mut arguments = vec!["compare", "--read-models", store, "--format", "json"];
    arguments.extend(more);
    let ran = replay(told().folder.path(), &arguments);
    (ran.code, ran.out, ran.said)
}

#[test]
fn what_was_followed_is_what_the_log_makes_of_it() {
    let folder = followed();
    let (code, out, said) = compare(folder.path(), &[]);
    assert_eq!(code, 0, "{out} {said}");
    for build in [
        "authorised-users/1.1",
        "investigations/1.1",
        "openings/3.1",
        "organisations/1.1",
        "seen/4.1",
        "shields/1.1",
    ] {
        assert!(out.contains(build), "{out}");
    }
    assert!(out.contains("499"), "the position it speaks for: {out}");
}

#[test]
fn a_document_that_was_changed_lost_or_added_is_named() {
    for change in [
        "UPDATE {} SET value = CAST(replace(CAST(value AS TEXT), 'applied', 'lifted!') AS BLOB) WHERE key LIKE 'd/%' AND CAST(value AS TEXT) LIKE '%applied%'",
        "DELETE FROM {} WHERE key LIKE 'i/in-force/any/%'",
        "INSERT INTO {} VALUES (CAST('d/zzz' AS BLOB), x'7b7d')",
    ] {
        let folder = followed();
        let db = Connection::open(folder.path().join("read-models.sqlite")).unwrap();
        let id: i64 = db
            .query_row("SELECT id FROM build WHERE name = 'shields'", [], |row| row.get(0))
            .unwrap();
        let change = change.replace("{}", &format!("build_{id}"));
        assert!(db.execute(&change, []).unwrap() > 0, "{change}");
        drop(db);
        let (code, out, said) = compare(folder.path(), &["shields"]);
        assert_eq!(code, 4, "{change}: {out} {said}");
        assert!(said.contains("rebuild"), "{said}");
        assert_eq!(compare(folder.path(), &["seen"]).0, 0, "the others are as they were");
    }
}

#[test]
fn a_store_that_is_not_there_or_of_another_log_is_no_match() {
    let nothing = TempDir::new().unwrap();
    assert_eq!(compare(nothing.path(), &[]).0, 5, "there is no store");
    assert!(!nothing.path().join("read-models.sqlite").try_exists().unwrap(), "and none was made");
    let folder = followed();
    assert_eq!(compare(folder.path(), &["ghosts"]).0, 2);
    let db = Connection::open(folder.path().join("read-models.sqlite")).unwrap();
    db.execute("UPDATE build SET last = '00000000-0000-4000-8000-000000000000'", []).unwrap();
    drop(db);
    let (code, _, said) = compare(folder.path(), &["shields"]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("not in this log"), "{said}");
}
