//! Several rings with the same keys over one stream: which event counts, what is destroyed everywhere, what
//! survives a crash, and which ring is not let in.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that meets the unexpected fails"
)]

mod counting;
mod crashing;
mod destroying;
mod interleaving;
mod refusing;
mod world;
