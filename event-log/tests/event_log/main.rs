//! The log over its stores: what a decision reads and writes, and what comes of it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that does not hold fails there"
)]

mod codec;
mod commit;
mod folds;
mod sealed;
mod subscription;
mod verification;
mod world;
