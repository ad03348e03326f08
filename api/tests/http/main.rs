//! The server over HTTP, as a client sees it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that finds anything unexpected fails"
)]

mod answers;
mod authentication;
mod by_the_clock;
mod commands;
mod concealment;
mod copies;
mod description;
mod erasure;
mod facets;
mod failing_closed;
mod feed;
mod idempotency;
mod keys_behind;
mod logs;
mod looking;
mod meanwhile;
mod preconditions;
mod problems;
mod process;
mod publishing;
mod rebuilding;
mod sets;
mod shielding;
mod sweeping;
mod tlog;
mod trail;
mod unusual;
mod world;
