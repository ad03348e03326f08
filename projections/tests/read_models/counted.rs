//! A store that counts what is asked of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use projections::store::{
    Answer, ApplyError, Ask, Batch, Build, Built, Reply, Store, StoreError, Write,
};

pub(crate) struct Counted {
    store: Arc<dyn Store>,
    asks: AtomicUsize,
    rows: AtomicUsize,
}

impl Counted {
    pub(crate) fn of(store: &Arc<dyn Store>) -> Arc<Self> {
        let (asks, rows) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { store: Arc::clone(store), asks, rows })
    }

    /// How many things were asked since this was asked last, and how many rows were answered.
    pub(crate) fn taken(&self) -> (usize, usize) {
        (self.asks.swap(0, Ordering::SeqCst), self.rows.swap(0, Ordering::SeqCst))
    }

    fn count(&self, asked: usize, reply: Option<&Reply>) {
        self.asks.fetch_add(asked, Ordering::SeqCst);
        let rows = reply.map_or(0, |reply| reply.answers.iter().map(Vec::len).sum());
        self.rows.fetch_add(rows, Ordering::SeqCst);
    }
}

impl Store for Counted {
    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<Reply>, StoreError>> {
        Box::pin(async move {
            let asked = asks.len();
            let reply = self.store.read(build, asks).await?;
            self.count(asked, reply.as_ref());
            Ok(reply)
        })
    }
    fn read_serving<'a>(
        &'a self,
        name: &'a str,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<(Build, Reply)>, StoreError>> {
        Box::pin(async move {
            let asked = asks.len();
            let spoken = self.store.read_serving(name, asks).await?;
            self.count(asked, spoken.as_ref().map(|(_, reply)| reply));
            Ok(spoken)
        })
    }

    fn builds(&self) -> Answer<'_, Result<Vec<Built>, StoreError>> {
        self.store.builds()
    }
    fn create<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<(), StoreError>> {
        self.store.create(build)
    }
    fn apply(&self, batch: Batch) -> Answer<'_, Result<(), ApplyError>> {
        self.store.apply(batch)
    }
    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<Write>,
    ) -> Answer<'a, Result<(), ApplyError>> {
        self.store.amend(build, at, writes)
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
    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<bool, StoreError>> {
        self.store.take_lease(holder, time)
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
