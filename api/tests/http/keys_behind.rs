//! A server whose ring of keys does not follow those of the others says so, and why, until it does again.

use std::{sync::Arc, time::Duration};

use event_log::{
    EventLog,
    backend::Backend,
    keyring::{
        Keyring,
        replicated::{memory::MemoryKeyStream, stream::KeyStream},
    },
    keys::Keys,
    memory::Memory,
};
use serde_json::json;
use tempfile::TempDir;

use crate::world::World;

#[tokio::test]
async fn whoever_asks_whether_it_is_ready_is_told_that_its_keys_are_behind() {
    let folder = TempDir::new().unwrap();
    let cluster = Arc::new(MemoryKeyStream::default());
    let stream = Arc::clone(&cluster) as Arc<dyn KeyStream>;
    let ring =
        Keyring::open_among_others(folder.path(), "test.example/log", stream, Duration::ZERO);
    let ring = Arc::new(ring.unwrap());
    let memory = Arc::new(Memory::new());
    let backend = Arc::clone(&memory) as Arc<dyn Backend>;
    let log = EventLog::over(backend, Keys::Ring(Arc::clone(&ring)));
    let world = World::over(log, memory).await;
    let ready = async || world.get(&world.official, "/health/ready").await;
    ring.follow().unwrap();
    assert_eq!(ready().await.good()["status"], json!("ready"));

    cluster.unreadable(true);
    ring.follow().unwrap_err();
    for _ in 0..2 {
        let problem = ready().await.problem(503);
        assert!(problem["type"].as_str().unwrap().ends_with("keys-behind"), "{problem}");
        assert_eq!(problem["finding"], json!(ring.trouble().unwrap()));
        let why = "the keys cannot be used: asking what other rings did: ";
        assert!(problem["finding"].as_str().unwrap().starts_with(why), "{problem}");
    }
    // That it lives is another question.
    assert_eq!(world.get(&world.official, "/health/live").await.good()["status"], json!("live"));

    cluster.unreadable(false);
    ring.follow().unwrap();
    assert_eq!(ready().await.good()["status"], json!("ready"));
}
