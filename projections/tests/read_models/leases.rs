//! Folding that takes longer than the lease lasts: nothing is folded again for ever, and what is lost is said.
//!
//! No clock of the wall decides anything here. A lease is measured in events that were folded, or by
//! whether it was asked for again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use domain::{event::Event, recorded::Recorded};
use event_log::EventLog;
use projections::{
    dated::KnownBy,
    known::Known,
    projection::{Entry, Evolved, Projection},
    projector::{Duty, Projector, Settings, Step},
    store::{
        Answer, ApplyError, Ask, Batch, Build, Built, Embedded, Reply, Store, StoreError, Write,
    },
};
use uuid::Uuid;

use crate::world::World;

/// How many events were folded, by any of these tests' projections.
static FOLDED: AtomicU64 = AtomicU64::new(0);
/// How often a lease was asked for while something waited for that.
static ASKED: AtomicU64 = AtomicU64::new(0);

/// How much has happened.
#[derive(Debug)]
struct Tally;

impl Projection for Tally {
    const NAME: &'static str = "tally";
    const VERSION: u32 = 1;
    type Document = u64;

    fn keys(_: &Recorded<Event>) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn evolve(_: &str, document: Option<u64>, _: &Recorded<Event>) -> Evolved<u64> {
        FOLDED.fetch_add(1, Ordering::SeqCst);
        Ok(Some(document.unwrap_or_default() + 1))
    }

    fn entries(_: &str, _: &u64) -> Vec<Entry> {
        Vec::new()
    }

    fn as_of(_: u64, _: KnownBy) -> Option<u64> {
        None
    }
}

/// The same, but after its first event it waits until the lease has been asked for three times more.
#[derive(Debug)]
struct Waits;

impl Projection for Waits {
    const NAME: &'static str = "waits";
    const VERSION: u32 = 1;
    type Document = u64;

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        Tally::keys(recorded)
    }

    fn evolve(_: &str, document: Option<u64>, _: &Recorded<Event>) -> Evolved<u64> {
        if document.is_none() {
            let enough = ASKED.load(Ordering::SeqCst) + 3;
            // A minute is for a lease that is never renewed, which fails the test below.
            for _ in 0..12_000 {
                if ASKED.load(Ordering::SeqCst) >= enough {
                    break;
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
        Ok(Some(document.unwrap_or_default() + 1))
    }

    fn entries(_: &str, _: &u64) -> Vec<Entry> {
        Vec::new()
    }

    fn as_of(_: u64, _: KnownBy) -> Option<u64> {
        None
    }
}

/// What makes a lease run out.
enum Sand {
    /// So many folded events after it was asked for.
    Events(u64),
    /// The beginning of a fold, unless it is asked for again after that.
    Folding,
    /// Another process takes it, before the first write.
    Another,
}

/// A store whose leases run out as a test wants it.
struct Hourglass {
    store: Arc<dyn Store>,
    sand: Sand,
    asked_at: AtomicU64,
    refused: AtomicU64,
}

impl Hourglass {
    fn new(sand: Sand) -> Arc<Self> {
        let store: Arc<dyn Store> = Arc::new(Embedded::temporary().unwrap());
        Arc::new(Self { store, sand, asked_at: AtomicU64::new(0), refused: AtomicU64::new(0) })
    }

    fn refused(&self) -> u64 {
        self.refused.load(Ordering::SeqCst)
    }

    async fn tally(&self, name: &str) -> u64 {
        let build = Build { name: name.to_owned(), version: 1, number: 1 };
        let asks = vec![Ask::Get("d/all".to_owned())];
        let reply = self.store.read(&build, asks).await.unwrap().unwrap();
        String::from_utf8(reply.answers[0][0].value.clone()).unwrap().parse().unwrap()
    }
}

impl Store for Hourglass {
    fn apply(&self, batch: Batch) -> Answer<'_, Result<(), ApplyError>> {
        Box::pin(async move {
            let asked_at = self.asked_at.load(Ordering::SeqCst);
            let has_run_out = match self.sand {
                Sand::Events(lasts) => FOLDED.load(Ordering::SeqCst) > asked_at + lasts,
                Sand::Folding => ASKED.load(Ordering::SeqCst) < 4,
                Sand::Another => self.refused() == 0,
            };
            if matches!(self.sand, Sand::Another) && has_run_out {
                self.store.seize_lease("another", Duration::from_secs(600)).await?;
            }
            if has_run_out {
                let refused = self.refused.fetch_add(1, Ordering::SeqCst);
                assert!(refused < 200, "it is folded again for ever");
            }
            if has_run_out && !matches!(self.sand, Sand::Another) {
                return Err(ApplyError::NotHolder);
            }
            self.store.apply(batch).await
        })
    }

    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            // In the store itself it never runs out.
            let held = self.store.take_lease(holder, time.max(Duration::from_secs(600))).await?;
            self.asked_at.store(FOLDED.load(Ordering::SeqCst), Ordering::SeqCst);
            if matches!(self.sand, Sand::Folding) {
                ASKED.fetch_add(1, Ordering::SeqCst);
            }
            Ok(held)
        })
    }

    fn builds(&self) -> Answer<'_, Result<Vec<Built>, StoreError>> {
        self.store.builds()
    }
    fn create<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<(), StoreError>> {
        self.store.create(build)
    }
    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<Write>,
    ) -> Answer<'a, Result<(), ApplyError>> {
        self.store.amend(build, at, writes)
    }
    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<Reply>, StoreError>> {
        self.store.read(build, asks)
    }
    fn complete<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        self.store.complete(build)
    }
    fn serve<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        self.store.serve(build)
    }
    fn switch<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        self.store.switch(build)
    }
    fn serving<'a>(&'a self, name: &'a str) -> Answer<'a, Result<Option<Build>, StoreError>> {
        self.store.serving(name)
    }
    fn drop_build<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        self.store.drop_build(build)
    }
    fn seize_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<(), StoreError>> {
        self.store.seize_lease(holder, time)
    }
    fn release_lease<'a>(&'a self, holder: &'a str) -> Answer<'a, Result<(), StoreError>> {
        self.store.release_lease(holder)
    }
}

async fn log(events: usize) -> EventLog {
    let mut world = World::in_log(EventLog::memory().unwrap(), 77).await;
    world.happen(events).await;
    world.log
}

fn projector(log: &EventLog, store: &Arc<Hourglass>, known: Known, lease: Duration) -> Projector {
    let settings = Settings { following: 64, building: 64, lease, ..Settings::default() };
    let store: Arc<dyn Store> = Arc::<Hourglass>::clone(store);
    Projector::new(log, store, known, settings, Uuid::from_u128(1))
}

/// Too long to be renewed by the clock while a test runs.
const LONG: Duration = Duration::from_secs(86_400);

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_that_outlasts_the_lease_is_halved_until_it_does_not() {
    let log = log(150).await;
    // Of 64 events, the lease has run out when ten are folded; it is never renewed meanwhile.
    let glass = Hourglass::new(Sand::Events(10));
    let mut projector = projector(&log, &glass, Known::none().and::<Tally>(), LONG);
    projector.catch_up().await.unwrap();
    assert_eq!(glass.tally("tally").await, log.length(), "each event once");
    let refused = glass.refused();
    let lost = projector.status().borrow().lost;
    assert!(refused >= 3, "64, 32 and 16 events at once are too many");
    assert_eq!(lost.map(|lost| lost.times), Some(refused), "each loss is said");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lease_is_renewed_while_a_stretch_is_folded() {
    let log = log(40).await;
    let glass = Hourglass::new(Sand::Folding);
    let known = Known::none().and::<Waits>();
    let mut projector = projector(&log, &glass, known, Duration::from_millis(40));
    let all = log.length();
    assert_eq!(projector.step().await.unwrap(), Step::TookIn(all), "at the first attempt");
    assert_eq!((glass.tally("waits").await, glass.refused()), (all, 0));
    assert_eq!(projector.status().borrow().lost, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_lease_to_another_writes_nothing_waits_and_says_so() {
    let log = log(40).await;
    let glass = Hourglass::new(Sand::Another);
    let mut projector = projector(&log, &glass, Known::none().and::<Tally>(), LONG);
    assert_eq!(projector.step().await.unwrap(), Step::TookIn(0), "the lease was taken meanwhile");
    let build = Build { name: "tally".to_owned(), version: 1, number: 1 };
    let reply = glass.store.read(&build, Vec::new()).await.unwrap().unwrap();
    assert_eq!(reply.checkpoint.next, 0, "nothing was written");
    assert_eq!(projector.step().await.unwrap(), Step::AnotherFollows);
    let status = projector.status().borrow().clone();
    assert_eq!((status.duty, status.lost.map(|lost| lost.times)), (Duty::Waiting, Some(1)));
    glass.store.release_lease("another").await.unwrap();
    projector.catch_up().await.unwrap();
    assert_eq!(glass.tally("tally").await, log.length());
}
