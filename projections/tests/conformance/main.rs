//! What every store of read models promises, asked of both.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a promise that is not kept fails its test"
)]

mod beside;
mod killing;
mod leases;
mod reading;
mod server;
mod stores;
mod world;
mod writing;

use stores::everywhere;

/// Runs one test on every store.
async fn on_every_store<F: Future<Output = ()>>(test: impl Fn(stores::OneStore) -> F) {
    for store in everywhere() {
        test(store).await;
    }
}
