//! The log's tree, checkpoints and exports: followed, signed, tampered with, checked by others.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips"
)]

mod exporting;
mod following;
mod others;
mod packing;
mod resuming;
mod serving;
mod signing;
mod tampering;
mod witnessing;
mod world;
