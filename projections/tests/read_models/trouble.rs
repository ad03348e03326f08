//! What a projector does when the log or the store is not what it should be.

use std::sync::Arc;

use domain::stream::Stream;
use event_log::{
    EventLog,
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, ReadError, Stored},
    keys::Keys,
};
use projections::{
    projection::Projection,
    projector::{FollowError, Settings},
    read_models::{AuthorisedUsers, Openings, Organisations, Seen, Shields},
};
use tokio::sync::watch;

use crate::{Place, world::World};

/// A store of the log in which something is wrong with one event.
struct Wrong {
    right: Arc<dyn Backend>,
    position: u64,
    damaged: bool,
}

impl Backend for Wrong {
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        self.right.append(append)
    }
    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        self.right.head(stream)
    }
    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        self.right.read_stream(stream, first, last)
    }
    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            let mut stored = self.right.read_all(from, limit).await?;
            if self.damaged {
                for stored in stored.iter_mut().filter(|it| it.position == self.position) {
                    let text = String::from_utf8(stored.entry.clone()).unwrap();
                    stored.entry = text.replace("/1\"", "/99\"").into_bytes();
                }
            } else {
                stored.retain(|stored| stored.position != self.position);
            }
            Ok(stored)
        })
    }
    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        self.right.erase_sealed(stream)
    }
    fn watch(&self) -> watch::Receiver<u64> {
        self.right.watch()
    }
}

async fn wrong(position: u64, damaged: bool) -> EventLog {
    let mut world = World::in_log(crate::logs::fresh().await, 11).await;
    world.happen(100).await;
    let right = Arc::clone(world.log.backend());
    EventLog::over(Arc::new(Wrong { right, position, damaged }), Keys::Absent)
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_gap_in_the_log_stops_it_loudly() {
    let log = wrong(60, false).await;
    let place = Place::new();
    let settings = Settings { building: 50, ..Settings::default() };
    let mut projector = place.projector(&log, settings);
    let ended = projector.catch_up().await;
    let Err(FollowError::Gap { expected: 60, found: Some(61) }) = ended else {
        panic!("{ended:?}")
    };
    let (_stop, stopped) = watch::channel(false);
    let ended = projector.run(stopped).await;
    assert!(matches!(ended, Err(FollowError::Gap { .. })), "it is not tried for ever: {ended:?}");
    let status = projector.status().borrow().clone();
    let said = "position 60 is missing in the log; what comes next is Some(61)".to_owned();
    assert_eq!(status.duty, projections::projector::Duty::Stopped(said));
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn an_event_that_cannot_be_read_is_skipped_and_recorded() {
    let log = wrong(60, true).await;
    let place = Place::new();
    place.projector(&log, Settings::default()).catch_up().await.unwrap();
    let stream = log.backend().read_all(60, 1).await.unwrap()[0].stream;
    // It is recorded by those whom events of that stream concern, and by no other.
    let concerned = [
        ("seen", Seen::concerns(stream)),
        ("openings", Openings::concerns(stream)),
        ("shields", Shields::concerns(stream)),
        ("authorised-users", AuthorisedUsers::concerns(stream)),
        ("organisations", Organisations::concerns(stream)),
    ];
    assert!(concerned.iter().any(|it| it.1) && concerned.iter().any(|it| !it.1), "{stream}");
    for (name, concerned) in concerned {
        let rows = place.holds(name).await;
        let skipped = rows.iter().find(|row| row.key == "s/00000000000000000060");
        assert_eq!(skipped.is_some_and(|row| !row.value.is_empty()), concerned, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn read_models_of_another_log_are_not_gone_on_with() {
    let mut one = World::in_log(crate::logs::fresh().await, 1).await;
    one.happen(50).await;
    let place = Place::new();
    place.projector(&one.log, Settings::default()).catch_up().await.unwrap();

    let shorter = World::in_log(crate::logs::fresh().await, 1).await;
    let ended = place.projector(&shorter.log, Settings::default()).catch_up().await;
    assert!(matches!(ended, Err(FollowError::BeyondLog { .. })), "{ended:?}");

    let mut other = World::in_log(crate::logs::fresh().await, 99).await;
    other.happen(200).await;
    let ended = place.projector(&other.log, Settings::default()).catch_up().await;
    assert!(matches!(ended, Err(FollowError::OtherLog { .. })), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_store_that_was_emptied_is_filled_again() {
    let mut world = World::in_log(crate::logs::fresh().await, 2).await;
    world.happen(120).await;
    let (emptied, whole) = (Place::new(), Place::new());
    let mut projector = emptied.projector(&world.log, Settings::default());
    projector.catch_up().await.unwrap();
    // As when somebody empties Redis, or deletes what they do not know.
    let file = rusqlite::Connection::open(emptied.dir.path().join("read-models.sqlite")).unwrap();
    file.execute_batch("DELETE FROM build; DELETE FROM lease;").unwrap();
    world.happen(10).await;
    projector.catch_up().await.unwrap();
    whole.projector(&world.log, Settings::default()).catch_up().await.unwrap();
    for name in ["seen", "shields", "openings"] {
        assert_eq!(emptied.holds(name).await, whole.holds(name).await, "{name}");
    }
}
