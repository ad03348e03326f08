//! The certificate convinces whoever has the log's public keys, and nobody can change a word of it.

use api::{configuration::ClockKind, directory::Directory};
use domain::erasure::Grounds;
use event_log::{
    EventLog,
    erasure_certificate::{Certificate, NoCertificate},
    log_keys::LogKeys,
    transparency::Policy,
    transparency_log::{Publish, TransparencyLog},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::world::{CHILD, begin, erase, fill, officer, subject};

struct Certified {
    _folder: TempDir,
    log: TransparencyLog,
    directory: Directory,
}

async fn erased() -> Certified {
    let folder = TempDir::new().unwrap();
    let log = EventLog::memory().unwrap();
    let keys = LogKeys::init(&folder.path().join("keys"), "contactpoint.example/memory").unwrap();
    let directory = Directory::over(log.clone(), ClockKind::System).await.unwrap();
    let transparency = TransparencyLog::open(&log, folder.path(), keys).unwrap();
    fill(&log, subject(1), CHILD).await;
    fill(&log, subject(2), CHILD).await;
    Certified { _folder: folder, log: transparency, directory }
}

#[tokio::test]
async fn there_is_none_before_the_end_or_before_a_checkpoint_covers_it() {
    let world = erased().await;
    let none =
        |why: Result<Certificate, NoCertificate>| matches!(why, Err(NoCertificate::NotErased(_)));
    world.log.step(1, Publish::Always).await.unwrap();
    assert!(none(Certificate::of(&world.log, subject(1)).await));
    begin(&world.directory, subject(1)).await;
    world.log.step(1, Publish::Always).await.unwrap();
    assert!(none(Certificate::of(&world.log, subject(1)).await));
    world.directory.eraser().finish(subject(1), world.directory.clock()).await.unwrap();
    let early = Certificate::of(&world.log, subject(1)).await;
    assert!(matches!(early, Err(NoCertificate::NotPublished)));
    world.log.step(2, Publish::Always).await.unwrap();
    Certificate::of(&world.log, subject(1)).await.unwrap();
}

#[tokio::test]
async fn it_convinces_and_holds_nothing_personal() {
    let world = erased().await;
    erase(&world.directory, subject(1)).await;
    world.log.step(1, Publish::Always).await.unwrap();
    let certificate = Certificate::of(&world.log, subject(1)).await.unwrap();
    let (json, page) = (certificate.to_json(), certificate.to_page());
    assert!(!json.contains("canary") && !page.contains("canary"));
    let read = Certificate::parse(&json).unwrap();
    assert_eq!(read, certificate);
    let says = read.check(&Policy::of_log(world.log.verifiers())).unwrap();
    assert_eq!(says.grounds, Grounds::OrderedByCourt);
    assert_eq!(Some(says.proposed_by), officer(1).id);
    assert_eq!(Some(says.authorised_by), officer(2).id);
    assert_eq!((says.epoch_destroyed, says.sections_left), (1, 0));
    assert!(says.sections > 20, "{}", says.sections);
    assert!(says.key_commitment.is_some());
    let names: Vec<&str> = says.holders.keys().map(String::as_str).collect();
    assert_eq!(names, ["folded-states", "read-models"]);
    assert!(page.contains(&subject(1).to_string()) && page.contains("ordered-by-court"));
    let nobody =
        LogKeys::init(&TempDir::new().unwrap().path().join("k"), "contactpoint.example/memory");
    read.check(&Policy::of_log(nobody.unwrap().verifiers())).unwrap_err();
}

#[tokio::test]
async fn a_word_changed_or_a_claim_left_out_is_found() {
    let world = erased().await;
    erase(&world.directory, subject(1)).await;
    world.log.step(1, Publish::Always).await.unwrap();
    let json: Value =
        serde_json::from_str(&Certificate::of(&world.log, subject(1)).await.unwrap().to_json())
            .unwrap();
    let policy = Policy::of_log(world.log.verifiers());
    let refused = |json: &Value| match Certificate::parse(&json.to_string()) {
        Ok(read) => read.check(&policy).is_err(),
        Err(_) => true,
    };
    assert!(!refused(&json));
    let claims = json["claims"].as_array().unwrap().len();
    for left_out in 0..claims {
        let mut changed = json.clone();
        let claim = changed["claims"].as_array_mut().unwrap().remove(left_out);
        // That the record was closed is told beside the erasure; without it the rest still holds.
        let beside = claim["entry"].as_str().unwrap().contains("child.record-purged/1");
        assert_eq!(refused(&changed), !beside, "claim {left_out} left out");
    }
    for place in ["statement/grounds", "statement/erased_at", "statement/sections", "subject"] {
        let mut changed = json.clone();
        let value = changed.pointer_mut(&format!("/{place}")).unwrap();
        *value = match value.clone() {
            Value::Number(_) => 7.into(),
            _ if place.ends_with("grounds") => "request-upheld".into(),
            _ if place == "subject" => subject(2).to_string().into(),
            _ => "2030-01-01T00:00:00Z".into(),
        };
        assert!(refused(&changed), "{place}");
    }
    for claim in 0..claims {
        for part in ["entry", "proof"] {
            let mut changed = json.clone();
            let text = changed["claims"][claim][part].as_str().unwrap().to_owned();
            let middle = text.len() / 2;
            let other = if text.as_bytes()[middle] == b'a' { "b" } else { "a" };
            let text = format!("{}{other}{}", &text[..middle], &text[middle + 1..]);
            changed["claims"][claim][part] = text.into();
            assert!(refused(&changed), "{part} of claim {claim}");
        }
    }
}
