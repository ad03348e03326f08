//! What somebody does to the database: found, and named.

use event_log::{
    backend::{Backend, ReadError},
    kurrent::{Kurrent, refusal::OpenError},
};
use kurrentdb_double::Double;
use serde_json::json;

use crate::world::{World, append, child, fill, settings};

/// The position and the finding.
fn damage<T: std::fmt::Debug>(read: Result<T, ReadError>) -> (u64, String) {
    match read {
        Err(ReadError::Corrupt { position, finding }) => (position, finding),
        other => panic!("{other:?}"),
    }
}

fn place(world: &World, stream: &str) -> u64 {
    let all = world.double.log().everything();
    all.iter().find(|event| event.stream == stream).unwrap().position
}

const SECOND: &str = "cp-child-00000000-0000-0000-0000-000000000002";

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_moved_back_is_found() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    fill(&log).await;
    world.double.log().move_head_back(1);
    assert_eq!(
        damage(log.read_all(0, 9).await),
        (2, "it was there, and is not any more".to_owned())
    );
    assert_eq!(damage(log.read_at(&[0, 2]).await).0, 2);
    // From then on nothing is written, and nothing is served when it is opened again.
    let refused = crate::world::said(log.append(append(child(5), None, 5, "{}")).await);
    assert!(refused.contains("nothing is written since the log was found damaged"), "{refused}");
    assert!(world.double.log().everything().iter().all(|event| !event.stream.ends_with("05")));
    drop(log);
    let refused = world.open().await.unwrap_err();
    let OpenError::Read(read) = refused else { panic!("{refused:?}") };
    let (position, finding) = damage::<()>(Err(read));
    assert_eq!(position, 2);
    assert!(finding.contains("an older backup was restored"), "{finding}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_was_overwritten_is_found() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    fill(&log).await;
    let at = place(&world, SECOND);
    world.double.log().tamper(at, |event| event.event.data.fill(0xff));
    let overwritten = "its entry was overwritten, as the redaction tool does it";
    assert_eq!(damage(log.read_all(0, 9).await), (1, overwritten.to_owned()));
    assert_eq!(damage(log.read_stream(child(2), 0, None).await), (1, overwritten.to_owned()));
    assert_eq!(damage(log.read_at(&[2, 1]).await), (1, overwritten.to_owned()));
    world.double.log().tamper(at, |event| event.event.data = b"{\"type\":\"b/1\"}".to_vec());
    let changed = "its entry is not what it was";
    assert_eq!(damage(log.read_all(1, 1).await), (1, changed.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_was_scavenged_is_found() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    fill(&log).await;
    log.append(append(child(2), Some(0), 9, "{}")).await.unwrap();
    let at = place(&world, SECOND);
    world.double.log().remove(|event| event.position == at);
    assert_eq!(damage(log.read_all(0, 9).await).0, 1);
    let (_, finding) = damage(log.read_stream(child(2), 0, None).await);
    assert!(finding.contains("revision 0 of child-"), "{finding}");
    // Whoever builds the index anew finds that it is not complete.
    let anew = tempfile::TempDir::new().unwrap();
    let refused = Kurrent::open(&settings(&world.double, anew.path())).await.unwrap_err();
    let OpenError::Read(read) = refused else { panic!("{refused:?}") };
    assert!(damage::<()>(Err(read)).1.contains("revision 0 of cp-child-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_hides_events_is_found_when_it_is_written_and_when_it_stands() {
    for member in ["$maxAge", "$maxCount", "$tb"] {
        let world = World::new(Double::start());
        let log = world.open().await.unwrap();
        fill(&log).await;
        let metadata = format!("$${SECOND}");
        world.double.write(&metadata, "$metadata", &json!({member: 1}));
        let refused = log.append(append(child(4), None, 4, "{}")).await.unwrap_err();
        let text = crate::world::said(Err(refused));
        assert!(text.contains(&format!("has {member}, which hides events")), "{text}");
        drop(log);
        assert!(matches!(world.open().await, Err(OpenError::Read(ReadError::Corrupt { .. }))));
        world.double.write(&metadata, "$metadata", &json!({}));
        let log = world.open().await.unwrap();
        log.append(append(child(5), None, 5, "{}")).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_somebody_else_in_our_streams_is_found() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    fill(&log).await;
    world.double.write("cp-other", "b/1", &json!({}));
    let refused = crate::world::said(log.append(append(child(4), None, 4, "{}")).await);
    assert!(refused.contains("somebody wrote to cp-other"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_wiped_or_swapped_is_found() {
    let world = World::new(Double::start());
    fill(&world.open().await.unwrap()).await;
    let other = Double::start();
    let refused = Kurrent::open(&settings(&other, world.index.path())).await.unwrap_err();
    assert!(matches!(refused, OpenError::OtherInstallation { .. }), "{refused:?}");
    assert!(other.log().everything().iter().all(|event| !event.stream.starts_with("cp-")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_another_name_is_refused_and_an_index_that_is_lost_is_built_anew() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    fill(&log).await;
    let before = log.read_all(0, 9).await.unwrap();
    drop(log);
    let mut renamed = world.settings();
    renamed.origin = "test.example/another".to_owned();
    let refused = Kurrent::open(&renamed).await.unwrap_err();
    assert!(matches!(refused, OpenError::OtherOrigin { .. }), "{refused:?}");
    std::fs::write(world.index.path().join("kurrentdb-index.sqlite"), "rubbish").unwrap();
    let log = world.open().await.unwrap();
    assert_eq!(log.read_all(0, 9).await.unwrap(), before);
    let second = world.open().await.unwrap_err();
    assert!(matches!(second, OpenError::Index(_)), "{second:?}");
}
