//! The service's own log holds no personal data, whatever is sent and whatever fails.

use std::{
    io,
    sync::{Arc, Mutex},
};

use event_log::memory::faults::AppendFault;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{World, born, reason};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn nothing_personal_is_logged() {
    let kept = Kept::default();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(kept.clone())
        .try_init()
        .unwrap();
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.open(&authority.user, child).await.good();
    let terms = json!({"surname": "Quarmby", "date_of_birth": born()});
    let body = json!({"terms": terms, "reason": reason()});
    world.post(&authority.user, "/children/search", body).await.good();
    let bad = json!({"terms": {"surname": 7, "given": "Zebedee"}, "reason": reason()});
    world.post(&authority.user, "/children/search", bad).await.problem(422);
    world.get(&authority.user, "/children?name=Quarmby").await.problem(404);
    world.memory.faults().next_append(AppendFault::Unavailable);
    world.open(&authority.user, child).await.problem(503);
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("Answered a request") && log.contains("Nothing could be recorded"));
    for personal in
        ["Quarmby", "Zebedee", "Hidden Lane", "LS1 4AB", "Anna", "clinic", "001234567890"]
    {
        let line = log.lines().find(|line| line.contains(personal));
        // The client under test logs the addresses it asks for; the server does not.
        let ours = line.filter(|line| line.contains("\"target\":\"api"));
        assert_eq!(ours, None, "{personal}");
    }
}
