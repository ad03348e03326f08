//! The demonstration can be told, and is the same wherever it is told.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use api::{
    configuration::ClockKind,
    demonstration::{self, Loaded},
    directory::Directory,
};
use domain::{event::Event, key::Event as KeyEvent, recorded::Recorded};
use event_log::EventLog;

async fn told() -> Directory {
    let log = EventLog::memory().unwrap();
    let directory = Directory::over(log, ClockKind::Demonstration).await.unwrap();
    assert!(matches!(demonstration::load(&directory).await.unwrap(), Loaded::Now(_)));
    directory
}

/// Everything in the log, without what differs between two rings of keys.
async fn all(directory: &Directory) -> Vec<Recorded<Event>> {
    let log = directory.log();
    let length = usize::try_from(log.length()).unwrap();
    let events = log.read_all(0, length).await.unwrap();
    events
        .into_iter()
        .filter(|one| !matches!(&one.event, Event::Key(KeyEvent::SubjectKeyCreated { .. })))
        .collect()
}

#[actix_web::test]
async fn told_twice_it_is_the_same_event_for_event() {
    let (one, two) = (told().await, told().await);
    let (one, two) = (all(&one).await, all(&two).await);
    assert!(one.len() > 400, "{}", one.len());
    assert_eq!(one, two);
}

#[actix_web::test]
async fn told_to_a_directory_that_has_it_nothing_is_added() {
    let directory = told().await;
    assert_eq!(demonstration::load(&directory).await.unwrap(), Loaded::Before);
}

#[actix_web::test]
async fn its_times_never_go_back() {
    let directory = told().await;
    let events = all(&directory).await;
    let back = events.windows(2).find(|pair| pair[1].stamp.at < pair[0].stamp.at);
    assert_eq!(back.map(|pair| &pair[1].stamp), None);
    let last = events.last().unwrap().stamp.at;
    assert_eq!(last.date_naive().to_string(), "2009-06-22");
}
