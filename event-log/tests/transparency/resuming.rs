//! An audit goes on where it was interrupted, and comes to the same.

use event_log::{
    EventLog, Options,
    audit::{Audit, Brought, Came, Place, Report},
};
use fixtures::scenario::id;

use crate::world::folder;

/// A folder with a log of the directory's events, several thousand.
async fn told() -> tempfile::TempDir {
    let dir = folder();
    let options = Options { origin: "contactpoint.example/audit".to_owned() };
    let log = EventLog::open(dir.path(), &options).unwrap();
    let subjects: Vec<uuid::Uuid> = (0..5_000).map(|number| id(number + 1)).collect();
    for some in subjects.chunks(500) {
        let context = |subject| event_log::Context {
            command: subject,
            at: "2009-06-22T10:00:00Z".parse().unwrap(),
            by: domain::actor::Actor::SYSTEM,
            policy: domain::policy::PolicyVersion::default(),
            correlation: None,
            causation: None,
            request_digest: None,
        };
        log.create_subjects(some, context).await.unwrap();
    }
    dir
}

/// Goes on by some entries; answers whether there were any.
async fn by_some(audit: &mut Audit) -> bool {
    loop {
        match audit.advance().await.unwrap() {
            Some(Came::Checkpoints(_)) => {}
            Some(Came::Entries(_)) => return true,
            None => return false,
        }
    }
}

async fn whole(mut audit: Audit) -> Report {
    while audit.advance().await.unwrap().is_some() {}
    audit.finish().await.unwrap()
}

#[tokio::test]
async fn it_goes_on_anywhere_and_comes_to_the_same() {
    let dir = told().await;
    let expected = whole(Audit::begin(dir.path(), Brought::default()).unwrap()).await;
    assert!(expected.is_clean(), "{:?}", expected.all());
    assert_eq!(expected.log.events, 5_000);
    let mut audit = Audit::begin(dir.path(), Brought::default()).unwrap();
    let mut interruptions = 0;
    loop {
        let text = audit.save().unwrap();
        audit = Audit::begin(dir.path(), Brought::default()).unwrap();
        audit.resume(&text).unwrap();
        if !by_some(&mut audit).await {
            break;
        }
        interruptions += 1;
    }
    assert!(interruptions >= 3, "{interruptions}");
    assert_eq!(audit.finish().await.unwrap(), expected);
}

#[tokio::test]
async fn any_other_text_is_refused_by_line() {
    let dir = told().await;
    let mut audit = Audit::begin(dir.path(), Brought::default()).unwrap();
    assert!(by_some(&mut audit).await);
    let text = audit.save().unwrap();
    let cases = [
        (String::new(), 1),
        (text.replace("verification 2", "verification 1"), 1),
        (text.replacen("\"next\":2048", "\"next\":2049", 1), 1),
        (text.replacen("\ncounted", "\ncaunted", 1), 2),
        (text.split_inclusive('\n').take(10).collect(), 11),
    ];
    for (other, line) in cases {
        let mut audit = Audit::begin(dir.path(), Brought::default()).unwrap();
        assert_eq!(audit.resume(&other).unwrap_err().0, line);
        assert_eq!(audit.next(), 0, "it is as before");
    }
}

#[tokio::test]
async fn what_is_altered_after_the_interruption_is_found_and_what_has_findings_is_not_saved() {
    let dir = told().await;
    let mut audit = Audit::begin(dir.path(), Brought::default()).unwrap();
    assert!(by_some(&mut audit).await);
    let text = audit.save().unwrap();
    drop(audit);
    let db = rusqlite::Connection::open(dir.path().join("log/events.sqlite")).unwrap();
    let trigger: String = db
        .query_row("SELECT sql FROM sqlite_schema WHERE name = 'event_is_not_changed'", [], |row| {
            row.get(0)
        })
        .unwrap();
    let alter = "UPDATE event SET entry = replace(entry, '2009', '2010') WHERE position = 3000";
    db.execute_batch(&format!("DROP TRIGGER event_is_not_changed; {alter}; {trigger};")).unwrap();
    drop(db);
    let mut audit = Audit::begin(dir.path(), Brought::default()).unwrap();
    audit.resume(&text).unwrap();
    while audit.advance().await.unwrap().is_some() {}
    // A stream of one event: nothing in the log itself speaks against it, and nothing was published.
    let report = audit.finish().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.all());

    let kept = [(
        "kept.note".to_owned(),
        event_log::transparency::Checkpoint {
            origin: "contactpoint.example/audit".to_owned(),
            size: 4_000,
            root: [7; 32],
        },
    )];
    let mut audit =
        Audit::begin(dir.path(), Brought { kept: &kept, ..Brought::default() }).unwrap();
    audit.resume(&text).unwrap();
    while audit.advance().await.unwrap().is_some() {}
    assert_eq!(audit.save(), None);
    let report = audit.finish().await.unwrap();
    assert_eq!(report.all()[0].place, Place::Kept("kept.note".to_owned()));
}
