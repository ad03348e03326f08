//! In one process: a store after whose nth call, or before it, the projector is no more.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use event_log::EventLog;
use projections::store::{Answer, ApplyError, Ask, Batch, Build, Built, Reply, Store, StoreError};

use super::{Dice, fresh, holdings, process, projector, times};
use crate::{on_every_store, world::World};

/// How often a projector dies, on each store.
const DEATHS: u64 = 110; // and as many in processes of their own, and blows to the server

/// A store as a projector sees it that dies at a certain call: before it is made, or before its answer
/// is heard.
struct Mortal {
    store: Arc<dyn Store>,
    calls: AtomicU64,
    heard: bool,
    /// How long it may take to come to write, by chance: long enough for others to have gone on.
    dawdles: Option<Mutex<Dice>>,
}

impl Mortal {
    /// One that lives on, and dawdles.
    fn slow(store: &Arc<dyn Store>, seed: u64) -> Arc<Self> {
        let (store, calls) = (Arc::clone(store), AtomicU64::new(u64::MAX));
        Arc::new(Self { store, calls, heard: true, dawdles: Some(Mutex::new(Dice(seed))) })
    }

    /// Makes the call, unless this is where it ends.
    async fn call<T, E: From<StoreError>>(&self, call: Answer<'_, Result<T, E>>) -> Result<T, E> {
        let left = self
            .calls
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(1)));
        let dead = |doing| Err(StoreError { doing, cause: "this projector is dead".into() }.into());
        match left.unwrap_or_default() {
            0 => dead("nothing: it is dead"),
            1 if self.heard => {
                let _unheard = call.await;
                dead("dying before the answer")
            }
            1 => dead("dying before the call"),
            _ => call.await,
        }
    }
}

impl Store for Mortal {
    fn builds(&self) -> Answer<'_, Result<Vec<Built>, StoreError>> {
        Box::pin(self.call(self.store.builds()))
    }
    fn create<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<(), StoreError>> {
        Box::pin(self.call(self.store.create(build)))
    }
    fn apply(&self, batch: Batch) -> Answer<'_, Result<(), ApplyError>> {
        Box::pin(async move {
            if let Some(dice) = &self.dawdles {
                let wait = dice.lock().unwrap().below(12);
                tokio::time::sleep(Duration::from_millis(wait * wait)).await;
            }
            self.call(self.store.apply(batch)).await
        })
    }
    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<projections::store::Write>,
    ) -> Answer<'a, Result<(), ApplyError>> {
        Box::pin(self.call(self.store.amend(build, at, writes)))
    }
    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<Reply>, StoreError>> {
        Box::pin(self.call(self.store.read(build, asks)))
    }
    fn complete<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(self.call(self.store.complete(build)))
    }
    fn serve<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(self.call(self.store.serve(build)))
    }
    fn switch<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(self.call(self.store.switch(build)))
    }
    fn serving<'a>(&'a self, name: &'a str) -> Answer<'a, Result<Option<Build>, StoreError>> {
        Box::pin(self.call(self.store.serving(name)))
    }
    fn drop_build<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(self.call(self.store.drop_build(build)))
    }
    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<bool, StoreError>> {
        Box::pin(self.call(self.store.take_lease(holder, time)))
    }
    fn seize_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<(), StoreError>> {
        Box::pin(self.call(self.store.seize_lease(holder, time)))
    }
    fn release_lease<'a>(&'a self, holder: &'a str) -> Answer<'a, Result<(), StoreError>> {
        Box::pin(self.call(self.store.release_lease(holder)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projector_may_die_between_any_two_steps() {
    on_every_store(async |it| {
        let mut dice = Dice(0x5eed_2009);
        let mut world = World::in_log(EventLog::memory().unwrap(), 31).await;
        let mut died = 0;
        while died < times(DEATHS) {
            world.happen(5).await;
            let calls = AtomicU64::new(1 + dice.below(40));
            let heard = dice.below(2) == 0;
            let store = Arc::clone(&it.store);
            let mortal = Arc::new(Mortal { store, calls, heard, dawdles: None });
            // The same name each time: the lease of the dead would keep the next one waiting.
            if projector(&world.log, mortal, 1).catch_up().await.is_err() {
                died += 1;
            }
        }
        projector(&world.log, Arc::clone(&it.store), 1).catch_up().await.unwrap();
        assert_eq!(holdings(&*it.store).await, fresh(&world.log).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_projectors_at_once_change_nothing() {
    on_every_store(async |it| {
        let mut dice = Dice(0x5eed_0002);
        let mut world = World::in_log(EventLog::memory().unwrap(), 32).await;
        for turn in 0..4 {
            world.happen(150).await;
            // Of one name, so that both hold the lease: only the checkpoint stands between them.
            let (mut one, mut two) = (
                projector(&world.log, Mortal::slow(&it.store, 3 + turn), 1),
                projector(&world.log, Mortal::slow(&it.store, 77 + turn), 1),
            );
            let (one, two) = tokio::join!(one.catch_up(), two.catch_up());
            one.unwrap();
            two.unwrap();
        }
        it.store.release_lease(&uuid::Uuid::from_u128(1).to_string()).await.unwrap();
        // Of two names: one follows, the other waits and takes over.
        world.happen(60).await;
        let (mut one, mut two) = (
            projector(&world.log, Arc::clone(&it.store), process(&mut dice)),
            projector(&world.log, Arc::clone(&it.store), process(&mut dice)),
        );
        let (one, two) = tokio::join!(one.catch_up(), two.catch_up());
        one.unwrap();
        two.unwrap();
        assert_eq!(holdings(&*it.store).await, fresh(&world.log).await);
    })
    .await;
}
